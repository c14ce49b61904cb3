//! 密钥管理: for custodians alone.

use super::member;
use crate::entrance::answer::Answer;
use crate::kmc::recovery::Recovery;
use app::desk::recovery::{RecoveryCase, RecoveryDesk, RecoveryForm, RecoveryLine};
use app::desk::staff::Role;
use app::desk::{Caller, DeskError};
use async_trait::async_trait;

pub struct Port {
    pub recovery: Recovery,
    pub answer: Answer,
}

#[async_trait]
impl RecoveryDesk for Port {
    async fn list(&self, caller: Caller) -> Result<Vec<RecoveryLine>, DeskError> {
        self.answer.give(self.recovery.list(&member(&caller, Role::Custodian)?).await)
    }

    async fn case(&self, caller: Caller, number: String) -> Result<RecoveryCase, DeskError> {
        self.answer.give(self.recovery.case(&member(&caller, Role::Custodian)?, &number).await)
    }

    async fn file(&self, caller: Caller, form: RecoveryForm) -> Result<String, DeskError> {
        self.answer.give(self.recovery.file(&member(&caller, Role::Custodian)?, form).await)
    }

    async fn approve(
        &self,
        caller: Caller,
        number: String,
        one_time_code: String,
    ) -> Result<RecoveryCase, DeskError> {
        let custodian = member(&caller, Role::Custodian)?;
        self.answer.give(self.recovery.approve(&custodian, number, &one_time_code).await)
    }

    async fn refuse(
        &self,
        caller: Caller,
        number: String,
        reason: String,
    ) -> Result<RecoveryCase, DeskError> {
        let custodian = member(&caller, Role::Custodian)?;
        self.answer.give(self.recovery.refuse(&custodian, number, reason).await)
    }
}
