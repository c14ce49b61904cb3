//! Parcels on their way, for dispatch.

use super::member;
use crate::dispatch::Dispatch;
use crate::entrance::answer::Answer;
use app::desk::parcels::{ParcelLine, ParcelsDesk, ScanState};
use app::desk::staff::Role;
use app::desk::{Caller, DeskError};
use async_trait::async_trait;

pub struct Port {
    pub dispatch: Dispatch,
    pub answer: Answer,
}

#[async_trait]
impl ParcelsDesk for Port {
    async fn under_way(&self, caller: Caller) -> Result<Vec<ParcelLine>, DeskError> {
        member(&caller, Role::Dispatcher)?;
        self.answer.give(self.dispatch.under_way().await)
    }

    async fn track(
        &self,
        caller: Caller,
        number: String,
        state: ScanState,
        place: String,
    ) -> Result<(), DeskError> {
        let staff = member(&caller, Role::Dispatcher)?;
        self.answer.give(self.dispatch.track(&staff, number, state, place).await)
    }
}
