//! 证书补办: what it costs and how it is paid before it begins (A34), the order that begins with a certificate record
//! (R087, R104), and the signature without the key (A41).

use super::DeskError;
use super::orders::{CodeSent, OrderView};
use journey::moment::Moment;
use journey::money::Fen;
use journey::party::Party;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// 办理说明
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    pub open: bool,
    pub price: Fen,
    pub promise_working_days: u8,
    /// Where the transfer goes, for an organisation (R083, R097).
    pub account: Option<Account>,
}

/// The designated account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub name: String,
    pub bank: String,
    pub number: String,
}

/// What a replacement knows beside its order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplacementView {
    /// The certificate that is replaced: its serial, and the end that the new one keeps (A38).
    pub sign_serial: String,
    pub not_after: Moment,
    /// Less than 90 days left: a renewal follows.
    pub renewal_soon: bool,
    pub on_hold: bool,
    pub price: Fen,
    pub account: Option<Account>,
    /// 汇款附言码
    pub reference: Option<String>,
    /// Finance has found the transfer.
    pub transferred: bool,
    /// What is signed, sentence by sentence.
    pub statement: Vec<String>,
    /// Whose name a typed signature must be: masked.
    pub signer: String,
    pub signed: Option<SignedView>,
}

/// The signed application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignedView {
    pub signed_at: Moment,
    /// The sealed document, once it is made.
    pub pdf_path: Option<String>,
}

/// Width and height of the field that is drawn in.
pub const FIELD: (u16, u16) = (600, 240);

/// How the application is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Mark {
    /// With finger or mouse: points within [`FIELD`], stroke by stroke.
    Drawn { strokes: Vec<Vec<(u16, u16)>> },
    /// With the keyboard: the signer's own name.
    Typed { name: String },
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait ReplacementDesk: Send + Sync {
    async fn terms(&self, party: Party) -> Result<Terms, DeskError>;
    async fn reference(&self, caller: super::Caller) -> Result<String, DeskError>;
    async fn start(
        &self,
        caller: super::Caller,
        serial: String,
        suspend: bool,
        reference: String,
    ) -> Result<String, DeskError>;
    async fn view(&self, caller: super::Caller, number: String) -> Result<ReplacementView, DeskError>;
    async fn send_code(&self, caller: super::Caller, number: String) -> Result<CodeSent, DeskError>;
    async fn sign(
        &self,
        caller: super::Caller,
        number: String,
        version: i64,
        mark: Mark,
        code: String,
    ) -> Result<OrderView, DeskError>;
}

#[server(prefix = "/api", endpoint = "replacement/terms", input = Json, output = Json)]
pub async fn replacement_terms(party: Party) -> Result<Terms, DeskError> {
    let (desks, _) = super::Desks::here()?;
    desks.reply(desks.replacement.terms(party).await)
}

/// The reference for the transfer's remark: the same one for this visit until an order has it.
#[server(prefix = "/api", endpoint = "replacement/reference", input = Json, output = Json)]
pub async fn remittance_reference() -> Result<String, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.replacement.reference(caller).await)
}

/// 补办: opens the order for this record, with the reference that the transfer carries or an empty one.
#[server(prefix = "/api", endpoint = "replacement/start", input = Json, output = Json)]
pub async fn start_replacement(
    serial: String,
    suspend: bool,
    reference: String,
) -> Result<String, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.replacement.start(caller, serial, suspend, reference).await)
}

#[server(prefix = "/api", endpoint = "replacement/view", input = Json, output = Json)]
pub async fn view_replacement(number: String) -> Result<ReplacementView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.replacement.view(caller, number).await)
}

/// Sends the code that goes with the signature.
#[server(prefix = "/api", endpoint = "replacement/code", input = Json, output = Json)]
pub async fn send_signature_code(number: String) -> Result<CodeSent, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.replacement.send_code(caller, number).await)
}

/// 签名验证 (R095), 签名确认 (R105).
#[server(prefix = "/api", endpoint = "replacement/sign", input = Json, output = Json)]
pub async fn sign_application(
    number: String,
    version: i64,
    mark: Mark,
    code: String,
) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.replacement.sign(caller, number, version, mark, code).await)
}
