//! Draft → Linted → ToBeSigned → Signed: what is signed is what was meant, or nothing is.

use std::sync::Arc;

use certificate::draft::{Draft, DraftError};
use certificate::extension::Places;
use certificate::identity::{IdentityCode, IdentityForm};
use certificate::profile::{ISSUING_AUTHORITY, ORGANISATION_ENCRYPTION, ORGANISATION_SIGNING};
use certificate::read::ChainError;
use certificate::sign::{SignError, SignerError};
use certificate::{Algorithm, Certificate, Signer, ToBeSigned};

use crate::stage::{self, NOW, YEAR};

fn to_be_signed() -> ToBeSigned {
    let (_, issuing) = stage::authorities();
    let facts = stage::facts(&stage::key(3));
    let draft = Draft::new(&ORGANISATION_SIGNING, &issuing.certificate, &stage::places(), &facts).unwrap();
    draft.lint().unwrap().to_be_signed()
}

#[test]
fn a_signed_certificate_says_what_the_facts_say() {
    let (_, issuing) = stage::authorities();
    let facts = stage::facts(&stage::key(3));
    let certificate = stage::issue(&issuing, &ORGANISATION_SIGNING, &facts);
    assert_eq!(certificate.subject(), &facts.subject);
    assert_eq!(certificate.issuer(), issuing.certificate.subject());
    assert_eq!(certificate.serial_hex(), facts.serial.to_hex());
    assert_eq!((certificate.not_before(), certificate.not_after()), (NOW, NOW + YEAR));
    assert_eq!(certificate.spki(), facts.spki);
    assert!(!certificate.is_authority());
    assert_eq!(Certificate::from_pem(&certificate.to_pem()), Ok(certificate));
}

/// R138, R139: the two certificates of a pair share the name, not the key, and not one usage.
#[test]
fn the_two_certificates_of_a_pair_share_no_usage() {
    let (_, issuing) = stage::authorities();
    let signing = stage::issue(&issuing, &ORGANISATION_SIGNING, &stage::facts(&stage::key(3)));
    let encryption = stage::issue(&issuing, &ORGANISATION_ENCRYPTION, &stage::facts(&stage::key(4)));
    assert_eq!(signing.subject(), encryption.subject());
    assert!(signing.key_usages().iter().all(|usage| !encryption.has_usage(*usage)));
    assert!(!signing.key_usages().is_empty() && !encryption.key_usages().is_empty());
}

#[test]
fn the_recorded_bytes_are_the_signed_bytes() {
    let (_, issuing) = stage::authorities();
    let to_be_signed = to_be_signed();
    let recorded = to_be_signed.bytes().to_vec();
    let signed = to_be_signed.sign(&*issuing.key).unwrap();
    assert_eq!(signed.certificate().tbs_der(), recorded);
    // A crash after recording: the record leads to the very same certificate.
    let again = Draft::from_recorded(&ORGANISATION_SIGNING, &issuing.certificate, recorded);
    let again = again.lint().unwrap().to_be_signed().sign(&*issuing.key).unwrap();
    assert_eq!(again.der(), signed.der());
}

/// A record that somebody changed goes through the lints again, and stops there.
#[test]
fn a_record_for_another_profile_is_not_signed() {
    let (_, issuing) = stage::authorities();
    let recorded = to_be_signed().bytes().to_vec();
    let findings = Draft::from_recorded(&ORGANISATION_ENCRYPTION, &issuing.certificate, recorded).lint();
    assert_eq!(findings.unwrap_err()[0].rule, "key_usage");
    let garbage = Draft::from_recorded(&ORGANISATION_SIGNING, &issuing.certificate, vec![0x30, 0]).lint();
    assert_eq!(garbage.unwrap_err()[0].rule, "readable");
}

#[test]
fn another_key_than_the_issuers_does_not_sign() {
    let stranger = stage::key(77);
    assert_eq!(to_be_signed().sign(&stranger).unwrap_err(), SignError::OtherKey);
    // A signature by the stranger, brought from outside.
    let waiting = to_be_signed();
    let signature = stranger.sign(waiting.bytes()).unwrap();
    assert_eq!(waiting.attach(&signature).unwrap_err(), SignError::Signature(ChainError::Signature));
    assert_eq!(to_be_signed().attach(b"").unwrap_err(), SignError::Signature(ChainError::Signature));
}

/// A device that signs something else than it was given.
struct Faulty(Arc<dyn Signer>);

impl Signer for Faulty {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Sm2WithSm3
    }

    fn spki(&self) -> Vec<u8> {
        self.0.spki()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let mut other = message.to_vec();
        other[40] ^= 1;
        self.0.sign(&other)
    }
}

#[test]
fn a_faulty_signer_is_found_out() {
    let (_, issuing) = stage::authorities();
    let error = to_be_signed().sign(&Faulty(issuing.key.clone())).unwrap_err();
    assert_eq!(error, SignError::Signature(ChainError::Signature));
}

#[test]
fn no_changed_bit_of_a_certificate_passes() {
    let (_, issuing) = stage::authorities();
    let certificate = stage::issue(&issuing, &ORGANISATION_SIGNING, &stage::facts(&stage::key(3)));
    let der = certificate.der();
    for at in 0..der.len() {
        let mut changed = der.to_vec();
        changed[at] ^= 1;
        let verdict = Certificate::from_der(&changed).map(|changed| changed.verify(&issuing.certificate));
        assert!(!matches!(verdict, Ok(Ok(()))), "octet {at}");
    }
    for length in 0..der.len() {
        assert!(Certificate::from_der(&der[..length]).is_err(), "cut at {length}");
    }
    assert!(Certificate::from_der(&[der, &[0]].concat()).is_err(), "a tail");
}

/// Some authorities write NULL after SM2-with-SM3: accepted when inside and outside agree, refused when not.
#[test]
fn null_parameters_must_agree() {
    let (_, issuing) = stage::authorities();
    let certificate = stage::issue(&issuing, &ORGANISATION_SIGNING, &stage::facts(&stage::key(3)));
    let oid = [0x30, 0x0a, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75];
    let with_null = [&[0x30, 0x0c], &oid[2..], &[5, 0]].concat();
    let tbs = certificate.tbs_der();
    let at = tbs.windows(12).position(|window| window == oid).unwrap();
    let inner = [&tbs[4..at], &with_null, &tbs[at + 12..]].concat();
    let inner = [&[0x30, 0x82], &(inner.len() as u16).to_be_bytes()[..], &inner].concat();
    let signature = issuing.key.sign(&inner).unwrap();
    let signature = [&[3, signature.len() as u8 + 1, 0], &signature[..]].concat();
    let certificate = |algorithm: &[u8]| {
        let body = [&inner, algorithm, &signature].concat();
        Certificate::from_der(&[&[0x30, 0x82], &(body.len() as u16).to_be_bytes()[..], &body].concat())
    };
    certificate(&with_null).unwrap().verify(&issuing.certificate).unwrap();
    assert_eq!(certificate(&oid), Err(certificate::read::ReadError::TwoAlgorithms));
}

#[test]
fn identity_codes_stand_in_their_extensions() {
    let (_, issuing) = stage::authorities();
    let mut facts = stage::facts(&stage::key(3));
    let code = |oid: &str, form, value: &str| IdentityCode { oid: oid.into(), form, value: value.into() };
    let choice = |number, explicit| IdentityForm::Choice { number, explicit };
    facts.identity_codes = vec![
        code("1.2.156.10260.4.1.4", IdentityForm::Printable, "91110108MA01ABCD2X"),
        code("1.2.156.10260.4.1.1", choice(0, false), "A1"),
        code("1.3.6.1.4.1.32473.1", choice(1, true), "军"),
    ];
    let certificate = stage::issue(&issuing, &ORGANISATION_SIGNING, &facts);
    let organisation = certificate.extension_value("1.2.156.10260.4.1.4").unwrap();
    assert_eq!(organisation, b"\x13\x1291110108MA01ABCD2X");
    assert_eq!(certificate.extension_value("1.2.156.10260.4.1.1").unwrap(), b"\x80\x02A1");
    let officer = certificate.extension_value("1.3.6.1.4.1.32473.1").unwrap();
    assert_eq!(officer, b"\xa1\x05\x0c\x03\xe5\x86\x9b");
    let draft = Draft::new(&ISSUING_AUTHORITY, &issuing.certificate, &Places::default(), &facts);
    assert_eq!(draft.unwrap_err(), DraftError::IdentityCodes("issuing_authority"));
}

/// RFC 5280, 4.1.2.5: two digits for the year through 2049, four from 2050.
#[test]
fn dates_change_their_form_in_2050() {
    let (_, issuing) = stage::authorities();
    let mut facts = stage::facts(&stage::key(3));
    // 2049-12-31 23:59:59 and 2050-01-01 00:00:00: too late for the issuer, so look at the bytes before the lints.
    facts.validity.not_before = 2_524_607_999;
    facts.validity.not_after = 2_524_608_000;
    let draft = Draft::new(&ORGANISATION_SIGNING, &issuing.certificate, &Places::default(), &facts).unwrap();
    let findings = draft.lint().unwrap_err();
    assert_eq!(findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["issuer_life"]);
    facts.validity.not_before = -1;
    let draft = Draft::new(&ORGANISATION_SIGNING, &issuing.certificate, &Places::default(), &facts);
    assert_eq!(draft.unwrap_err(), DraftError::Date);
}
