//! A new generation onto the holder's key.

use super::{Reception, visit};
use crate::loading::{Lacks, Loading};
use crate::orders::Orders;
use app::desk::loading::{LoadingDesk, LoadingView, NextPaper, NextRequest, Switched, SwitchedProof};
use app::desk::production::{IssuedPair, ReadBackProof};
use app::desk::{Caller, DeskError};
use async_trait::async_trait;

pub struct Port {
    pub loading: Loading,
    pub orders: Orders,
    pub reception: Reception,
}

#[async_trait]
impl LoadingDesk for Port {
    async fn look(&self, caller: Caller, number: String) -> Result<LoadingView, DeskError> {
        self.reception.answer.give(self.loading.look(&visit(&caller)?.0, &number).await)
    }

    async fn make(&self, caller: Caller, number: String, key_serial: String) -> Result<NextPaper, DeskError> {
        self.reception.answer.give(self.loading.make(visit(&caller)?.0, number, key_serial).await)
    }

    async fn issue(
        &self,
        caller: Caller,
        number: String,
        key_serial: String,
        request: Option<NextRequest>,
    ) -> Result<IssuedPair, DeskError> {
        let visit = visit(&caller)?.0;
        self.reception.answer.give(self.loading.issue(visit, number, key_serial, request).await)
    }

    async fn written(&self, caller: Caller, number: String, proof: ReadBackProof) -> Result<(), DeskError> {
        self.reception.answer.give(self.loading.written(visit(&caller)?.0, number, proof).await)
    }

    async fn switched(
        &self,
        caller: Caller,
        number: String,
        proof: SwitchedProof,
    ) -> Result<Switched, DeskError> {
        let visit = visit(&caller)?;
        let answer = &self.reception.answer;
        let lacks = answer.give(self.loading.switched(visit.0.clone(), number.clone(), proof).await)?;
        Ok(match lacks {
            Lacks::Nothing => {
                let order = answer.give(self.orders.view(&visit, &number).await)?;
                Switched::Done { order: Box::new(order) }
            }
            Lacks::Pairs(pairs) => Switched::Missing { pairs },
            Lacks::Brought(pairs) => Switched::Brought { pairs },
        })
    }
}
