//! 挂失: a right code opens the holder's certificates to a fresh visit.

use super::{Reception, visit};
use crate::entrance::session;
use crate::lost::Lost;
use crate::orders::Orders;
use app::desk::error::CodeRefusal;
use app::desk::lost::{FoundView, LostDesk, LostLine};
use app::desk::orders::{CodeSent, OrderView};
use app::desk::{Caller, DeskError};
use async_trait::async_trait;
use journey::party::Party;
use journey::proof::ProofForm;
use journey::secret::SmsCode;

pub struct Port {
    pub lost: Lost,
    pub orders: Orders,
    pub reception: Reception,
}

#[async_trait]
impl LostDesk for Port {
    async fn send_code(
        &self,
        caller: Caller,
        party: Party,
        id_number: String,
    ) -> Result<CodeSent, DeskError> {
        if let Ok(visit) = visit(&caller) {
            let sent = self.lost.send_code(visit.0, caller.ip, party, id_number).await;
            return self.reception.answer.give(sent);
        }
        let fresh = self.reception.answer.give(self.reception.visits.begin().await)?;
        let sent = self.lost.send_code(fresh.digest.clone(), caller.ip, party, id_number).await;
        let (sent, cookie) = self.reception.settle(&caller, fresh, sent).await?;
        session::set(cookie);
        Ok(sent)
    }

    async fn check_code(
        &self,
        caller: Caller,
        party: Party,
        id_number: String,
        code: String,
    ) -> Result<(), DeskError> {
        // Who never asked has no code, whatever the number.
        let Ok(asking) = visit(&caller) else { return Err(DeskError::Code(CodeRefusal::Gone)) };
        let fresh = self.reception.answer.give(self.reception.visits.begin().await)?;
        let code = SmsCode::new(code.trim());
        let checked = self.lost.check_code(asking.0, fresh.digest.clone(), party, id_number, code).await;
        let ((), cookie) = self.reception.settle(&caller, fresh, checked).await?;
        session::set(cookie);
        Ok(())
    }

    async fn list(&self, caller: Caller) -> Result<Vec<LostLine>, DeskError> {
        self.reception.answer.give(self.lost.list(&visit(&caller)?.0).await)
    }

    async fn start_resumption(&self, caller: Caller, serial: String) -> Result<String, DeskError> {
        let before = visit(&caller)?;
        let fresh = self.reception.answer.give(self.reception.visits.begin().await)?;
        let started = self.lost.start_resumption(before.0, fresh.digest.clone(), serial).await;
        let (number, cookie) = self.reception.settle(&caller, fresh, started).await?;
        session::set(cookie);
        Ok(number)
    }

    async fn view_found(&self, caller: Caller, number: String) -> Result<FoundView, DeskError> {
        self.reception.answer.give(self.lost.view_found(&visit(&caller)?.0, &number).await)
    }

    async fn prove(
        &self,
        caller: Caller,
        number: String,
        version: i64,
        proof: ProofForm,
    ) -> Result<OrderView, DeskError> {
        let visit = visit(&caller)?;
        let proven = self.lost.prove(visit.0.clone(), number.clone(), version, proof).await;
        self.reception.answer.give(proven)?;
        self.reception.answer.give(self.orders.view(&visit, &number).await)
    }

    async fn hold(&self, caller: Caller, serials: Vec<String>) -> Result<Vec<LostLine>, DeskError> {
        let visit = visit(&caller)?;
        self.reception.answer.give(self.lost.hold(visit.0.clone(), serials).await)?;
        self.reception.answer.give(self.lost.list(&visit.0).await)
    }
}
