//! 经办人变更 (B11): the legal person approves, the agent before may object for a day, then the codes go to the new agent.

use super::DeskError;
use super::orders::CodeSent;
use journey::moment::Moment;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// Masked: who handles the order now, and who is to approve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandOverView {
    pub agent_name: String,
    pub agent_phone: String,
    /// `None`: no reviewed order names it, so nobody can approve here.
    pub legal_person_phone: Option<String>,
    /// Orders that this agent handles for the holder: all of them go over.
    pub orders: u32,
    pub waiting: Option<Waiting>,
}

/// A change that may still be objected to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    pub name: String,
    pub phone: String,
    pub asked_at: Moment,
    pub ends_at: Moment,
}

/// Whose phone a code goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum CodeTo {
    LegalPerson,
    NewAgent { phone: String },
}

#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HandOverForm {
    pub name: String,
    pub phone: String,
    pub new_agent_code: String,
    pub legal_person_code: String,
}

/// Personal data and codes: never prints itself.
impl std::fmt::Debug for HandOverForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HandOverForm(…)")
    }
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait HandOverDesk: Send + Sync {
    async fn view(&self, caller: super::Caller, number: String) -> Result<HandOverView, DeskError>;
    async fn send_code(
        &self,
        caller: super::Caller,
        number: String,
        to: CodeTo,
    ) -> Result<CodeSent, DeskError>;
    async fn ask(
        &self,
        caller: super::Caller,
        number: String,
        form: HandOverForm,
    ) -> Result<HandOverView, DeskError>;
    async fn object(&self, caller: super::Caller, number: String) -> Result<HandOverView, DeskError>;
}

#[server(prefix = "/api", endpoint = "agent/view", input = Json, output = Json)]
pub async fn view_hand_over(number: String) -> Result<HandOverView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.hand_over.view(caller, number).await)
}

#[server(prefix = "/api", endpoint = "agent/code", input = Json, output = Json)]
pub async fn send_hand_over_code(number: String, to: CodeTo) -> Result<CodeSent, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.hand_over.send_code(caller, number, to).await)
}

/// 提交变更: with the codes of both phones.
#[server(prefix = "/api", endpoint = "agent/ask", input = Json, output = Json)]
pub async fn ask_hand_over(number: String, form: HandOverForm) -> Result<HandOverView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.hand_over.ask(caller, number, form).await)
}

/// 提出异议
#[server(prefix = "/api", endpoint = "agent/object", input = Json, output = Json)]
pub async fn object_hand_over(number: String) -> Result<HandOverView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.hand_over.object(caller, number).await)
}
