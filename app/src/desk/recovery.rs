//! 司法密钥恢复: an authority's document opens a case, custodians approve it one by one, and only then the filer fetches
//! the holder's encryption pair, sealed to the authority's key (GM/T 0034, 12.5).

use super::DeskError;
use journey::moment::Moment;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// How a case stands; worked out from its record each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseStanding {
    /// For custodians.
    Waiting,
    /// Enough of them have approved; nothing was made yet.
    Approved,
    Released,
    Refused,
    Expired,
    /// The record is not the one that the office wrote.
    Broken,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecoveryLine {
    pub number: String,
    pub authority: String,
    pub document_number: String,
    pub standing: CaseStanding,
    pub approvals: u32,
    pub needed: u32,
    pub filed_by: String,
    pub filed_at: Moment,
    pub ends_at: Moment,
    /// Filed by who asks.
    pub mine: bool,
    /// Who asks may approve it now.
    pub may_approve: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecoveryCase {
    pub line: RecoveryLine,
    /// 2026-11-22
    pub document_on: String,
    /// Where the document lies.
    pub reference: String,
    pub reason: String,
    /// As the filer typed it: a serial number, or a holder's.
    pub target: String,
    pub pairs: Vec<RecoveryPair>,
    /// Of the receiver's certificate; none where only a key was given.
    pub receiver_name: Option<String>,
    /// The name is of a certificate of this office; of any other it is the filer's word alone.
    pub receiver_verified: bool,
    /// SM3 of the receiver's public key, hex.
    pub receiver_fingerprint: String,
    pub record: Vec<RecordLine>,
    pub may_refuse: bool,
    pub may_fetch: bool,
}

/// A pair that the case asks for, by its encryption certificate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecoveryPair {
    pub serial: String,
    pub holder: String,
    pub not_before: Moment,
    pub not_after: Moment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    Filed,
    Approved,
    Refused,
    Released,
    Fetched,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordLine {
    pub at: Moment,
    pub by: String,
    pub what: RecordKind,
    pub note: String,
}

/// What the filer types.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecoveryForm {
    pub authority: String,
    pub document_number: String,
    /// 2026-11-22
    pub document_on: String,
    pub reference: String,
    /// A certificate's serial number (hex), a credit code, or an ID number.
    pub target: String,
    /// The receiver's SM2 certificate or public key, PEM or base64 DER.
    pub receiver: String,
    pub reason: String,
}

/// Why a case does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecoveryRefusal {
    /// Not the number that the custodian's authenticator shows, or one that was used.
    CodeWrong,
    /// Who files a case does not approve it.
    OwnCase,
    ApprovedAlready,
    /// Refused, expired or released: it waits for nobody.
    Closed,
    /// Too few custodians have approved.
    NotApproved,
    /// Only who filed it fetches what was released.
    NotTheFiler,
    /// The record is not the one that the office wrote.
    RecordBroken,
}

impl RecoveryRefusal {
    pub const ALL: [RecoveryRefusal; 7] = [
        RecoveryRefusal::CodeWrong,
        RecoveryRefusal::OwnCase,
        RecoveryRefusal::ApprovedAlready,
        RecoveryRefusal::Closed,
        RecoveryRefusal::NotApproved,
        RecoveryRefusal::NotTheFiler,
        RecoveryRefusal::RecordBroken,
    ];

    pub fn code(self) -> &'static str {
        match self {
            RecoveryRefusal::CodeWrong => "recovery_code_wrong",
            RecoveryRefusal::OwnCase => "recovery_own_case",
            RecoveryRefusal::ApprovedAlready => "recovery_approved_already",
            RecoveryRefusal::Closed => "recovery_closed",
            RecoveryRefusal::NotApproved => "recovery_not_approved",
            RecoveryRefusal::NotTheFiler => "recovery_not_the_filer",
            RecoveryRefusal::RecordBroken => "recovery_record_broken",
        }
    }
}

/// Where the filer fetches what was released.
pub fn package_path(number: &str) -> String {
    format!("/files/recovery/{number}")
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait RecoveryDesk: Send + Sync {
    async fn list(&self, caller: super::Caller) -> Result<Vec<RecoveryLine>, DeskError>;
    async fn case(&self, caller: super::Caller, number: String) -> Result<RecoveryCase, DeskError>;
    async fn file(&self, caller: super::Caller, form: RecoveryForm) -> Result<String, DeskError>;
    async fn approve(
        &self,
        caller: super::Caller,
        number: String,
        one_time_code: String,
    ) -> Result<RecoveryCase, DeskError>;
    async fn refuse(
        &self,
        caller: super::Caller,
        number: String,
        reason: String,
    ) -> Result<RecoveryCase, DeskError>;
}

#[server(prefix = "/api", endpoint = "recovery/list", input = Json, output = Json)]
pub async fn list_recoveries() -> Result<Vec<RecoveryLine>, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.recovery.list(caller).await)
}

#[server(prefix = "/api", endpoint = "recovery/case", input = Json, output = Json)]
pub async fn load_recovery(number: String) -> Result<RecoveryCase, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.recovery.case(caller, number).await)
}

/// Opens a case and gives its number.
#[server(prefix = "/api", endpoint = "recovery/file", input = Json, output = Json)]
pub async fn file_recovery(form: RecoveryForm) -> Result<String, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.recovery.file(caller, form).await)
}

/// The number on the authenticator once more: a session that somebody found open approves nothing.
#[server(prefix = "/api", endpoint = "recovery/approve", input = Json, output = Json)]
pub async fn approve_recovery(number: String, one_time_code: String) -> Result<RecoveryCase, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.recovery.approve(caller, number, one_time_code).await)
}

/// Ends a case; of the filer it is a withdrawal.
#[server(prefix = "/api", endpoint = "recovery/refuse", input = Json, output = Json)]
pub async fn refuse_recovery(number: String, reason: String) -> Result<RecoveryCase, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.recovery.refuse(caller, number, reason).await)
}
