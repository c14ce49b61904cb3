//! Owns: the authorities, and the road from a proven request to recorded certificates.
//! Never: whether an order deserves them (the journal says so), a key of a holder, another desk.
//! Start at: `issue.rs`.

mod after;
mod authority;
mod embedded;
mod issue;
mod orphans;
mod parallel;
pub mod partner;
mod port;
pub mod settings;

pub use authority::{Authorities, DEMO_MARK, KnownAuthority};
pub use port::{Case, CertificateAuthority, Meant, Wish};

use crate::fault::Fault;
use crate::ground::Ground;
use crate::kmc::Kmc;
use embedded::Embedded;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Issuing {
    ground: Ground,
    kmc: Kmc,
    authorities: Arc<Authorities>,
    authority: Arc<dyn CertificateAuthority>,
    /// One issuing for an order at a time: request and errand may ask for the same at once, and the second finds it done.
    turn: Arc<Mutex<()>>,
}

impl Issuing {
    pub fn new(ground: Ground, kmc: Kmc, authorities: Authorities) -> Issuing {
        let authorities = Arc::new(authorities);
        let authority = Arc::new(Embedded::new(authorities.clone(), ground.dice.clone()));
        Issuing { ground, kmc, authorities, authority, turn: Arc::default() }
    }

    pub fn authorities(&self) -> &Arc<Authorities> {
        &self.authorities
    }
}

fn wrong(why: impl ToString) -> Fault {
    Fault::Certificate(why.to_string())
}
