//! The authorities as a tree, with fingerprints and what they publish.

use super::{OwnAuthority, Trust, key_words};
use crate::store::authorities::Purpose;
use app::desk::trust::{AuthorityPurpose, AuthorityView, TrustView};
use certificate::sm3;
use journey::moment::Moment;
use ring::digest::{SHA256, digest};

impl Trust {
    pub fn view(&self) -> TrustView {
        let mut all = self.authorities.list();
        all.sort_by_key(|authority| (depth(authority.purpose), authority.name.clone()));
        let mut views: Vec<_> = all.iter().map(|one| (one.issuer.clone(), read(one))).collect();
        // From the bottom up: issuers stand before those that they signed, so that each finds its place from behind.
        let mut chains = Vec::new();
        while let Some((issuer, view)) = views.pop() {
            match views.iter_mut().find(|(_, above)| issuer.as_ref() == Some(&above.name)) {
                Some((_, above)) => above.below.insert(0, view),
                None => chains.insert(0, view),
            }
        }
        TrustView { as_of: self.ground.now(), chains, statement: self.statement().facts }
    }
}

/// Whoever signs stands before those that it signed.
fn depth(purpose: Purpose) -> u8 {
    match purpose {
        Purpose::Root => 0,
        Purpose::Issuing => 1,
        Purpose::Responder => 2,
    }
}

fn read(facts: &OwnAuthority) -> AuthorityView {
    let certificate = &facts.certificate;
    let subject = certificate.subject();
    AuthorityView {
        name: facts.name.clone(),
        purpose: match facts.purpose {
            Purpose::Root => AuthorityPurpose::Root,
            Purpose::Issuing => AuthorityPurpose::Issuing,
            Purpose::Responder => AuthorityPurpose::Responder,
        },
        demo: facts.demo,
        common_name: subject.common_name().map_or_else(|| subject.to_string(), str::to_owned),
        subject: subject.to_string(),
        serial: certificate.serial_hex(),
        key: key_words::of(certificate.spki()),
        not_before: seconds(certificate.not_before()),
        not_after: seconds(certificate.not_after()),
        sm3: hex::encode(sm3(certificate.der())),
        sha256: sha256(certificate.der()),
        status: None,
        below: Vec::new(),
    }
}

pub(super) fn seconds(unix: i64) -> Moment {
    Moment::from_millis(unix.saturating_mul(1000))
}

pub(super) fn sha256(der: &[u8]) -> String {
    hex::encode(digest(&SHA256, der))
}
