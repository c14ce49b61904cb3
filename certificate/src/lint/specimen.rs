//! A good certificate for the rules' tests, and hands to break it in one place.

use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use x509_cert::ext::Extension;

use crate::dice::Dice;
use crate::draft::{Draft, Facts, Validity};
use crate::extension::Places;
use crate::profile::{ORGANISATION_SIGNING, Profile};
use crate::tbs::Tbs;
use crate::{Authority, Certificate, KeyKind, KeyPair, Name, NameParts, Serial, Signer, SoftwareKey};

/// 2026-11-01 00:00:00 UTC.
pub(super) const NOW: i64 = 1_793_491_200;

const DAY: i64 = 24 * 60 * 60;

/// A test key, made by `openssl genpkey`; it signs nothing but tests.
pub(super) const RSA_2048: &str = include_str!("../../tests/certificates/keys/rsa2048.pem");

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

/// Whatever the profile certifies, its first kind of key.
pub(super) fn facts(profile: &Profile) -> Facts {
    let dice = &mut Dice::new(2);
    let serial = Serial::generate(dice).unwrap();
    let key = match profile.key_kinds[0] {
        KeyKind::Rsa2048 => SoftwareKey::from_pkcs8_pem(RSA_2048).unwrap(),
        kind => SoftwareKey::generate(kind, dice).unwrap(),
    };
    let days = i64::from(profile.max_days).min(365);
    Facts {
        serial,
        subject: name("某单位"),
        spki: key.spki(),
        validity: Validity { not_before: NOW, not_after: NOW + days * DAY },
        identity_codes: Vec::new(),
    }
}

fn places() -> Places {
    Places {
        crl_urls: vec!["http://status.certhall.example/issuing.crl".into()],
        issuer_urls: vec!["http://status.certhall.example/issuing.crt".into()],
        ocsp_urls: vec!["http://status.certhall.example/ocsp".into()],
        policies: vec!["1.3.6.1.4.1.32473.2.1".into()],
    }
}

/// A root of a profile of its own.
pub(super) fn self_signed(profile: &'static Profile) -> Certificate {
    let key = KeyPair::generate(&mut Dice::new(3)).unwrap();
    let facts = Facts { subject: name("另一根"), spki: key.spki(), ..facts(profile) };
    let linted = Draft::self_signed(profile, &facts).unwrap().lint().unwrap();
    linted.to_be_signed().sign(&key).unwrap().into_certificate()
}

/// A good draft, with facts that `change` has touched.
pub(super) fn draft(profile: &'static Profile, change: impl FnOnce(&mut Facts)) -> Draft {
    let (_, issuing) = authorities();
    let mut facts = facts(profile);
    change(&mut facts);
    Draft::new(profile, &issuing.certificate, &places(), &facts).unwrap()
}

impl Draft {
    /// Changes the bytes behind everybody's back.
    pub(super) fn edit(&mut self, change: impl FnOnce(&mut Tbs)) {
        let mut tbs = Tbs::from_der(&self.bytes).unwrap();
        change(&mut tbs);
        self.bytes = tbs.to_der().unwrap();
    }
}

/// Breaks a holder's good certificate, and demands that `rule` finds it and no other rule finds anything.
#[track_caller]
pub(super) fn fails(rule: &str, breaking: impl FnOnce(&mut Tbs)) {
    fails_for(&ORGANISATION_SIGNING, rule, breaking);
}

#[track_caller]
pub(super) fn fails_for(profile: &'static Profile, rule: &str, breaking: impl FnOnce(&mut Tbs)) {
    draft(profile, |_| {}).lint().expect("the specimen is good before it is broken");
    let mut draft = draft(profile, |_| {});
    draft.edit(breaking);
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
