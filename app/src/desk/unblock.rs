//! 证书解锁: the key is shown, its holder confirmed, and the key given a new PIN that never comes here (R068 to R082).

use super::DeskError;
use super::orders::OrderView;
use journey::IdentityDocument;
use journey::moment::Moment;
use journey::proof::ProofForm;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// Beside the order: the key it is about, and what is checked. Nobody has proven anything yet, so all of it is masked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnblockView {
    pub key_serial: String,
    /// 证书名称
    pub certificate_name: String,
    pub not_after: Option<Moment>,
    /// No unblock of this medium was proven by identity yet (A25).
    pub first: bool,
    pub agent_name: String,
    /// 预留手机
    pub agent_phone: String,
    /// Whose identity the methods check: the legal person's, or the holder's own.
    pub proven_name: String,
    pub proven_id: String,
    /// What that number is the number of: it decides which methods are open (A50, J41).
    pub proven_document: IdentityDocument,
}

/// `key::authorisation::Authorisation`, sealed to the station that holds the key: the page cannot read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// SM2Cipher, base64.
    pub sealed: String,
}

/// What the key says when it has its new PIN.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnblockProof {
    pub key_serial: String,
    /// Signature (base64) over `statement::unblocked`.
    pub signature: String,
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait UnblockDesk: Send + Sync {
    async fn view(&self, caller: super::Caller, number: String) -> Result<UnblockView, DeskError>;
    async fn present(
        &self,
        caller: super::Caller,
        number: String,
        key_serial: String,
    ) -> Result<OrderView, DeskError>;
    async fn enter(
        &self,
        caller: super::Caller,
        number: String,
        version: i64,
        proof: Option<ProofForm>,
    ) -> Result<OrderView, DeskError>;
    async fn take_other_way(
        &self,
        caller: super::Caller,
        number: String,
        version: i64,
    ) -> Result<OrderView, DeskError>;
    async fn release(
        &self,
        caller: super::Caller,
        number: String,
        key_serial: String,
        station_key: String,
    ) -> Result<Release, DeskError>;
    async fn confirm(
        &self,
        caller: super::Caller,
        number: String,
        proof: UnblockProof,
    ) -> Result<OrderView, DeskError>;
}

#[server(prefix = "/api", endpoint = "unblock/view", input = Json, output = Json)]
pub async fn view_unblock(number: String) -> Result<UnblockView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.unblock.view(caller, number).await)
}

/// The key is in the port: whether it may be unblocked, and which way (A26, A27).
#[server(prefix = "/api", endpoint = "unblock/present", input = Json, output = Json)]
pub async fn present_key(number: String, key_serial: String) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.unblock.present(caller, number, key_serial).await)
}

/// 下一步 of 核对信息. `proof` where the order goes by identity.
#[server(prefix = "/api", endpoint = "unblock/enter", input = Json, output = Json)]
pub async fn enter_unblock(
    number: String,
    version: i64,
    proof: Option<ProofForm>,
) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.unblock.enter(caller, number, version, proof).await)
}

/// 其他验证方式 (R071).
#[server(prefix = "/api", endpoint = "unblock/other_way", input = Json, output = Json)]
pub async fn take_other_way(number: String, version: i64) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.unblock.take_other_way(caller, number, version).await)
}

/// `station_key`: SPKI (base64) of the station that holds this key now.
#[server(prefix = "/api", endpoint = "unblock/release", input = Json, output = Json)]
pub async fn release_unblock(
    number: String,
    key_serial: String,
    station_key: String,
) -> Result<Release, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.unblock.release(caller, number, key_serial, station_key).await)
}

#[server(prefix = "/api", endpoint = "unblock/confirm", input = Json, output = Json)]
pub async fn confirm_unblock(number: String, proof: UnblockProof) -> Result<OrderView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.unblock.confirm(caller, number, proof).await)
}
