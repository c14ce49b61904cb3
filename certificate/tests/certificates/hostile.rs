//! Bytes from a stranger: cut anywhere or with any bit turned, they are refused or read, and never end the process.

use certificate::profile::{ORGANISATION_SIGNING, STAFF_SIGN_IN};
use certificate::{Algorithm, Certificate, Draft, KeyKind, Request, request};

use crate::{golden, stage};

/// Everything that looks at a certificate.
fn look_at(certificate: &Certificate) {
    let _ = (
        certificate.key_kind(),
        certificate.public_key(),
        certificate.algorithm(),
        certificate.path_length(),
    );
    let _ = (certificate.key_usages(), certificate.subject_key_identifier(), certificate.serial_hex());
    let _ =
        (certificate.authority_key_identifier(), certificate.subject().to_string(), certificate.not_after());
}

#[test]
fn no_cut_and_no_turned_bit_of_a_golden_certificate_panics() {
    for (profile, certificate, issuer) in golden::all() {
        let der = certificate.der();
        for length in 0..der.len() {
            assert!(Certificate::from_der(&der[..length]).is_err(), "{} cut at {length}", profile.name);
        }
        // One bit in each octet; every bit of one profile.
        let bits = if profile == &ORGANISATION_SIGNING { 8 } else { 1 };
        for (at, bit) in (0..der.len()).flat_map(|at| (0..bits).map(move |bit| (at, bit))) {
            let mut changed = der.to_vec();
            changed[at] ^= 1 << ((at + bit) % 8);
            if let Ok(changed) = Certificate::from_der(&changed) {
                look_at(&changed);
            }
        }
        let tbs = certificate.tbs_der();
        for at in (0..tbs.len()).skip(profile.name.len() % 3).step_by(3) {
            let mut changed = tbs.to_vec();
            changed[at] ^= 1 << (at % 8);
            let _ = Draft::from_recorded(profile, &issuer.certificate, changed).lint();
            let cut = Draft::from_recorded(profile, &issuer.certificate, tbs[..at].to_vec());
            assert_eq!(cut.lint().unwrap_err()[0].rule, "readable");
        }
    }
}

/// One bit in each octet; the three whole certificates stand for their algorithms, since checking takes its time.
#[test]
fn no_turned_bit_of_a_certificate_verifies() {
    for algorithm in Algorithm::ALL {
        let (_, issuing) = stage::authorities_of(algorithm);
        let certificate = stage::holder(&issuing, &STAFF_SIGN_IN, 3);
        certificate.verify(&issuing.certificate).unwrap();
        for at in 0..certificate.der().len() {
            let mut changed = certificate.der().to_vec();
            changed[at] ^= 1 << (at % 8);
            let verdict = Certificate::from_der(&changed).map(|changed| changed.verify(&issuing.certificate));
            assert!(!matches!(verdict, Ok(Ok(()))), "{algorithm:?}, octet {at}");
        }
    }
}

#[test]
fn no_turned_bit_of_a_request_passes() {
    for kind in KeyKind::ALL {
        let der = request::build(&stage::name("示例", "示例"), &stage::key_of(kind, 3)).unwrap();
        assert_eq!(Request::verify(&der).unwrap().kind, kind);
        for at in 0..der.len() {
            let mut changed = der.clone();
            changed[at] ^= 1 << (at % 8);
            assert!(Request::verify(&changed).is_err(), "{kind:?}, octet {at}");
            assert!(Request::verify(&der[..at]).is_err(), "{kind:?}, cut at {at}");
        }
    }
}
