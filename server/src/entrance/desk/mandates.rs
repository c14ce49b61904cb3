//! Mandates for helpers: whoever asks is either the producer of the job, or the visit that may see the order.

use super::{member, visit};
use crate::entrance::answer::Answer;
use crate::mandates::{Mandates, Who};
use app::desk::mandates::{MandatesDesk, Purpose};
use app::desk::staff::Role;
use app::desk::{Caller, DeskError};
use async_trait::async_trait;
use key::mandate::Given;
use key::message::Request;

pub struct Port {
    pub mandates: Mandates,
    pub answer: Answer,
}

#[async_trait]
impl MandatesDesk for Port {
    async fn give(
        &self,
        caller: Caller,
        purpose: Purpose,
        request: Request,
        station_key: String,
    ) -> Result<Given, DeskError> {
        let who = Who {
            ip: caller.ip,
            visit: visit(&caller).ok().map(|visit| visit.0),
            producer: member(&caller, Role::Producer).ok(),
        };
        self.answer.give(self.mandates.give(who, purpose, request, station_key).await)
    }
}
