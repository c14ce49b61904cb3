//! 订单查询: by ID number and a code to the agent's phone (R117–R124). A stranger learns nothing (R126).

use super::DeskError;
use super::orders::CodeSent;
use journey::moment::Moment;
use journey::order::Standing;
use journey::party::Party;
use journey::service::Service;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// One line of 历史订单记录, newest first (R159).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderLine {
    pub number: String,
    pub service: Service,
    pub party: Party,
    pub standing: Standing,
    /// Masked where it is a person's.
    pub holder_name: String,
    pub opened_at: Moment,
    pub changed_at: Moment,
    /// The applicant has something to do: the line offers 继续 (R121).
    pub unfinished: bool,
    /// 经办人, masked, where several handle what is listed: whom the legal person asks (A49).
    #[serde(default)]
    pub agent: Option<String>,
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait QueryDesk: Send + Sync {
    async fn send_code(
        &self,
        caller: super::Caller,
        party: Party,
        id_number: String,
        phone: String,
    ) -> Result<CodeSent, DeskError>;
    async fn check_code(
        &self,
        caller: super::Caller,
        party: Party,
        id_number: String,
        code: String,
    ) -> Result<(), DeskError>;
    async fn list(&self, caller: super::Caller) -> Result<Vec<OrderLine>, DeskError>;
    async fn leave(&self, caller: super::Caller) -> Result<(), DeskError>;
}

/// Same answer whether the number is known or not. `phone` names one of several agents, or the legal person (A49); without
/// it the holder's agents are written to. The code is good for the visit that asked alone.
#[server(prefix = "/api", endpoint = "query/send", input = Json, output = Json)]
pub async fn send_query_code(
    party: Party,
    id_number: String,
    #[server(default)] phone: String,
) -> Result<CodeSent, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.query.send_code(caller, party, id_number, phone).await)
}

/// Opens the holder's orders (of this agent; to the legal person, all) to this visit.
#[server(prefix = "/api", endpoint = "query/check", input = Json, output = Json)]
pub async fn check_query_code(party: Party, id_number: String, code: String) -> Result<(), DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.query.check_code(caller, party, id_number, code).await)
}

/// The orders that this visit may see: its own and those that a query opened.
#[server(prefix = "/api", endpoint = "query/list", input = Json, output = Json)]
pub async fn list_orders() -> Result<Vec<OrderLine>, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.query.list(caller).await)
}

/// Ends the visit on a shared computer.
#[server(prefix = "/api", endpoint = "query/leave", input = Json, output = Json)]
pub async fn leave() -> Result<(), DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.query.leave(caller).await)
}
