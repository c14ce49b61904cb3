//! The authorities as a tree, with fingerprints and what they publish.

use super::{OwnAuthority, Published, PublishedList, Trust, key_words};
use crate::store::authorities::Purpose;
use app::desk::trust::{AuthorityPurpose, AuthorityView, Freshness, ListView, StatusPlaces, TrustView};
use certificate::sm3;
use journey::moment::Moment;
use ring::digest::{SHA256, digest};

impl Trust {
    pub fn view(&self) -> TrustView {
        let mut all = self.house.authorities();
        all.sort_by_key(|authority| (depth(authority.purpose), authority.name.clone()));
        let published = self.house.published();
        let as_of = self.ground.now();
        let view = |one: &OwnAuthority| {
            let said = published.iter().find(|published| published.issuer == one.name);
            let status = said.and_then(|said| places(one, said, as_of));
            (one.issuer.clone(), AuthorityView { status, ..read(one) })
        };
        let mut views: Vec<_> = all.iter().map(view).collect();
        // From the bottom up: issuers stand before those that they signed, so that each finds its place from behind.
        let mut chains = Vec::new();
        while let Some((issuer, view)) = views.pop() {
            match views.iter_mut().find(|(_, above)| issuer.as_ref() == Some(&above.name)) {
                Some((_, above)) => above.below.insert(0, view),
                None => chains.insert(0, view),
            }
        }
        TrustView { as_of, chains, statement: self.statement().facts }
    }
}

/// Whoever signs stands before those that it signed.
fn depth(purpose: Purpose) -> u8 {
    match purpose {
        Purpose::Root => 0,
        Purpose::Issuing | Purpose::Upstream => 1,
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
            Purpose::Issuing | Purpose::Upstream => AuthorityPurpose::Issuing,
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

fn places(authority: &OwnAuthority, said: &Published, as_of: Moment) -> Option<StatusPlaces> {
    let list = |list: &PublishedList, ending: &str| ListView {
        number: list.number,
        base: list.base,
        this_update: list.this_update,
        next_update: list.next_update,
        entries: u32::try_from(list.entries).unwrap_or(u32::MAX),
        freshness: freshness(list, as_of),
        path: format!("/crl/{}{ending}.crl", authority.name),
    };
    Some(StatusPlaces {
        ocsp_url: authority.ocsp_url.clone()?,
        full: said.full.as_ref().map(|full| list(full, "")),
        delta: said.delta.as_ref().map(|delta| list(delta, "-delta")),
    })
}

fn freshness(list: &PublishedList, as_of: Moment) -> Freshness {
    let left = list.next_update.millis() - as_of.millis();
    let whole = list.next_update.millis() - list.this_update.millis();
    match left {
        ..=0 => Freshness::Over,
        _ if left < whole / 4 => Freshness::Ending,
        _ => Freshness::Fresh,
    }
}

pub(super) fn seconds(unix: i64) -> Moment {
    Moment::from_millis(unix.saturating_mul(1000))
}

pub(super) fn sha256(der: &[u8]) -> String {
    hex::encode(digest(&SHA256, der))
}
