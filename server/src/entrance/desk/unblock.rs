//! 证书解锁.

use super::{Reception, visit};
use crate::orders::Orders;
use crate::unblock::Unblocking;
use app::desk::orders::OrderView;
use app::desk::unblock::{Release, UnblockDesk, UnblockProof, UnblockView};
use app::desk::{Caller, DeskError};
use async_trait::async_trait;
use journey::proof::ProofForm;

pub struct Port {
    pub unblocking: Unblocking,
    pub orders: Orders,
    pub reception: Reception,
}

impl Port {
    /// The order as it stands after a move.
    async fn show(&self, caller: &Caller, number: &str) -> Result<OrderView, DeskError> {
        self.reception.answer.give(self.orders.view(&visit(caller)?, number).await)
    }
}

#[async_trait]
impl UnblockDesk for Port {
    async fn view(&self, caller: Caller, number: String) -> Result<UnblockView, DeskError> {
        self.reception.answer.give(self.unblocking.view(&visit(&caller)?.0, &number).await)
    }

    async fn present(
        &self,
        caller: Caller,
        number: String,
        key_serial: String,
    ) -> Result<OrderView, DeskError> {
        let visit = visit(&caller)?.0;
        self.reception.answer.give(self.unblocking.present(visit, number.clone(), key_serial).await)?;
        self.show(&caller, &number).await
    }

    async fn enter(
        &self,
        caller: Caller,
        number: String,
        version: i64,
        proof: Option<ProofForm>,
    ) -> Result<OrderView, DeskError> {
        let visit = visit(&caller)?.0;
        self.reception.answer.give(self.unblocking.enter(visit, number.clone(), version, proof).await)?;
        self.show(&caller, &number).await
    }

    async fn take_other_way(
        &self,
        caller: Caller,
        number: String,
        version: i64,
    ) -> Result<OrderView, DeskError> {
        let visit = visit(&caller)?.0;
        self.reception.answer.give(self.unblocking.take_other_way(visit, number.clone(), version).await)?;
        self.show(&caller, &number).await
    }

    async fn release(
        &self,
        caller: Caller,
        number: String,
        key_serial: String,
        station_key: String,
    ) -> Result<Release, DeskError> {
        let visit = visit(&caller)?.0;
        self.reception.answer.give(self.unblocking.release(visit, number, key_serial, station_key).await)
    }

    async fn confirm(
        &self,
        caller: Caller,
        number: String,
        proof: UnblockProof,
    ) -> Result<OrderView, DeskError> {
        let visit = visit(&caller)?.0;
        self.reception.answer.give(self.unblocking.confirm(visit, number.clone(), proof).await)?;
        self.show(&caller, &number).await
    }
}
