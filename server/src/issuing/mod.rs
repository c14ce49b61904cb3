//! Owns: the authorities, and the road from a proven request to recorded certificates.
//! Never: whether an order deserves them (the journal says so), a key of a holder, another desk.
//! Start at: `issue.rs`.

mod after;
mod authority;
mod by_issuer;
mod embedded;
mod event;
mod identities;
mod issue;
mod orphans;
mod parallel;
pub mod partner;
mod port;
pub mod settings;
mod subject;
mod tell;
mod term;
mod turns;
mod upstream;

pub use authority::{Authorities, DEMO_MARK, KnownAuthority};
pub use event::EventSeal;
pub use identities::{CertificateSettings, IdentifierSettings};
pub use port::{Case, CertificateAuthority, Meant, Wish};
pub use upstream::Upstream;

use crate::fault::Fault;
use crate::ground::Ground;
use crate::kmc::Kmc;
use crate::store;
use by_issuer::ByIssuer;
use certificate::Certificate;
use embedded::Embedded;
use std::sync::Arc;
use turns::Turns;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Issuing {
    ground: Ground,
    kmc: Kmc,
    authorities: Arc<Authorities>,
    authority: Arc<dyn CertificateAuthority>,
    /// One issuing for an order at a time: request and errand may ask for the same at once, and the second finds it done.
    /// No order waits for another one.
    turns: Turns,
}

impl Issuing {
    pub fn new(ground: Ground, kmc: Kmc, authorities: Authorities, upstream: Option<Upstream>) -> Issuing {
        let authorities = Arc::new(authorities);
        let own = Embedded::new(authorities.clone(), ground.dice.clone());
        let authority: Arc<dyn CertificateAuthority> = match upstream {
            Some(upstream) => Arc::new(ByIssuer { own, upstream }),
            None => Arc::new(own),
        };
        Issuing { ground, kmc, authorities, authority, turns: Turns::default() }
    }

    pub fn authorities(&self) -> &Arc<Authorities> {
        &self.authorities
    }
}

/// Two certificates of one holder, before either counts. An authority upstream dates each by itself.
fn hold_together(issuer: &str, sign: &Certificate, encrypt: &Certificate) -> Result<(), Fault> {
    if issuer == store::authorities::UPSTREAM {
        return Ok(());
    }
    certificate::pair::check(sign, encrypt).map_err(|fault| wrong(fault.code()))
}

fn wrong(why: impl ToString) -> Fault {
    Fault::Certificate(why.to_string())
}
