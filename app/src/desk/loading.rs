//! A new generation onto the holder's own key (R065, R114): the pair made on it, the certificates issued, written beside the
//! old ones and read back, then the switch. Each step may be done again, and the office says where it goes on (B05).

use super::DeskError;
use super::orders::OrderView;
use super::production::{IssuedPair, PreparedPast, ReadBackProof};
use journey::moment::Moment;
use key::message::{EnvelopedPast, NameParts, SealedTo};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// What an order with a key in it is about; only for who has proven to be the holder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadingView {
    /// The medium that the order goes on with, and no other (R067).
    pub key_serial: String,
    pub holder_name: String,
    /// Of the certificate that the holder came with.
    pub old_serial: String,
    pub old_end: Moment,
    /// What a new certificate would end on if it were issued now, or does (R056, R057).
    pub new_end: Moment,
    pub stage: LoadingStage,
    /// Of a modification: names of the form's fields (R113).
    #[serde(default)]
    pub changed: Vec<String>,
    /// What was encrypted for the holder before: asked of the switched key, it must still open (B02).
    pub past: Vec<SealedTo>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadingStage {
    /// Not there yet: paid, checked or confirmed first.
    Before,
    /// The key is to make a pair.
    Make,
    /// The office has the request and issues.
    Issue,
    /// The certificates are issued, not yet proven beside the old ones.
    Write,
    /// Proven beside the old ones: the key is to switch.
    Switch,
    Done,
}

/// What the key needs for its request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextPaper {
    pub subject: NameParts,
    /// Hex.
    pub nonce: String,
}

/// What the key answered: base64.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextRequest {
    /// PKCS#10, signed with the next pair.
    pub request: String,
    /// Over `statement::next_made(nonce, serial, request)`, by the next pair and by the one in use.
    pub proof: String,
    pub endorsement: String,
}

/// What the switched key says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SwitchedProof {
    pub read: ReadBackProof,
    /// For each of `LoadingView::past`; null where the key does not hold that pair.
    pub past_proofs: Vec<Option<String>>,
    /// The answer to `Switched::Missing`.
    #[serde(default)]
    pub prepared: Option<PreparedPast>,
}

/// How the switch ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "switched", rename_all = "snake_case")]
pub enum Switched {
    /// The order as it now stands.
    Done { order: Box<OrderView> },
    /// The key does not hold so many pairs of before: it is to prepare places for them, then say so again.
    Missing { pairs: u8 },
    /// They go into the places prepared; then the key is read again.
    Brought { pairs: Vec<EnvelopedPast> },
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait LoadingDesk: Send + Sync {
    async fn look(&self, caller: super::Caller, number: String) -> Result<LoadingView, DeskError>;
    async fn make(
        &self,
        caller: super::Caller,
        number: String,
        key_serial: String,
    ) -> Result<NextPaper, DeskError>;
    async fn issue(
        &self,
        caller: super::Caller,
        number: String,
        key_serial: String,
        request: Option<NextRequest>,
    ) -> Result<IssuedPair, DeskError>;
    async fn written(
        &self,
        caller: super::Caller,
        number: String,
        proof: ReadBackProof,
    ) -> Result<(), DeskError>;
    async fn switched(
        &self,
        caller: super::Caller,
        number: String,
        proof: SwitchedProof,
    ) -> Result<Switched, DeskError>;
}

#[server(prefix = "/api", endpoint = "loading/look", input = Json, output = Json)]
pub async fn look_at_loading(number: String) -> Result<LoadingView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.loading.look(caller, number).await)
}

/// May be repeated; also after the certificates were issued, where the key has lost the pair.
#[server(prefix = "/api", endpoint = "loading/make", input = Json, output = Json)]
pub async fn ask_next_paper(number: String, key_serial: String) -> Result<NextPaper, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.loading.make(caller, number, key_serial).await)
}

/// Issues for the request that the key signed, or gives what is issued already (`None`).
#[server(prefix = "/api", endpoint = "loading/issue", input = Json, output = Json)]
pub async fn issue_next(
    number: String,
    key_serial: String,
    request: Option<NextRequest>,
) -> Result<IssuedPair, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.loading.issue(caller, number, key_serial, request).await)
}

/// The new pair is beside the old one and has proven itself (`Generation::Next`): the key may switch.
#[server(prefix = "/api", endpoint = "loading/written", input = Json, output = Json)]
pub async fn report_written(number: String, proof: ReadBackProof) -> Result<(), DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.loading.written(caller, number, proof).await)
}

/// The new pair is the one in use, and what was encrypted before still opens.
#[server(prefix = "/api", endpoint = "loading/switched", input = Json, output = Json)]
pub async fn report_switched(number: String, proof: SwitchedProof) -> Result<Switched, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.loading.switched(caller, number, proof).await)
}
