//! The key in the port.

use super::{Reception, visit};
use crate::entrance::session;
use crate::key_in::KeyIn;
use app::desk::held::{HeldDesk, HeldView, LoginProof, TestPaper, TestResult};
use app::desk::loading::SwitchedProof;
use app::desk::{Caller, DeskError};
use async_trait::async_trait;
use journey::route::Route;
use journey::service::Service;

pub struct Port {
    pub key_in: KeyIn,
    pub reception: Reception,
}

#[async_trait]
impl HeldDesk for Port {
    async fn look(&self, caller: Caller, sign_certificate: String) -> Result<HeldView, DeskError> {
        let visit = visit(&caller).ok().map(|visit| visit.0);
        self.reception.answer.give(self.key_in.look(visit.as_deref(), &sign_certificate).await)
    }

    /// An order begins a visit, or renews the caller's.
    async fn start(
        &self,
        caller: Caller,
        service: Service,
        route: Route,
        sign_certificate: String,
        key_serial: String,
    ) -> Result<String, DeskError> {
        let before = visit(&caller).ok().map(|visit| visit.0);
        let fresh = self.reception.answer.give(self.reception.visits.begin().await)?;
        let started = self
            .key_in
            .start(before, fresh.digest.clone(), (service, route), sign_certificate, key_serial)
            .await;
        let (number, cookie) = self.reception.settle(&caller, fresh, started).await?;
        session::set(cookie);
        Ok(number)
    }

    async fn challenge(&self, caller: Caller, number: String) -> Result<String, DeskError> {
        self.reception.answer.give(self.key_in.challenge(visit(&caller)?.0, number).await)
    }

    /// Who has proven more than before goes on under a fresh visit.
    async fn log_in(&self, caller: Caller, number: String, proof: LoginProof) -> Result<String, DeskError> {
        let before = visit(&caller)?.0;
        let fresh = self.reception.answer.give(self.reception.visits.begin().await)?;
        let logged_in = self.key_in.log_in(before, fresh.digest.clone(), number, proof).await;
        let (number, cookie) = self.reception.settle(&caller, fresh, logged_in).await?;
        session::set(cookie);
        Ok(number)
    }

    async fn begin_test(&self, sign_certificate: String) -> Result<TestPaper, DeskError> {
        self.reception.answer.give(self.key_in.begin_test(&sign_certificate).await)
    }

    async fn end_test(&self, token: String, proof: SwitchedProof) -> Result<TestResult, DeskError> {
        self.reception.answer.give(self.key_in.end_test(&token, &proof).await)
    }
}
