//! 个人信息.

use super::visit;
use crate::entrance::answer::Answer;
use crate::orders::Orders;
use app::desk::orders::OrderView;
use app::desk::privacy::{PrivacyDesk, PrivacyView};
use app::desk::{Caller, DeskError};
use async_trait::async_trait;

pub struct Port {
    pub orders: Orders,
    pub answer: Answer,
}

#[async_trait]
impl PrivacyDesk for Port {
    async fn ledger(&self, caller: Caller, number: String) -> Result<PrivacyView, DeskError> {
        self.answer.give(self.orders.privacy(&visit(&caller)?, &number).await)
    }

    async fn withdraw_consent(
        &self,
        caller: Caller,
        number: String,
        version: i64,
    ) -> Result<OrderView, DeskError> {
        let visit = visit(&caller)?;
        self.answer.give(self.orders.withdraw_consent(&visit, number.clone(), version).await)?;
        self.answer.give(self.orders.view(&visit, &number).await)
    }
}
