//! 身份核验: where the check of an order stands, and the authorisation code that proves it (R072, A28).

use super::DeskError;
use super::orders::{CodeSent, OrderView};
use journey::identity::{AuthorisationChannel, IdentityMethod};
use journey::moment::Moment;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IdentityView {
    pub method: IdentityMethod,
    pub channel: AuthorisationChannel,
    /// Masked: the phone or account that the code goes to.
    pub sent_to: String,
    pub state: CheckState,
    /// Why it waits or has failed; its sentence is in `wording::identity`.
    pub reason: Option<String>,
    /// Until when the remark's code is good.
    pub ends_at: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// The provider is asked.
    Asking,
    /// The transfer is on its way.
    Sending,
    /// The code has left.
    Sent,
    /// 返回修改 or another method.
    Failed,
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait IdentityDesk: Send + Sync {
    async fn view(&self, caller: super::Caller, number: String) -> Result<Option<IdentityView>, DeskError>;
    async fn send_again(&self, caller: super::Caller, number: String) -> Result<CodeSent, DeskError>;
    async fn enter(
        &self,
        caller: super::Caller,
        number: String,
        code: String,
    ) -> Result<OrderView, DeskError>;
}

/// `None` where the order does not stand at its identity check.
#[server(prefix = "/api", endpoint = "identity/view", input = Json, output = Json)]
pub async fn view_identity(number: String) -> Result<Option<IdentityView>, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.identity.view(caller, number).await)
}

/// Another code to the checked phone.
#[server(prefix = "/api", endpoint = "identity/send", input = Json, output = Json)]
pub async fn send_authorisation(number: String) -> Result<CodeSent, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.identity.send_again(caller, number).await)
}

#[server(prefix = "/api", endpoint = "identity/enter", input = Json, output = Json)]
pub async fn enter_authorisation(number: String, code: String) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.identity.enter(caller, number, code).await)
}
