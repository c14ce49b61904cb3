//! 挂失: by ID number and a code to the reserved phone, at any hour and without the key (B01). A stranger learns nothing
//! (R126). The record list is also where a replacement begins (R085 to R087, R102, R103).

use super::DeskError;
use super::orders::{CodeSent, OrderView};
use journey::IdentityDocument;
use journey::moment::Moment;
use journey::party::Party;
use journey::proof::ProofForm;
use journey::refusal::Refusal;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// One certificate record, as its holder sees it without the key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LostLine {
    /// Of the signing certificate, hex.
    pub serial: String,
    pub party: Party,
    /// Masked where it is a person's.
    pub holder_name: String,
    /// The last digits of the key's serial.
    pub key_serial: String,
    pub not_before: Moment,
    pub not_after: Moment,
    pub on_hold: bool,
    pub expired: bool,
    /// Less than 90 days left: the replacement keeps that end, and a renewal follows (A38).
    pub renewal_soon: bool,
    /// Why it is not replaced now (R133, A39).
    pub replace_refused: Option<Refusal>,
    /// The replacement that goes on, where this visit may see it.
    pub open_replacement: Option<String>,
    /// Of one on hold: why it is not resumed now (B01).
    pub resume_refused: Option<Refusal>,
}

/// Beside an order that resumes a certificate: which one, and whose identity is checked; masked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundView {
    pub certificate_name: String,
    /// Of the signing certificate, hex.
    pub serial: String,
    /// The legal person, or the holder.
    pub proven_name: String,
    pub proven_id: String,
    /// What that number is the number of: it decides which methods are open (A50, J41).
    pub proven_document: IdentityDocument,
    /// Why it cannot be resumed any more.
    pub refused: Option<Refusal>,
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait LostDesk: Send + Sync {
    async fn send_code(
        &self,
        caller: super::Caller,
        party: Party,
        id_number: String,
    ) -> Result<CodeSent, DeskError>;
    async fn check_code(
        &self,
        caller: super::Caller,
        party: Party,
        id_number: String,
        code: String,
    ) -> Result<(), DeskError>;
    async fn list(&self, caller: super::Caller) -> Result<Vec<LostLine>, DeskError>;
    async fn start_resumption(&self, caller: super::Caller, serial: String) -> Result<String, DeskError>;
    async fn view_found(&self, caller: super::Caller, number: String) -> Result<FoundView, DeskError>;
    async fn prove(
        &self,
        caller: super::Caller,
        number: String,
        version: i64,
        proof: ProofForm,
    ) -> Result<OrderView, DeskError>;
    async fn hold(&self, caller: super::Caller, serials: Vec<String>) -> Result<Vec<LostLine>, DeskError>;
}

/// Same answer whether the number is known or not.
#[server(prefix = "/api", endpoint = "lost/send", input = Json, output = Json)]
pub async fn send_lost_code(party: Party, id_number: String) -> Result<CodeSent, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.lost.send_code(caller, party, id_number).await)
}

/// Opens the certificates of this phone to this visit.
#[server(prefix = "/api", endpoint = "lost/check", input = Json, output = Json)]
pub async fn check_lost_code(party: Party, id_number: String, code: String) -> Result<(), DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.lost.check_code(caller, party, id_number, code).await)
}

/// The certificates that a code opened to this visit.
#[server(prefix = "/api", endpoint = "lost/list", input = Json, output = Json)]
pub async fn list_records() -> Result<Vec<LostLine>, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.lost.list(caller).await)
}

/// Puts each of these on hold with its pair.
#[server(prefix = "/api", endpoint = "lost/hold", input = Json, output = Json)]
pub async fn hold_certificates(serials: Vec<String>) -> Result<Vec<LostLine>, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.lost.hold(caller, serials).await)
}

/// The key was found: opens the order that resumes its certificate, or gives the number of the open one.
#[server(prefix = "/api", endpoint = "lost/found", input = Json, output = Json)]
pub async fn start_resumption(serial: String) -> Result<String, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.lost.start_resumption(caller, serial).await)
}

#[server(prefix = "/api", endpoint = "lost/found/view", input = Json, output = Json)]
pub async fn view_found(number: String) -> Result<FoundView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.lost.view_found(caller, number).await)
}

/// How identity is proven; what follows is the identity desk's.
#[server(prefix = "/api", endpoint = "lost/found/prove", input = Json, output = Json)]
pub async fn prove_found(number: String, version: i64, proof: ProofForm) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.lost.prove(caller, number, version, proof).await)
}
