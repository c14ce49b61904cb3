//! 证书管理: for registrars alone; a revocation wants the number on the authenticator once more.

use super::member;
use crate::entrance::answer::Answer;
use crate::registrar::Registrar;
use crate::staff::Staff;
use app::desk::error::FieldError;
use app::desk::registrar::{LifeAct, PairView, RegistrarDesk};
use app::desk::staff::Role;
use app::desk::{Caller, DeskError};
use async_trait::async_trait;

pub struct Port {
    pub registrar: Registrar,
    pub staff: Staff,
    pub answer: Answer,
}

#[async_trait]
impl RegistrarDesk for Port {
    async fn find(&self, caller: Caller, query: String) -> Result<Vec<PairView>, DeskError> {
        member(&caller, Role::Registrar)?;
        self.answer.give(self.registrar.find(&query).await)
    }

    async fn change(
        &self,
        caller: Caller,
        serial: String,
        act: LifeAct,
        why: String,
    ) -> Result<Vec<PairView>, DeskError> {
        let id = member(&caller, Role::Registrar)?;
        let who = caller.staff.map(|staff| staff.name).ok_or(DeskError::SignInAgain)?;
        // Whoever may not is told before a number is used up.
        self.answer.give(self.registrar.may(&serial, &act, &why).await)?;
        if let LifeAct::Revoke { one_time_code, .. } = &act
            && !self.answer.give(self.staff.confirms(&id, one_time_code).await)?
        {
            let wrong = FieldError { field: "one_time_code".into(), code: "one_time_code_wrong".into() };
            return Err(DeskError::Fields(vec![wrong]));
        }
        self.answer.give(self.registrar.change(&who, &serial, &act, &why).await)
    }
}
