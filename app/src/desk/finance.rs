//! 财务: the designated account's statement, matched to orders (R083, A36).

use super::DeskError;
use super::error::FieldError;
use journey::moment::Moment;
use journey::money::Fen;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// A credit as it is entered; the bank's words, unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Credit {
    /// 交易流水号
    pub bank_number: String,
    /// `2026-11-22`
    pub booked_on: String,
    /// Yuan, `80.00`.
    pub amount: String,
    pub payer_name: String,
    pub payer_account: String,
    pub remark: String,
}

/// One line of the statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BankLine {
    pub id: String,
    pub bank_number: String,
    pub booked_on: String,
    pub amount: Fen,
    pub payer_name: String,
    pub payer_account: String,
    pub remark: String,
    pub state: LineState,
    /// The order that has it, or the one that its remark or its payer points to.
    pub order: Option<Candidate>,
    pub decided_by: Option<String>,
    pub why: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineState {
    Open,
    Matched,
    PutAside,
}

/// An order that waits for a transfer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    pub number: String,
    pub holder_name: String,
    pub reference: String,
    pub due: Option<Fen>,
    pub paid: bool,
    pub step: String,
    /// What differs between line and order.
    pub differs: Vec<Difference>,
    /// Other orders that uploaded the very same voucher.
    pub same_voucher: Vec<String>,
    pub voucher_id: Option<String>,
    pub opened_at: Moment,
}

/// Why a person must look (voucher rows of the boundary cases).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    Short,
    Over,
    Name,
    /// The remark does not carry the order's reference.
    Reference,
    SameVoucher,
    /// The order has its money already.
    Paid,
    /// The form has not been entered: nothing is due yet.
    NotDue,
}

/// Money that goes back to where it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RefundLine {
    pub number: String,
    pub amount: Fen,
    pub payer_name: String,
    pub payer_account: String,
    pub bank_number: String,
    pub since: Moment,
}

/// A replacement that cannot be made: what it replaces ended after the review (A38, A39).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EndedOrder {
    pub number: String,
    /// Masked where it is a person's.
    pub holder_name: String,
    pub ended_at: Moment,
    pub step: String,
    /// What goes back, where it was paid.
    pub paid: Option<Fen>,
}

/// Everything on the finance desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FinanceView {
    pub lines: Vec<BankLine>,
    /// Orders whose transfer has not been found.
    pub waiting: Vec<Candidate>,
    pub refunds: Vec<RefundLine>,
    pub ended: Vec<EndedOrder>,
}

/// What an import did, line by line where it did not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    pub entered: u32,
    /// On the desk before.
    pub known: u32,
    /// Line of the file, and what is wrong with it first.
    pub refused: Vec<(u32, FieldError)>,
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait FinanceDesk: Send + Sync {
    async fn view(&self, caller: super::Caller) -> Result<FinanceView, DeskError>;
    async fn enter(&self, caller: super::Caller, credit: Credit) -> Result<FinanceView, DeskError>;
    async fn import(&self, caller: super::Caller, text: String) -> Result<Imported, DeskError>;
    async fn settle(
        &self,
        caller: super::Caller,
        line: String,
        number: String,
        why: String,
    ) -> Result<FinanceView, DeskError>;
    async fn put_aside(
        &self,
        caller: super::Caller,
        line: String,
        why: String,
    ) -> Result<FinanceView, DeskError>;
    async fn discontinue(&self, caller: super::Caller, number: String) -> Result<FinanceView, DeskError>;
    async fn refunded(&self, caller: super::Caller, bank_number: String) -> Result<FinanceView, DeskError>;
}

#[server(prefix = "/api", endpoint = "finance/view", input = Json, output = Json)]
pub async fn view_finance() -> Result<FinanceView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.finance.view(caller).await)
}

#[server(prefix = "/api", endpoint = "finance/enter", input = Json, output = Json)]
pub async fn enter_credit(credit: Credit) -> Result<FinanceView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.finance.enter(caller, credit).await)
}

/// CSV with a heading: 交易流水号, 入账日期, 金额, 付款户名, 付款账号, 附言.
#[server(prefix = "/api", endpoint = "finance/import", input = Json, output = Json)]
pub async fn import_statement(text: String) -> Result<Imported, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.finance.import(caller, text).await)
}

/// 确认到账. `why` where name or reference differs.
#[server(prefix = "/api", endpoint = "finance/match", input = Json, output = Json)]
pub async fn match_line(line: String, number: String, why: String) -> Result<FinanceView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.finance.settle(caller, line, number, why).await)
}

/// The line belongs to no order.
#[server(prefix = "/api", endpoint = "finance/put_aside", input = Json, output = Json)]
pub async fn put_line_aside(line: String, why: String) -> Result<FinanceView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.finance.put_aside(caller, line, why).await)
}

/// 已退款: the money went back by the bank.
#[server(prefix = "/api", endpoint = "finance/refunded", input = Json, output = Json)]
pub async fn refund_sent(bank_number: String) -> Result<FinanceView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.finance.refunded(caller, bank_number).await)
}

/// 终止并退款: a replacement of what has ended.
#[server(prefix = "/api", endpoint = "finance/discontinue", input = Json, output = Json)]
pub async fn discontinue_order(number: String) -> Result<FinanceView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.finance.discontinue(caller, number).await)
}
