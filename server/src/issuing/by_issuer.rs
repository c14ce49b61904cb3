//! Each wish to the authority that it names: our own, or the one upstream.

use super::embedded::Embedded;
use super::port::{CertificateAuthority, Meant, Wish};
use super::upstream::Upstream;
use super::wrong;
use crate::fault::Fault;
use crate::store::authorities::UPSTREAM;
use async_trait::async_trait;
use certificate::Certificate;

pub struct ByIssuer {
    pub own: Embedded,
    pub upstream: Upstream,
}

impl ByIssuer {
    fn named(&self, issuer: &str) -> &dyn CertificateAuthority {
        if issuer == UPSTREAM { &self.upstream } else { &self.own }
    }
}

#[async_trait]
impl CertificateAuthority for ByIssuer {
    fn wants_request(&self, issuer: &str) -> bool {
        self.named(issuer).wants_request(issuer)
    }

    fn mean(&self, wish: Wish) -> Result<Meant, Fault> {
        self.named(&wish.issuer).mean(wish)
    }

    async fn make(&self, meant: Vec<Meant>) -> Vec<Result<Certificate, Fault>> {
        let far: Vec<bool> = meant.iter().map(|meant| meant.issuer == UPSTREAM).collect();
        let (theirs, ours): (Vec<Meant>, Vec<Meant>) =
            meant.into_iter().partition(|meant| meant.issuer == UPSTREAM);
        let (theirs, ours) = tokio::join!(self.upstream.make(theirs), self.own.make(ours));
        let (mut theirs, mut ours) = (theirs.into_iter(), ours.into_iter());
        let next = |far| if far { theirs.next() } else { ours.next() };
        let missing = || Err(wrong("the authority gave fewer certificates than were meant"));
        far.into_iter().map(next).map(|made| made.unwrap_or_else(missing)).collect()
    }

    async fn revoke(&self, certificate: &Certificate, reason: u8) -> Result<(), Fault> {
        if self.upstream.made(certificate) {
            return self.upstream.revoke(certificate, reason).await;
        }
        self.own.revoke(certificate, reason).await
    }
}
