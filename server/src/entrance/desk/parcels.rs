//! Parcels on their way, for dispatch and for who waits for one.

use super::{member, visit};
use crate::dispatch::Dispatch;
use crate::entrance::answer::Answer;
use crate::office::Office;
use crate::orders::Orders;
use app::desk::orders::OrderView;
use app::desk::parcels::{CourierView, ParcelLine, ParcelsDesk, ScanState};
use app::desk::staff::Role;
use app::desk::{Caller, DeskError};
use async_trait::async_trait;

pub struct Port {
    pub dispatch: Dispatch,
    pub orders: Orders,
    pub answer: Answer,
}

impl Port {
    pub fn of(office: &Office, answer: &Answer) -> Port {
        let (dispatch, orders) = (office.dispatch.clone(), office.orders.clone());
        Port { dispatch, orders, answer: answer.clone() }
    }
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

    async fn couriers(&self, caller: Caller) -> Result<Vec<CourierView>, DeskError> {
        member(&caller, Role::Dispatcher)?;
        Ok(self.dispatch.couriers())
    }

    async fn ask_courier(&self, caller: Caller, number: String) -> Result<OrderView, DeskError> {
        let visit = visit(&caller)?;
        self.answer.give(self.dispatch.ask_for(&visit.0, number.clone()).await)?;
        self.answer.give(self.orders.view(&visit, &number).await)
    }
}
