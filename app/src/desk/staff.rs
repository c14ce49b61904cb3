//! Staff sign in with name, password and a one-time code.

use super::DeskError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 审核
    Reviewer,
    /// 制证
    Producer,
    /// 发货
    Dispatcher,
    /// 财务
    Finance,
    /// 证书管理
    Registrar,
    /// 密钥管理
    Custodian,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaffView {
    pub name: String,
    pub roles: Vec<Role>,
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait StaffDesk: Send + Sync {
    async fn sign_in(
        &self,
        caller: super::Caller,
        name: String,
        password: String,
        one_time_code: String,
    ) -> Result<StaffView, DeskError>;
    async fn sign_out(&self, caller: super::Caller) -> Result<(), DeskError>;
    async fn who(&self, caller: super::Caller) -> Result<Option<StaffView>, DeskError>;
}

#[server(prefix = "/api", endpoint = "staff/sign_in", input = Json, output = Json)]
pub async fn staff_sign_in(
    name: String,
    password: String,
    one_time_code: String,
) -> Result<StaffView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.staff.sign_in(caller, name, password, one_time_code).await)
}

#[server(prefix = "/api", endpoint = "staff/sign_out", input = Json, output = Json)]
pub async fn staff_sign_out() -> Result<(), DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.staff.sign_out(caller).await)
}

#[server(prefix = "/api", endpoint = "staff/who", input = Json, output = Json)]
pub async fn staff_who() -> Result<Option<StaffView>, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.staff.who(caller).await)
}
