//! Owns: 司法密钥恢复 (GM/T 0034, 12.5): one custodian files a case, others approve it, and only then the filer gets the
//!       pairs, sealed to the receiver's key.
//! Never: a standing that is written somewhere: how a case stands follows from its record, and each line of the record
//!       from the centre's key.
//! Start at: `case.rs`, then `decide.rs` and `release.rs`.

mod anew;
mod case;
mod decide;
mod file;
mod record;
mod release;
mod show;
mod target;

pub use release::Package;

use super::Kmc;
use crate::fault::Fault;
use crate::ground::Ground;
use app::desk::recovery::RecoveryRefusal;
use async_trait::async_trait;
use journey::actor::StaffId;
use std::sync::Arc;

/// Asks a member of staff for the number on the authenticator once more.
#[async_trait]
pub trait StepUp: Send + Sync {
    /// Whether it is the number, which is used up by that.
    ///
    /// # Errors
    /// The member waits after failures.
    async fn confirms(&self, staff: &StaffId, one_time_code: &str) -> Result<bool, Fault>;
}

/// The custodians' desk. Cheap to clone.
#[derive(Clone)]
pub struct Recovery {
    ground: Ground,
    kmc: Kmc,
    step_up: Arc<dyn StepUp>,
}

impl Recovery {
    pub fn new(ground: Ground, kmc: Kmc, step_up: Arc<dyn StepUp>) -> Recovery {
        Recovery { ground, kmc, step_up }
    }
}

fn refused(refusal: RecoveryRefusal) -> Fault {
    Fault::Recovery(refusal)
}
