//! The office's leave for what a page asks of a helper (`key::mandate`).

use super::DeskError;
use key::mandate::Given;
use key::message::Request;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// What a page is about when it asks a helper to do something. Which step an order stands at, the office knows itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Purpose {
    /// A step of this order: the producer's, or the applicant's whose visit may see it.
    Order { number: String },
    /// The holder of a certificate signs in, before any order is known.
    SignIn {},
    /// The holder of a key tests it (J35).
    TestKey {},
    /// The holder of a key chooses another PIN (K16).
    ChangePin {},
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait MandatesDesk: Send + Sync {
    async fn give(
        &self,
        caller: super::Caller,
        purpose: Purpose,
        request: Request,
        station_key: String,
    ) -> Result<Given, DeskError>;
}

/// A mandate for this very request, for the helper process whose station key (base64 SPKI, of `Hello`) is given. The
/// request comes without PINs (R129). Pages do not call this: `key_access::helper` does, for every verb that needs one.
#[server(prefix = "/api", endpoint = "mandates/give", input = Json, output = Json)]
pub async fn give_mandate(
    purpose: Purpose,
    request: Request,
    station_key: String,
) -> Result<Given, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.mandates.give(caller, purpose, request, station_key).await)
}
