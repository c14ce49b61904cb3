//! What an applicant may do about an order beside moving it: the password and the invoice once more, saying why it is
//! withdrawn.

use super::DeskError;
use super::orders::{CodeSent, OrderView};
use journey::moment::Moment;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// Where the password is (R122, B27); never the password itself (R129).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PasscodeView {
    /// Each message, or the one transfer, that carried it; oldest first.
    pub sendings: Vec<Sending>,
    /// How often it may still be sent.
    pub again_left: u8,
    /// Not before this moment.
    pub again_at: Option<Moment>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sending {
    /// When it was sent, or has arrived; `None` while the bank has it.
    pub at: Option<Moment>,
    pub delivery: Delivery,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// With the carrier or the bank.
    Sent,
    Delivered,
    Failed,
}

/// An invoice that was asked for once more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvoiceCopy {
    /// `a****@example.cn`
    pub mailbox: String,
    pub asked_at: Moment,
    pub sent_at: Option<Moment>,
    pub failed: Option<String>,
}

/// An invoice that was taken back (A53).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReversedView {
    pub at: Moment,
    /// `None`: reversed in the books alone, before red letters were kept.
    pub red: Option<RedLetterView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RedLetterView {
    pub number: String,
    pub pdf_path: String,
    pub xml_path: String,
}

/// Why an order is withdrawn, if its applicant cares to say (R142).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawReason {
    NotNeeded,
    Mistake,
    Twice,
    TooSlow,
    Other,
}

impl WithdrawReason {
    pub const ALL: [WithdrawReason; 5] = [
        WithdrawReason::NotNeeded,
        WithdrawReason::Mistake,
        WithdrawReason::Twice,
        WithdrawReason::TooSlow,
        WithdrawReason::Other,
    ];

    pub fn code(self) -> &'static str {
        match self {
            WithdrawReason::NotNeeded => "not_needed",
            WithdrawReason::Mistake => "mistake",
            WithdrawReason::Twice => "twice",
            WithdrawReason::TooSlow => "too_slow",
            WithdrawReason::Other => "other",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            WithdrawReason::NotNeeded => "不再需要证书",
            WithdrawReason::Mistake => "信息填写有误",
            WithdrawReason::Twice => "重复申请",
            WithdrawReason::TooSlow => "等待时间过长",
            WithdrawReason::Other => "其他",
        }
    }
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait FollowUpDesk: Send + Sync {
    async fn passcode_again(&self, caller: super::Caller, number: String) -> Result<OrderView, DeskError>;
    async fn invoice_again(&self, caller: super::Caller, number: String) -> Result<OrderView, DeskError>;
    async fn send_mailbox_code(&self, caller: super::Caller, number: String) -> Result<CodeSent, DeskError>;
    async fn invoice_elsewhere(
        &self,
        caller: super::Caller,
        number: String,
        mailbox: String,
        code: String,
    ) -> Result<OrderView, DeskError>;
    async fn withdraw(
        &self,
        caller: super::Caller,
        number: String,
        version: i64,
        reason: Option<WithdrawReason>,
    ) -> Result<OrderView, DeskError>;
}

/// 重新发送: the same password by the same channel, so often and so far apart (B27).
#[server(prefix = "/api", endpoint = "orders/passcode/again", input = Json, output = Json)]
pub async fn send_passcode_again(number: String) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.follow_up.passcode_again(caller, number).await)
}

/// The invoice to the reserved mailbox once more.
#[server(prefix = "/api", endpoint = "orders/invoice/again", input = Json, output = Json)]
pub async fn send_invoice_again(number: String) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.follow_up.invoice_again(caller, number).await)
}

/// A code to the agent's phone, before the invoice goes to another mailbox.
#[server(prefix = "/api", endpoint = "orders/invoice/code", input = Json, output = Json)]
pub async fn send_mailbox_code(number: String) -> Result<CodeSent, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.follow_up.send_mailbox_code(caller, number).await)
}

/// The invoice to another mailbox, this once; the reserved one stays.
#[server(prefix = "/api", endpoint = "orders/invoice/elsewhere", input = Json, output = Json)]
pub async fn send_invoice_elsewhere(
    number: String,
    mailbox: String,
    code: String,
) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.follow_up.invoice_elsewhere(caller, number, mailbox, code).await)
}

/// 撤回申请 with a reason, or without one (R142, A54).
#[server(prefix = "/api", endpoint = "orders/withdraw", input = Json, output = Json)]
pub async fn withdraw_order(
    number: String,
    version: i64,
    reason: Option<WithdrawReason>,
) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.follow_up.withdraw(caller, number, version, reason).await)
}
