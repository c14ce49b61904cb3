//! 经办人变更.

use super::visit;
use crate::entrance::answer::Answer;
use crate::orders::Orders;
use app::desk::hand_over::{CodeTo, HandOverDesk, HandOverForm, HandOverView};
use app::desk::orders::CodeSent;
use app::desk::{Caller, DeskError};
use async_trait::async_trait;

pub struct Port {
    pub orders: Orders,
    pub answer: Answer,
}

#[async_trait]
impl HandOverDesk for Port {
    async fn view(&self, caller: Caller, number: String) -> Result<HandOverView, DeskError> {
        self.answer.give(self.orders.view_hand_over(&visit(&caller)?, &number).await)
    }

    async fn send_code(&self, caller: Caller, number: String, to: CodeTo) -> Result<CodeSent, DeskError> {
        let visit = visit(&caller)?;
        self.answer.give(self.orders.send_hand_over_code(&visit, caller.ip, number, to).await)
    }

    async fn ask(
        &self,
        caller: Caller,
        number: String,
        form: HandOverForm,
    ) -> Result<HandOverView, DeskError> {
        let asked = self.orders.ask_hand_over(&visit(&caller)?, number.clone(), form).await;
        self.answer.give(asked)?;
        self.view(caller, number).await
    }

    async fn object(&self, caller: Caller, number: String) -> Result<HandOverView, DeskError> {
        self.answer.give(self.orders.object(&visit(&caller)?, number.clone()).await)?;
        self.view(caller, number).await
    }
}
