//! 制证 for producers, 发货 for dispatchers.

use super::member;
use crate::dispatch::Dispatch;
use crate::entrance::answer::Answer;
use crate::office::Office;
use crate::production::Production;
use app::desk::production::{
    IssuedPair, JobView, KeyRequest, Personalisation, PreparedPast, ProductionDesk, ReadBackProof,
};
use app::desk::review::QueueLine;
use app::desk::staff::Role;
use app::desk::{Caller, DeskError};
use async_trait::async_trait;

pub struct Port {
    pub production: Production,
    pub dispatch: Dispatch,
    pub answer: Answer,
}

impl Port {
    pub fn of(office: &Office, answer: &Answer) -> Port {
        let (production, dispatch) = (office.production.clone(), office.dispatch.clone());
        Port { production, dispatch, answer: answer.clone() }
    }
}

#[async_trait]
impl ProductionDesk for Port {
    async fn queue(&self, caller: Caller) -> Result<Vec<QueueLine>, DeskError> {
        self.answer.give(self.production.queue(&member(&caller, Role::Producer)?).await)
    }

    async fn job(&self, caller: Caller, number: String) -> Result<JobView, DeskError> {
        // The dispatcher reads the recipient off the same job.
        let staff = member(&caller, Role::Producer).or_else(|_| member(&caller, Role::Dispatcher))?;
        self.answer.give(self.production.job(&staff, &number).await)
    }

    async fn take(&self, caller: Caller, number: String) -> Result<JobView, DeskError> {
        self.answer.give(self.production.take(&member(&caller, Role::Producer)?, number).await)
    }

    async fn release(&self, caller: Caller, number: String) -> Result<(), DeskError> {
        self.answer.give(self.production.release(&member(&caller, Role::Producer)?, number).await)
    }

    async fn personalise(
        &self,
        caller: Caller,
        number: String,
        key_serial: String,
        station_key: String,
    ) -> Result<Personalisation, DeskError> {
        let producer = member(&caller, Role::Producer)?;
        self.answer.give(self.production.personalise(&producer, number, key_serial, station_key).await)
    }

    async fn issue(
        &self,
        caller: Caller,
        number: String,
        key_serial: String,
        request: Option<KeyRequest>,
        prepared: Option<PreparedPast>,
    ) -> Result<IssuedPair, DeskError> {
        let producer = member(&caller, Role::Producer)?;
        self.answer.give(self.production.issue(&producer, number, key_serial, request, prepared).await)
    }

    async fn verify(
        &self,
        caller: Caller,
        number: String,
        proof: ReadBackProof,
    ) -> Result<JobView, DeskError> {
        self.answer.give(self.production.verify(&member(&caller, Role::Producer)?, number, proof).await)
    }

    async fn ship(
        &self,
        caller: Caller,
        number: String,
        courier: String,
        waybill: String,
    ) -> Result<(), DeskError> {
        self.answer
            .give(self.dispatch.ship(&member(&caller, Role::Dispatcher)?, number, courier, waybill).await)
    }

    async fn dispatch_queue(&self, caller: Caller) -> Result<Vec<QueueLine>, DeskError> {
        self.answer.give(self.production.dispatch_queue(&member(&caller, Role::Dispatcher)?).await)
    }
}
