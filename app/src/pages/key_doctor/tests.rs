//! What the page says of a place, from the facts.

use super::examine::{Certificate, Facts};
use super::judge::{Health, judge};
use crate::key_access::search::{Found, Look};
use crate::key_access::station::Station;
use crate::key_access::{AccessError, Way};
use key::KeyError;
use key::message::KeyState;
use key::message::{KeyRef, KeySummary};

const DAY: i64 = 24 * 60 * 60;

fn summary(pin_left: Option<u8>) -> KeySummary {
    KeySummary {
        key: KeyRef("hid:1".into()),
        label: "某某公司".into(),
        serial: "SK00001234".into(),
        state: KeyState::Personalised,
        certificate_name: Some("某某公司".into()),
        pin_left,
    }
}

fn healthy() -> Facts {
    let key = summary(Some(10));
    Facts {
        secure: true,
        hid: true,
        usb: true,
        ahead: Some(2),
        station: Ok(Station { helper_version: "0.1.0".into(), key: String::new() }),
        looks: vec![Look { way: Way::Hid, seen: Ok(vec![key.clone()]) }],
        key: Ok(Found { way: Way::Hid, key }),
        certificate: Some(Certificate { begins_in: -DAY, ends_in: 200 * DAY }),
    }
}

fn codes(facts: &Facts) -> Vec<(&'static str, Health)> {
    judge(facts).into_iter().map(|finding| (finding.code, finding.health)).collect()
}

#[test]
fn a_healthy_place_has_nothing_to_do() {
    let findings = judge(&healthy());
    assert!(
        findings.iter().all(|finding| finding.health == Health::Good && finding.todo.is_empty()),
        "{findings:?}"
    );
}

/// Every fault has a sentence that says what to do, or a button.
#[test]
fn r163_each_fault_says_what_to_do() {
    let mut sick = healthy();
    sick.secure = false;
    sick.ahead = Some(-3600);
    sick.looks = vec![Look { way: Way::Hid, seen: Err(KeyError::Busy.into()) }];
    sick.station = Err(KeyError::HelperMissing.into());
    sick.key = Err(AccessError::SeveralKeys(2));
    let findings = judge(&sick);
    assert_eq!(findings.len(), 5);
    assert!(
        findings.iter().all(|finding| finding.health == Health::Bad && !finding.todo.is_empty()),
        "{findings:?}"
    );
}

#[test]
fn a_missing_helper_is_no_fault_where_the_key_is_reached_without() {
    let facts = Facts { station: Err(KeyError::ExtensionMissing.into()), ..healthy() };
    assert!(codes(&facts).contains(&("key.extension_missing", Health::Note)));
    let facts = Facts { key: Err(AccessError::NoKey), ..facts };
    assert!(codes(&facts).contains(&("key.extension_missing", Health::Bad)));
}

#[test]
fn b06_the_gauge_before_anybody_types() {
    for (left, code) in
        [(Some(10), "pin.good"), (Some(2), "pin.few"), (Some(0), "pin.locked"), (None, "pin.unset")]
    {
        let key = Ok(Found { way: Way::Hid, key: summary(left) });
        assert_eq!(codes(&Facts { key, ..healthy() }).last().unwrap().0, code);
    }
}

#[test]
fn the_certificate_by_the_offices_clock() {
    for (begins_in, ends_in, code) in [
        (-DAY, 90 * DAY, "certificate.good"),
        (-DAY, 90 * DAY - 1, "certificate.soon"),
        (-DAY, -1, "certificate.expired"),
        (1, DAY, "certificate.not_yet"),
    ] {
        let certificate = Some(Certificate { begins_in, ends_in });
        assert!(codes(&Facts { certificate, ..healthy() }).iter().any(|(found, _)| *found == code), "{code}");
    }
}
