//! The closed door between the custodians' desk and the staff's authenticators.

use crate::fault::Fault;
use crate::ground::Ground;
use crate::kmc::Kmc;
use crate::kmc::recovery::{Recovery, StepUp};
use crate::staff::Staff;
use async_trait::async_trait;
use journey::actor::StaffId;
use std::sync::Arc;

struct Door(Staff);

#[async_trait]
impl StepUp for Door {
    async fn confirms(&self, staff: &StaffId, one_time_code: &str) -> Result<bool, Fault> {
        self.0.confirms(staff, one_time_code).await
    }
}

pub(super) fn desk(ground: &Ground, kmc: &Kmc, staff: &Staff) -> Recovery {
    Recovery::new(ground.clone(), kmc.clone(), Arc::new(Door(staff.clone())))
}
