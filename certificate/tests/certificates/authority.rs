//! The authority of the first start: its certificates say what an authority's must.

use std::sync::Arc;

use certificate::authority::AuthorityError;
use certificate::extension::{ExtendedUsage, KeyUsages};
use certificate::read::{self, ChainError};
use certificate::{Algorithm, Authority, KeyKind, PrivateKeyError, Profile, SoftwareKey, profile};

use crate::dice::Dice;
use crate::stage::{self, NOW, YEAR};

#[test]
fn the_root_signs_itself_and_the_issuing_authority() {
    let (root, issuing) = stage::authorities();
    root.certificate.verify(&root.certificate).unwrap();
    issuing.certificate.verify(&root.certificate).unwrap();
    for certificate in [&root.certificate, &issuing.certificate] {
        assert!(certificate.is_authority());
        assert_eq!(certificate.key_usages(), [KeyUsages::KeyCertSign, KeyUsages::CRLSign]);
        // GmSSL refuses more than 3653 days.
        assert!(certificate.not_after() - certificate.not_before() <= 3653 * 24 * 60 * 60);
    }
    assert_eq!((root.certificate.path_length(), issuing.certificate.path_length()), (None, Some(0)));
}

/// An issuing authority made years later ends with its root.
#[test]
fn a_late_issuing_authority_ends_with_its_root() {
    let (root, _) = stage::authorities();
    let name = stage::name("证书大厅", "二号");
    let late = root
        .new_issuing(&name, Arc::new(stage::key(98)), &stage::places(), NOW + 8 * YEAR, &mut Dice::new(2))
        .unwrap();
    assert_eq!(late.certificate.not_after(), root.certificate.not_after());
}

#[test]
fn a_chain_holds_link_by_link() {
    let (root, issuing) = stage::authorities();
    let leaf = stage::issue(&issuing, &profile::ORGANISATION_SIGNING, &stage::facts(&stage::key(3)));
    let chain = [leaf.clone(), issuing.certificate.clone()];
    let check = |at| read::verify_chain(&chain, &root.certificate, at);
    assert_eq!(check(NOW), Ok(()));
    assert_eq!(check(NOW + YEAR), Ok(()), "the last second is still good");
    assert_eq!(check(NOW + YEAR + 1), Err(ChainError::Expired));
    assert_eq!(check(NOW - 1), Err(ChainError::NotYetValid));
    assert_eq!(leaf.verify(&root.certificate), Err(ChainError::OtherIssuer));
    assert_eq!(leaf.verify(&leaf), Err(ChainError::OtherIssuer));
    let skipped = read::verify_chain(&[leaf], &root.certificate, NOW);
    assert_eq!(skipped, Err(ChainError::OtherIssuer));
}

/// The same name, another key: the identifier tells before the signature is tried.
#[test]
fn a_namesake_is_another_issuer() {
    let (root, issuing) = stage::authorities();
    let name = stage::name("证书大厅", "证书大厅签发 demo");
    let namesake =
        root.new_issuing(&name, Arc::new(stage::key(98)), &stage::places(), NOW, &mut Dice::new(99)).unwrap();
    let leaf = stage::issue(&issuing, &profile::ORGANISATION_SIGNING, &stage::facts(&stage::key(3)));
    assert_eq!(namesake.certificate.subject(), issuing.certificate.subject());
    assert_eq!(leaf.verify(&namesake.certificate), Err(ChainError::OtherIssuerKey));
    assert_eq!(leaf.verify_signature(namesake.certificate.spki()), Err(ChainError::Signature));
}

#[test]
fn an_authority_is_put_together_with_its_own_key_only() {
    let (root, issuing) = stage::authorities();
    let error = Authority::from_parts(root.certificate.clone(), issuing.key).unwrap_err();
    assert_eq!(error, AuthorityError::OtherKey);
    Authority::from_parts(root.certificate, root.key).unwrap();
}

/// RFC 6960, 4.2.2.2: what whoever trusts an answer looks at.
#[test]
fn a_responder_answers_for_its_issuer_alone() {
    for algorithm in Algorithm::ALL {
        let (_, issuing) = stage::authorities_of(algorithm);
        let key = Arc::new(stage::key_of(KeyKind::P256, 97));
        let name = stage::name("证书大厅", "状态应答");
        let responder = issuing.new_responder(&name, key, &stage::places(), NOW, &mut Dice::new(3)).unwrap();
        let certificate = &responder.certificate;
        certificate.verify(&issuing.certificate).unwrap();
        assert!(certificate.has_extended_usage(ExtendedUsage::OcspSigning));
        assert_eq!(certificate.key_usages(), [KeyUsages::DigitalSignature]);
        assert_eq!(certificate.extension_value("1.3.6.1.5.5.7.48.1.5"), Some(&[5, 0][..]), "nocheck");
        assert_eq!(certificate.not_after() - certificate.not_before(), 31 * 24 * 60 * 60);
        assert!(!certificate.is_authority());
    }
}

/// RSA keys are not made here: they come from OpenSSL, or stay in a device.
#[test]
fn rsa_keys_are_not_generated() {
    for kind in [KeyKind::Rsa2048, KeyKind::Rsa3072] {
        let error = SoftwareKey::generate(kind, &mut Dice::new(1)).unwrap_err();
        assert_eq!(error, PrivateKeyError::NoRsaDice);
    }
}

#[test]
fn a_software_key_prints_no_secret() {
    for kind in KeyKind::ALL {
        let printed = format!("{:?}", stage::key_of(kind, 3));
        assert_eq!(printed, format!("SoftwareKey {{ kind: {kind:?}, .. }}"));
    }
}

#[test]
fn every_profile_is_found_by_its_name() {
    for profile in Profile::ALL {
        assert_eq!(Profile::find_by_name(profile.name), Some(profile));
    }
    assert_eq!(Profile::find_by_name("nobody"), None);
}
