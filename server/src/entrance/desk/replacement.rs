//! 证书补办: a reference and an order each renew the caller's visit; the rest goes by the visit that is there.

use super::{Reception, visit};
use crate::entrance::session;
use crate::orders::Orders;
use crate::replacement::Replacements;
use app::desk::orders::{CodeSent, OrderView};
use app::desk::replacement::{Mark, ReplacementDesk, ReplacementView, Terms};
use app::desk::{Caller, DeskError};
use async_trait::async_trait;
use journey::party::Party;
use journey::secret::SmsCode;

pub struct Port {
    pub replacements: Replacements,
    pub orders: Orders,
    pub reception: Reception,
}

#[async_trait]
impl ReplacementDesk for Port {
    async fn terms(&self, party: Party) -> Result<Terms, DeskError> {
        self.reception.answer.give(self.replacements.terms(party))
    }

    async fn reference(&self, caller: Caller) -> Result<String, DeskError> {
        let fresh = self.reception.answer.give(self.reception.visits.begin().await)?;
        let before = visit(&caller).ok().map(|visit| visit.0);
        let given = self.replacements.reference(before, fresh.digest.clone()).await;
        let (reference, cookie) = self.reception.settle(&caller, fresh, given).await?;
        session::set(cookie);
        Ok(reference)
    }

    async fn start(
        &self,
        caller: Caller,
        serial: String,
        suspend: bool,
        reference: String,
    ) -> Result<String, DeskError> {
        let before = visit(&caller)?;
        let fresh = self.reception.answer.give(self.reception.visits.begin().await)?;
        let started =
            self.replacements.start(before.0, fresh.digest.clone(), serial, suspend, reference).await;
        let (number, cookie) = self.reception.settle(&caller, fresh, started).await?;
        session::set(cookie);
        Ok(number)
    }

    async fn view(&self, caller: Caller, number: String) -> Result<ReplacementView, DeskError> {
        self.reception.answer.give(self.replacements.view(&visit(&caller)?.0, &number).await)
    }

    async fn send_code(&self, caller: Caller, number: String) -> Result<CodeSent, DeskError> {
        let visit = visit(&caller)?;
        self.reception.answer.give(self.replacements.send_code(visit.0, caller.ip, number).await)
    }

    async fn sign(
        &self,
        caller: Caller,
        number: String,
        version: i64,
        mark: Mark,
        code: String,
    ) -> Result<OrderView, DeskError> {
        let visit = visit(&caller)?;
        let code = SmsCode::new(code.trim());
        let signed = self.replacements.sign(visit.0.clone(), number.clone(), version, mark, code).await;
        self.reception.answer.give(signed)?;
        self.reception.answer.give(self.orders.view(&visit, &number).await)
    }
}
