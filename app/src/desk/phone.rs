//! The phone as a second screen (B26): a QR on the desktop's page opens the same step on the phone, for photos and the
//! signature. The link is good once, for one order at one step, as long as the visit that made it; the secret stands behind
//! the `#` of its address, so that it is in no log and no referrer.

use super::DeskError;
use journey::moment::Moment;
use journey::step::Step;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// The steps that a phone may take over.
pub fn is_for_phones(step: Step) -> bool {
    matches!(step, Step::Evidence | Step::Signature)
}

/// The phone's page; the secret follows as its fragment.
pub const PHONE_PATH: &str = "/phone";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhoneLink {
    /// What the QR says.
    pub url: String,
    pub ends_at: Moment,
}

/// What the desktop sees of its phone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhoneState {
    /// When a phone opened the link; `None`: it waits to be scanned.
    pub opened_at: Option<Moment>,
    pub ends_at: Moment,
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait PhoneDesk: Send + Sync {
    async fn link(&self, caller: super::Caller, number: String) -> Result<PhoneLink, DeskError>;
    async fn state(&self, caller: super::Caller, number: String) -> Result<Option<PhoneState>, DeskError>;
    async fn revoke(&self, caller: super::Caller, number: String) -> Result<(), DeskError>;
    async fn open(&self, caller: super::Caller, secret: String) -> Result<String, DeskError>;
    async fn close(&self, caller: super::Caller) -> Result<(), DeskError>;
}

/// A fresh link for the order at its step; an earlier one is dead.
#[server(prefix = "/api", endpoint = "phone/link", input = Json, output = Json)]
pub async fn link_phone(number: String) -> Result<PhoneLink, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.phone.link(caller, number).await)
}

/// The link that lives, if one does.
#[server(name = AskPhoneState, prefix = "/api", endpoint = "phone/state", input = Json, output = Json)]
pub async fn phone_state(number: String) -> Result<Option<PhoneState>, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.phone.state(caller, number).await)
}

/// Ends the link, whether or not a phone has opened it.
#[server(prefix = "/api", endpoint = "phone/revoke", input = Json, output = Json)]
pub async fn revoke_phone(number: String) -> Result<(), DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.phone.revoke(caller, number).await)
}

/// The phone shows the secret of the link, once; gives the order's number.
#[server(prefix = "/api", endpoint = "phone/open", input = Json, output = Json)]
pub async fn open_phone(secret: String) -> Result<String, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.phone.open(caller, secret).await)
}

/// The phone is done.
#[server(prefix = "/api", endpoint = "phone/close", input = Json, output = Json)]
pub async fn close_phone() -> Result<(), DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.phone.close(caller).await)
}
