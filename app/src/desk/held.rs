//! The certificate on the key in the port: what the office knows of it, what its holder may come for, and the order that
//! begins with it.

use super::DeskError;
use journey::moment::Moment;
use journey::party::Party;
use journey::refusal::Refusal;
use journey::service::Service;
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

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait HeldDesk: Send + Sync {
    async fn look(&self, caller: super::Caller, sign_certificate: String) -> Result<HeldView, DeskError>;
    async fn start(
        &self,
        caller: super::Caller,
        service: Service,
        sign_certificate: String,
        key_serial: String,
    ) -> Result<String, DeskError>;
}

/// `sign_certificate`: base64 DER, as read from the key.
#[server(prefix = "/api", endpoint = "held/look", input = Json, output = Json)]
pub async fn look_at_certificate(sign_certificate: String) -> Result<HeldView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.held.look(caller, sign_certificate).await)
}

/// Opens an order of this service for the certificate on this key, or gives the one that this visit has opened before;
/// its number.
#[server(prefix = "/api", endpoint = "held/start", input = Json, output = Json)]
pub async fn start_with_certificate(
    service: Service,
    sign_certificate: String,
    key_serial: String,
) -> Result<String, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.held.start(caller, service, sign_certificate, key_serial).await)
}
