//! Owns: encryption pairs, under a master key of the centre's own: made ahead, taken by one case each, handed out only
//!       inside an envelope (R139), kept as history, and recovered for their holder or by the custodians' leave
//!       (GM/T 0034, 6, 9, 12.4, 12.5).
//! Never: a signing key; a private key in clear outside a function's stack; another desk.
//! Start at: `assign.rs`, then `recovery/mod.rs`.
//!
//! The centre keeps its pairs behind this one interface, so that it can move into a process and a database of its own.

mod assign;
mod keyring;
mod pool;
mod recover;
pub mod recovery;
mod reseal;
mod settings;

pub use assign::{Pair, Want};
pub use recover::{Destination, Recovered};
pub use reseal::Resealed;
pub use settings::{EnvelopeForm, KmcSettings};

use crate::fault::Fault;
use crate::ground::Ground;
use keyring::Keyring;
use pool::Pool;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::watch;

/// The centre. Cheap to clone.
#[derive(Clone)]
pub struct Kmc {
    ground: Ground,
    keys: Arc<Keyring>,
    pool: Arc<Pool>,
    settings: Arc<KmcSettings>,
}

impl Kmc {
    /// Reads the centre's key, or makes it at the first start.
    ///
    /// # Errors
    /// A key file that cannot be read or made, or that is not the one under which the pairs lie.
    pub async fn open(ground: Ground, settings: &KmcSettings, data_dir: &Path) -> Result<Kmc, Fault> {
        let keys = Keyring::open(settings, data_dir, &ground)?;
        keys.check(&ground).await?;
        let pool = Pool::new(settings);
        Ok(Kmc { ground, keys: Arc::new(keys), pool: Arc::new(pool), settings: Arc::new(settings.clone()) })
    }

    fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// Fills the pool and moves what lies under an old key, until `stop` says so.
    pub async fn work(&self, stop: watch::Receiver<bool>) {
        tokio::join!(self.keep_the_pool(stop.clone()), self.leave_old_keys(stop));
    }
}

fn wrong(why: impl ToString) -> Fault {
    Fault::Certificate(why.to_string())
}
