//! A good certificate for the rules' tests, and hands to break it in one place.

use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use x509_cert::ext::Extension;

use crate::dice::Dice;
use crate::draft::{Draft, Facts, Validity};
use crate::extension::Places;
use crate::profile::ORGANISATION_SIGNING;
use crate::tbs::Tbs;
use crate::{Authority, KeyPair, Name, NameParts, Serial};

/// 2026-11-01 00:00:00 UTC.
pub(super) const NOW: i64 = 1_793_491_200;

const YEAR: i64 = 365 * 24 * 60 * 60;

fn name(common_name: &str) -> Name {
    let parts =
        NameParts { country: Some("CN".into()), common_name: Some(common_name.into()), ..Default::default() };
    Name::from_parts(&parts).unwrap()
}

/// A root and the issuing authority below it, always the same two.
pub(super) fn authorities() -> (Authority, Authority) {
    let dice = &mut Dice::new(1);
    let mut key = || std::sync::Arc::new(KeyPair::generate(dice).unwrap());
    let (root_key, key) = (key(), key());
    let root = Authority::new_root(&name("根"), root_key, NOW, dice).unwrap();
    let issuing = root.new_issuing(&name("签发"), key, &Places::default(), NOW, dice).unwrap();
    (root, issuing)
}

pub(super) fn facts() -> Facts {
    let dice = &mut Dice::new(2);
    Facts {
        serial: Serial::generate(dice).unwrap(),
        subject: name("某单位"),
        spki: KeyPair::generate(dice).unwrap().public_key().to_spki_der(),
        validity: Validity { not_before: NOW, not_after: NOW + YEAR },
        identity_codes: Vec::new(),
    }
}

/// Breaks the good certificate, and demands that `rule` finds it and no other rule finds anything.
#[track_caller]
pub(super) fn fails(rule: &str, breaking: impl FnOnce(&mut Tbs)) {
    let (_, issuing) = authorities();
    let good =
        || Draft::new(&ORGANISATION_SIGNING, &issuing.certificate, &Places::default(), &facts()).unwrap();
    good().lint().expect("the specimen is good before it is broken");
    let mut draft = good();
    let mut tbs = Tbs::from_der(&draft.bytes).unwrap();
    breaking(&mut tbs);
    draft.bytes = tbs.to_der().unwrap();
    let findings = draft.lint().expect_err("no rule found anything");
    let found: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(found, [rule], "{findings:?}");
}

pub(super) fn remove(tbs: &mut Tbs, oid: ObjectIdentifier) {
    tbs.extensions.as_mut().unwrap().retain(|extension| extension.extn_id != oid);
}

pub(super) fn replace(tbs: &mut Tbs, extension: Extension) {
    let extensions = tbs.extensions.as_mut().unwrap();
    let place = extensions.iter_mut().find(|old| old.extn_id == extension.extn_id).unwrap();
    *place = extension;
}
