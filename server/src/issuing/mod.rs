//! Owns: the issuing authority's key, and the road from an order's generated pair to two recorded certificates.
//! Never: whether an order deserves them (the journal says so), a key of a holder, another desk.
//! Start at: `issue.rs`.

mod after;
mod authority;
mod issue;

pub use authority::{Authorities, DEMO_MARK};

use crate::fault::Fault;
use crate::ground::Ground;
use crate::kmc::Kmc;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Issuing {
    ground: Ground,
    kmc: Kmc,
    authorities: Arc<Authorities>,
    /// One issuing at a time: request and errand may ask for the same order at once, and the second finds it done.
    turn: Arc<Mutex<()>>,
}

impl Issuing {
    pub fn new(ground: Ground, authorities: Authorities) -> Issuing {
        let kmc = Kmc::new(ground.clone());
        Issuing { ground, kmc, authorities: Arc::new(authorities), turn: Arc::default() }
    }

    pub fn authorities(&self) -> &Authorities {
        &self.authorities
    }
}

fn wrong(why: impl ToString) -> Fault {
    Fault::Certificate(why.to_string())
}
