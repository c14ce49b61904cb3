//! 证书管理: finding issued certificates, their life so far, and suspending, resuming or revoking them.

use super::DeskError;
use journey::moment::Moment;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// What was issued together: two certificates of a key, or one for both uses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairView {
    /// The order's number, or a partner's name and its own number.
    pub case: IssuedFor,
    /// Signing first.
    pub certificates: Vec<RecordView>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum IssuedFor {
    Order { number: String },
    Partner { name: String, number: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// A serial is taken, nothing is signed.
    Reserved,
    /// Not yet proven on its key.
    Signed,
    Active,
    OnHold,
    Revoked,
    Discarded,
}

/// One certificate as the office keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordView {
    pub serial: String,
    /// The authority's name in the store.
    pub issuer: String,
    pub profile: String,
    /// `sign`, `encrypt`, `single`.
    pub slot: String,
    pub state: RecordState,
    /// Empty where no UKEY is known.
    pub key_serial: String,
    /// Masked where it is a person's; empty until it is signed.
    pub holder: String,
    pub recorded_at: Moment,
    pub not_before: Option<Moment>,
    pub not_after: Option<Moment>,
    /// Since when it is on hold or revoked, and why.
    pub status_at: Option<Moment>,
    pub reason: Option<String>,
    pub sm3: Option<String>,
    pub life: Vec<LifeView>,
}

/// One change of standing, the first first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LifeView {
    /// `good`, `on_hold`, `revoked`
    pub status: String,
    pub reason: Option<String>,
    pub at: Moment,
    pub by: String,
    pub why: String,
}

/// What a registrar does with a pair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum LifeAct {
    Suspend,
    Resume,
    /// For ever; wants the number on the authenticator once more.
    Revoke {
        reason: String,
        one_time_code: String,
    },
}

/// Reasons for which a holder's certificate is revoked, as `wording::trust::reason_title` knows them.
pub const REASONS: [&str; 5] =
    ["key_compromise", "affiliation_changed", "superseded", "cessation_of_operation", "privilege_withdrawn"];

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait RegistrarDesk: Send + Sync {
    async fn find(&self, caller: super::Caller, query: String) -> Result<Vec<PairView>, DeskError>;
    async fn change(
        &self,
        caller: super::Caller,
        serial: String,
        act: LifeAct,
        why: String,
    ) -> Result<Vec<PairView>, DeskError>;
}

/// By serial (hexadecimal, with or without colons and spaces), order number, or the key's serial.
#[server(prefix = "/api", endpoint = "registrar/find", input = Json, output = Json)]
pub async fn find_certificates(query: String) -> Result<Vec<PairView>, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.registrar.find(caller, query).await)
}

/// The certificate of this serial and what was issued together with it; gives the pair as it then stands.
#[server(prefix = "/api", endpoint = "registrar/change", input = Json, output = Json)]
pub async fn change_certificates(
    serial: String,
    act: LifeAct,
    why: String,
) -> Result<Vec<PairView>, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.registrar.change(caller, serial, act, why).await)
}
