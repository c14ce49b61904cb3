//! 个人信息: the ledger of an order's data (B15): what was agreed to, who looked at what and why, how long it is kept; and
//! taking the consent back.

use super::DeskError;
use super::orders::OrderView;
use journey::moment::Moment;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrivacyView {
    /// Each version of the agreement that was ticked, oldest first (R151).
    pub agreed: Vec<Agreed>,
    pub withdrawn_at: Option<Moment>,
    /// Taking the consent back ends the order; otherwise it has gone too far for that.
    pub ends_the_order: bool,
    /// Newest first.
    pub looks: Vec<Looked>,
    /// Five years after the holder's last certificate ends; `None` while there is none (R160).
    pub kept_until: Option<Moment>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreed {
    pub version: String,
    pub at: Moment,
}

/// A member of staff looked; told by role, not by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Looked {
    pub at: Moment,
    /// A role's code; empty where it is not known any more.
    pub role: String,
    /// `details`, or the code of an upload's kind.
    pub what: String,
    /// `review`, or what was typed as the reason.
    pub why: String,
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait PrivacyDesk: Send + Sync {
    async fn ledger(&self, caller: super::Caller, number: String) -> Result<PrivacyView, DeskError>;
    async fn withdraw_consent(
        &self,
        caller: super::Caller,
        number: String,
        version: i64,
    ) -> Result<OrderView, DeskError>;
}

#[server(prefix = "/api", endpoint = "privacy/ledger", input = Json, output = Json)]
pub async fn privacy_ledger(number: String) -> Result<PrivacyView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.privacy.ledger(caller, number).await)
}

/// 撤回同意: what follows is said on the page before.
#[server(prefix = "/api", endpoint = "privacy/withdraw", input = Json, output = Json)]
pub async fn withdraw_consent(number: String, version: i64) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.privacy.withdraw_consent(caller, number, version).await)
}
