//! The certificate on the key in the port: what the office knows of it, what its holder may come for, and the order that
//! begins with it.

use super::DeskError;
use super::loading::SwitchedProof;
use journey::moment::Moment;
use journey::party::Party;
use journey::refusal::Refusal;
use journey::route::Route;
use journey::service::Service;
use key::message::SealedTo;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// What a certificate says of itself, and what the rules say to it. Shown without a PIN, so nothing else is inside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldView {
    /// Of the signing certificate, hex.
    pub serial: String,
    /// 证书名称 (R112).
    pub holder_name: String,
    pub party: Party,
    pub not_before: Moment,
    pub not_after: Moment,
    pub state: HeldState,
    /// By the office's clock (R155): each service a key opens, with the reason where it may not be had now (R055, R163).
    pub may: Vec<(Service, Option<Refusal>)>,
    /// Orders with this certificate that are not done, of those that this visit may see: service and number.
    pub open_order: Vec<(Service, String)>,
    /// The office's time.
    pub now: Moment,
}

impl HeldView {
    /// Why this service may not be had now; `None`: it may.
    pub fn refusal(&self, service: Service) -> Option<&Refusal> {
        self.may.iter().find(|(may, _)| *may == service).and_then(|(_, refusal)| refusal.as_ref())
    }

    /// The order of this service that goes on.
    pub fn open_number(&self, service: Service) -> Option<&str> {
        self.open_order.iter().find(|(open, _)| *open == service).map(|(_, number)| number.as_str())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldState {
    Good,
    Expired,
    /// 已挂失
    OnHold,
    Revoked,
}

/// What the key answered to a challenge: base64.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoginProof {
    pub key_serial: String,
    pub sign_certificate: String,
    /// Over `statement::login(origin, challenge)`.
    pub signature: String,
}

/// What a key is asked in a test (J35): everything that its holder will ask of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestPaper {
    /// Hex.
    pub nonce: String,
    /// SM2Cipher (base64) under the encryption certificate.
    pub sealed_challenge: String,
    /// Under the encryption certificates that this key had before (B02).
    pub past: Vec<SealedTo>,
    /// Goes back with the answer: what was asked, sealed by the office.
    pub token: String,
}

/// What came of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestResult {
    /// 签名 and 验签.
    pub signs: bool,
    /// 加密 and 解密.
    pub opens: bool,
    /// How many of so many certificates of before still open what was encrypted for them.
    pub past_opened: u32,
    pub past: u32,
    /// The certificates lead to the root.
    pub chain: bool,
    pub state: HeldState,
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait HeldDesk: Send + Sync {
    async fn look(&self, caller: super::Caller, sign_certificate: String) -> Result<HeldView, DeskError>;
    async fn start(
        &self,
        caller: super::Caller,
        service: Service,
        route: Route,
        sign_certificate: String,
        key_serial: String,
    ) -> Result<String, DeskError>;
    async fn challenge(&self, caller: super::Caller, number: String) -> Result<String, DeskError>;
    async fn log_in(
        &self,
        caller: super::Caller,
        number: String,
        proof: LoginProof,
    ) -> Result<String, DeskError>;
    async fn begin_test(&self, sign_certificate: String) -> Result<TestPaper, DeskError>;
    async fn end_test(&self, token: String, proof: SwitchedProof) -> Result<TestResult, DeskError>;
}

/// `sign_certificate`: base64 DER, as read from the key.
#[server(prefix = "/api", endpoint = "held/look", input = Json, output = Json)]
pub async fn look_at_certificate(sign_certificate: String) -> Result<HeldView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.held.look(caller, sign_certificate).await)
}

/// Opens an order of this service for the certificate on this key, or gives the one that this visit has opened before;
/// its number. `route`: the usual one, or a late renewal's (A20).
#[server(prefix = "/api", endpoint = "held/start", input = Json, output = Json)]
pub async fn start_with_certificate(
    service: Service,
    route: Route,
    sign_certificate: String,
    key_serial: String,
) -> Result<String, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.held.start(caller, service, route, sign_certificate, key_serial).await)
}

/// What the key is to sign for this order (hex), once and soon.
#[server(prefix = "/api", endpoint = "held/challenge", input = Json, output = Json)]
pub async fn ask_challenge(number: String) -> Result<String, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.held.challenge(caller, number).await)
}

/// The key has proven its holder: the order goes on with it. Gives the number to go on with, which is another one where the
/// holder has an open order of this service already (R133).
#[server(prefix = "/api", endpoint = "held/log_in", input = Json, output = Json)]
pub async fn log_in_with_key(number: String, proof: LoginProof) -> Result<String, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.held.log_in(caller, number, proof).await)
}

/// What the key with this certificate (base64 DER) is asked in a test. Nothing is changed by one.
#[server(prefix = "/api", endpoint = "held/test", input = Json, output = Json)]
pub async fn begin_key_test(sign_certificate: String) -> Result<TestPaper, DeskError> {
    let (desks, _) = super::Desks::here()?;
    desks.reply(desks.held.begin_test(sign_certificate).await)
}

/// What the key answered to the test.
#[server(prefix = "/api", endpoint = "held/test/check", input = Json, output = Json)]
pub async fn end_key_test(token: String, proof: SwitchedProof) -> Result<TestResult, DeskError> {
    let (desks, _) = super::Desks::here()?;
    desks.reply(desks.held.end_test(token, proof).await)
}
