//! What an applicant does about an order beside moving it.

use super::visit;
use crate::entrance::answer::Answer;
use crate::invoices::Invoices;
use crate::office::Office;
use crate::orders::{Orders, code_sent};
use crate::post::Post;
use app::desk::follow_up::{FollowUpDesk, WithdrawReason};
use app::desk::orders::{CodeSent, OrderView};
use app::desk::{Caller, DeskError};
use async_trait::async_trait;
use journey::secret::SmsCode;

pub struct Port {
    pub orders: Orders,
    pub post: Post,
    pub invoices: Invoices,
    pub answer: Answer,
}

impl Port {
    pub fn of(office: &Office, answer: &Answer) -> Port {
        Port {
            orders: office.orders.clone(),
            post: office.post.clone(),
            invoices: office.invoices.clone(),
            answer: answer.clone(),
        }
    }

    async fn show(&self, caller: &Caller, number: &str) -> Result<OrderView, DeskError> {
        self.answer.give(self.orders.view(&visit(caller)?, number).await)
    }
}

#[async_trait]
impl FollowUpDesk for Port {
    async fn passcode_again(&self, caller: Caller, number: String) -> Result<OrderView, DeskError> {
        let asked = self.post.ask_passcode_again(&visit(&caller)?.0, number.clone()).await;
        self.answer.give(asked)?;
        self.show(&caller, &number).await
    }

    async fn invoice_again(&self, caller: Caller, number: String) -> Result<OrderView, DeskError> {
        self.answer.give(self.invoices.ask_again(&visit(&caller)?.0, number.clone()).await)?;
        self.show(&caller, &number).await
    }

    async fn send_mailbox_code(&self, caller: Caller, number: String) -> Result<CodeSent, DeskError> {
        let sent = self.invoices.send_mailbox_code(&visit(&caller)?.0, caller.ip, number).await;
        self.answer.give(sent).map(code_sent)
    }

    async fn invoice_elsewhere(
        &self,
        caller: Caller,
        number: String,
        mailbox: String,
        code: String,
    ) -> Result<OrderView, DeskError> {
        let (visit, code) = (visit(&caller)?, SmsCode::new(code.trim()));
        let asked = self.invoices.ask_elsewhere(&visit.0, number.clone(), mailbox, code).await;
        self.answer.give(asked)?;
        self.show(&caller, &number).await
    }

    async fn withdraw(
        &self,
        caller: Caller,
        number: String,
        version: i64,
        reason: Option<WithdrawReason>,
    ) -> Result<OrderView, DeskError> {
        let withdrawn = self.orders.withdraw(&visit(&caller)?, number.clone(), version, reason).await;
        self.answer.give(withdrawn)?;
        self.show(&caller, &number).await
    }
}
