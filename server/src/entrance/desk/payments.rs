//! Paying.

use super::visit;
use crate::entrance::answer::Answer;
use crate::orders::Orders;
use crate::till::Till;
use app::desk::orders::OrderView;
use app::desk::payments::{PaymentView, PaymentsDesk};
use app::desk::{Caller, DeskError};
use async_trait::async_trait;
use journey::payment::Channel;

pub struct Port {
    pub till: Till,
    pub orders: Orders,
    pub answer: Answer,
}

#[async_trait]
impl PaymentsDesk for Port {
    async fn channels(&self, caller: Caller, number: String) -> Result<Vec<Channel>, DeskError> {
        self.answer.give(self.till.channels_for(&visit(&caller)?.0, &number).await)
    }

    async fn open(&self, caller: Caller, number: String, channel: Channel) -> Result<PaymentView, DeskError> {
        self.answer.give(self.till.open(&visit(&caller)?.0, &number, channel).await)
    }

    async fn ask(&self, caller: Caller, number: String) -> Result<OrderView, DeskError> {
        let visit = visit(&caller)?;
        self.answer.give(self.till.ask_now(&visit.0, &number).await)?;
        self.answer.give(self.orders.view(&visit, &number).await)
    }
}
