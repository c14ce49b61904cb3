//! What every desk stands on: the store, time and dice, the seal, the calendar, and the bell of the errand runner.

use crate::clock::{Clock, Dice};
use crate::sealing::Sealing;
use crate::store::Store;
use journey::{Calendar, Moment};
use std::sync::Arc;
use tokio::sync::Notify;

/// Cheap to clone; every desk holds one.
#[derive(Clone)]
pub struct Ground {
    pub store: Store,
    pub sealing: Sealing,
    pub dice: Dice,
    pub clock: Arc<dyn Clock>,
    pub calendar: Arc<Calendar>,
    /// Rung by who records an errand, so that it need not wait for the next round: the claim queues behind that write.
    pub bell: Arc<Notify>,
    /// Rung by who changes a certificate's standing, inside the transaction: the status desk tells it (R162).
    pub standing_bell: Arc<Notify>,
}

impl Ground {
    pub fn now(&self) -> Moment {
        self.clock.now()
    }
}
