//! 审核: the queue, one case side by side with its pictures, and the three verdicts.

use super::DeskError;
use super::orders::{EvidenceView, HistoryLine};
use journey::details::DetailsForm;
use journey::event::ReturnItem;
use journey::identity::IdentityMethod;
use journey::moment::Moment;
use journey::money::Fen;
use journey::order::Standing;
use journey::party::Party;
use journey::service::Service;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueueLine {
    pub number: String,
    pub service: Service,
    pub party: Party,
    pub standing: Standing,
    pub holder_name: String,
    /// Waiting since; the queue is sorted by what is due first.
    pub since: Moment,
    pub promise_due: Option<String>,
    /// Who has it on the desk, by name.
    pub claimed_by: Option<String>,
    pub mine: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseView {
    pub number: String,
    pub version: i64,
    pub service: Service,
    pub party: Party,
    pub standing: Standing,
    pub mine: bool,
    /// Masked unless `revealed` (R161).
    pub details: DetailsForm,
    pub revealed: bool,
    pub method: Option<IdentityMethod>,
    pub paid: Option<Fen>,
    pub evidence: Vec<EvidenceView>,
    pub promise_due: Option<String>,
    pub return_rounds: u8,
    pub history: Vec<HistoryLine>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// 通过
    Pass,
    /// 退回补正, item by item
    Return { items: Vec<ReturnItem> },
    /// 拒绝, with refund
    Reject { reason: String },
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait ReviewDesk: Send + Sync {
    async fn queue(&self, caller: super::Caller) -> Result<Vec<QueueLine>, DeskError>;
    async fn case(&self, caller: super::Caller, number: String) -> Result<CaseView, DeskError>;
    async fn claim(&self, caller: super::Caller, number: String) -> Result<CaseView, DeskError>;
    async fn release(&self, caller: super::Caller, number: String) -> Result<(), DeskError>;
    async fn reveal(
        &self,
        caller: super::Caller,
        number: String,
        reason: String,
    ) -> Result<CaseView, DeskError>;
    async fn decide(
        &self,
        caller: super::Caller,
        number: String,
        version: i64,
        verdict: Verdict,
    ) -> Result<(), DeskError>;
}

#[server(prefix = "/api", endpoint = "review/queue", input = Json, output = Json)]
pub async fn review_queue() -> Result<Vec<QueueLine>, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.review.queue(caller).await)
}

#[server(prefix = "/api", endpoint = "review/case", input = Json, output = Json)]
pub async fn review_case(number: String) -> Result<CaseView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.review.case(caller, number).await)
}

#[server(prefix = "/api", endpoint = "review/claim", input = Json, output = Json)]
pub async fn claim_review(number: String) -> Result<CaseView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.review.claim(caller, number).await)
}

#[server(prefix = "/api", endpoint = "review/release", input = Json, output = Json)]
pub async fn release_review(number: String) -> Result<(), DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.review.release(caller, number).await)
}

/// Shows the unmasked details; the reason is recorded (R161).
#[server(prefix = "/api", endpoint = "review/reveal", input = Json, output = Json)]
pub async fn reveal_details(number: String, reason: String) -> Result<CaseView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.review.reveal(caller, number, reason).await)
}

#[server(prefix = "/api", endpoint = "review/decide", input = Json, output = Json)]
pub async fn decide_review(number: String, version: i64, verdict: Verdict) -> Result<(), DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.review.decide(caller, number, version, verdict).await)
}
