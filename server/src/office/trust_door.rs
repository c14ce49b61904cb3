//! The door between the trust centre and those who know the authorities and what they published.

use crate::ground::Ground;
use crate::issuing::{Issuing, KnownAuthority};
use crate::settings::Settings;
use crate::status::{ListFacts, Status};
use crate::trust::{House, OwnAuthority, Published, PublishedList, Trust};
use journey::moment::Moment;
use std::sync::Arc;

pub fn desk(ground: &Ground, settings: &Settings, issuing: &Issuing, status: &Status, demo: bool) -> Trust {
    let house = Arc::new(Desks { issuing: issuing.clone(), status: status.clone() });
    Trust::new(ground.clone(), house, &settings.authority, &settings.office.public_origin, demo)
}

struct Desks {
    issuing: Issuing,
    status: Status,
}

impl House for Desks {
    fn authorities(&self) -> Vec<OwnAuthority> {
        let own = |known: &Arc<KnownAuthority>| OwnAuthority {
            name: known.name.clone(),
            purpose: known.purpose,
            issuer: known.issuer.clone(),
            certificate: known.certificate.clone(),
            demo: known.demo,
            ocsp_url: known.places.ocsp_urls.first().cloned(),
        };
        self.issuing.authorities().list().iter().map(own).collect()
    }

    fn published(&self) -> Vec<Published> {
        let all = self.status.freshness().into_iter();
        all.map(|one| Published {
            issuer: one.issuer,
            full: one.full.as_ref().map(list),
            delta: one.delta.as_ref().map(list),
        })
        .collect()
    }
}

fn list(facts: &ListFacts) -> PublishedList {
    let seconds = |unix: i64| Moment::from_millis(unix.saturating_mul(1000));
    PublishedList {
        number: facts.number,
        base: facts.base,
        this_update: seconds(facts.this_update),
        next_update: seconds(facts.next_update),
        entries: facts.entries,
    }
}
