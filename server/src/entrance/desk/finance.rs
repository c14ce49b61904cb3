//! 财务: for finance alone.

use super::member;
use crate::entrance::answer::Answer;
use crate::fault::Fault;
use crate::finance::Finance;
use app::desk::finance::{Credit, FinanceDesk, FinanceView, Imported};
use app::desk::staff::Role;
use app::desk::{Caller, DeskError};
use async_trait::async_trait;

pub struct Port {
    pub finance: Finance,
    pub answer: Answer,
}

impl Port {
    /// The desk as it stands after something was done.
    async fn after(&self, done: Result<(), Fault>) -> Result<FinanceView, DeskError> {
        self.answer.give(done)?;
        self.answer.give(self.finance.view().await)
    }
}

#[async_trait]
impl FinanceDesk for Port {
    async fn view(&self, caller: Caller) -> Result<FinanceView, DeskError> {
        member(&caller, Role::Finance)?;
        self.answer.give(self.finance.view().await)
    }

    async fn enter(&self, caller: Caller, credit: Credit) -> Result<FinanceView, DeskError> {
        let staff = member(&caller, Role::Finance)?;
        self.after(self.finance.enter(&staff, &credit).await).await
    }

    async fn import(&self, caller: Caller, text: String) -> Result<Imported, DeskError> {
        let staff = member(&caller, Role::Finance)?;
        self.answer.give(self.finance.import(&staff, &text).await)
    }

    async fn settle(
        &self,
        caller: Caller,
        line: String,
        number: String,
        why: String,
    ) -> Result<FinanceView, DeskError> {
        let staff = member(&caller, Role::Finance)?;
        self.after(self.finance.settle(&staff, line, number, why).await).await
    }

    async fn put_aside(&self, caller: Caller, line: String, why: String) -> Result<FinanceView, DeskError> {
        let staff = member(&caller, Role::Finance)?;
        self.after(self.finance.put_aside(&staff, line, why).await).await
    }

    async fn discontinue(&self, caller: Caller, number: String) -> Result<FinanceView, DeskError> {
        let staff = member(&caller, Role::Finance)?;
        self.after(self.finance.discontinue(&staff, number).await).await
    }

    async fn refunded(&self, caller: Caller, bank_number: String) -> Result<FinanceView, DeskError> {
        let staff = member(&caller, Role::Finance)?;
        self.after(self.finance.refunded(&staff, bank_number).await).await
    }
}
