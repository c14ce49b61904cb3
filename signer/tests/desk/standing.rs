//! Revocation lists and status answers: whose they must be, and what passes for one.

use std::fs;

use certificate::profile::OCSP_RESPONDER;
use certificate::revocation::{self, Contents, Entry, Reason};
use certificate::status::{self, Answer, CertificateId, Hash, Standing};
use certificate::{Algorithm, Certificate, KeyKind};
use signer::{Duty, Keyring, NewKey, SigningDesk, Work};

use crate::chain::openssl;
use crate::house::{House, NOW, name};

/// With a responder below `issuing`.
fn house(kind: KeyKind) -> (House, Keyring) {
    let house = House::new(kind);
    let mut ceremony = house.ceremony();
    let subject = name("Responder");
    let key = NewKey::File(kind);
    ceremony
        .new_below("responder_issuing", "issuing", &OCSP_RESPONDER, key, &subject, &Default::default())
        .unwrap();
    drop(ceremony);
    let ring = house.open();
    (house, ring)
}

async fn sign(ring: &Keyring, key: &str, work: Work) -> Result<Vec<u8>, &'static str> {
    ring.sign(key, vec![work]).await.remove(0).map_err(|e| e.code())
}

fn list(issuer: &Certificate) -> Vec<u8> {
    let entries = (1..200_u8).map(|n| Entry { serial: vec![n], at: NOW, reason: Reason::KeyCompromise });
    let contents = Contents {
        number: 7,
        base: None,
        this_update: NOW,
        next_update: NOW + 86_400,
        entries: entries.collect(),
        freshest_urls: vec!["http://ca.example/delta.crl".to_owned()],
        place_urls: Vec::new(),
    };
    let algorithm = Algorithm::of_key(issuer.spki()).unwrap();
    revocation::to_be_signed(issuer, algorithm, &contents).unwrap()
}

fn answer(issuer: &Certificate, responder: &Certificate) -> Vec<u8> {
    let id = CertificateId::new(Hash::Sha1, issuer, &[5]);
    let answer = Answer { id, standing: Standing::Good, this_update: NOW, next_update: Some(NOW + 3600) };
    status::to_be_signed(responder, NOW, &[answer.clone(), answer], Some(&[1; 16])).unwrap()
}

#[tokio::test]
async fn an_authority_signs_its_own_revocation_lists() {
    let (house, ring) = house(KeyKind::P256);
    let issuing = house.certificate("issuing");
    let to_be_signed = list(&issuing);
    let work = Work::RevocationList { to_be_signed: to_be_signed.clone() };
    let signature = sign(&ring, "issuing", work).await.unwrap();
    let crl = revocation::assemble(&to_be_signed, Algorithm::EcdsaWithSha256, &signature);
    let file = house.folder.path().join("issuing.crl");
    fs::write(&file, crl).unwrap();
    let issuer = house.settings.key_dir.join("issuing.crt").display().to_string();
    let file = file.display().to_string();
    let said = openssl(&["crl", "-inform", "DER", "-in", &file, "-CAfile", &issuer, "-noout"]);
    assert!(said.contains("verify OK"), "{said}");
}

#[tokio::test]
async fn a_list_of_another_issuer_or_by_another_key_is_refused() {
    let (house, ring) = house(KeyKind::Sm2);
    let work = |to_be_signed| Work::RevocationList { to_be_signed };
    let (issuing, root) = (house.certificate("issuing"), house.certificate("root"));
    assert_eq!(sign(&ring, "issuing", work(list(&root))).await, Err("signer_other_issuer"));
    assert_eq!(sign(&ring, "responder_issuing", work(list(&issuing))).await, Err("signer_wrong_duty"));
    assert!(sign(&ring, "root", work(list(&root))).await.is_ok());
}

#[tokio::test]
async fn a_responder_signs_answers_in_its_own_name() {
    let (house, ring) = house(KeyKind::Sm2);
    let (issuing, responder) = (house.certificate("issuing"), house.certificate("responder_issuing"));
    let work = |to_be_signed| Work::Status { to_be_signed };
    let ours = answer(&issuing, &responder);
    let signature = sign(&ring, "responder_issuing", work(ours.clone())).await.unwrap();
    certificate::verify(responder.spki(), Algorithm::Sm2WithSm3, &ours, &signature).unwrap();
    let another = work(answer(&issuing, &issuing));
    assert_eq!(sign(&ring, "responder_issuing", another).await, Err("signer_other_issuer"));
    assert_eq!(sign(&ring, "issuing", work(ours)).await, Err("signer_wrong_duty"));
    let duty = ring.list_keys().await.unwrap().into_iter().find(|key| key.name == "responder_issuing");
    assert_eq!(duty.unwrap().duty, Duty::Responder);
    let log = house.log();
    assert!(
        log.contains(r#""deed":"status","key":"responder_issuing","outcome":"granted","count":1"#),
        "{log}"
    );
}

/// No kind of work passes for another: a certificate is not a list, a list is not an answer.
#[tokio::test]
async fn one_thing_does_not_pass_for_another() {
    let (house, ring) = house(KeyKind::Sm2);
    let (issuing, responder) = (house.certificate("issuing"), house.certificate("responder_issuing"));
    let certificate = house.draft().bytes().to_vec();
    let (list, answer) = (list(&issuing), answer(&issuing, &responder));
    let trailing = |der: &[u8]| [der, &[0]].concat();
    for bytes in [certificate.clone(), answer.clone(), trailing(&list), list[..300].to_vec(), Vec::new()] {
        let work = Work::RevocationList { to_be_signed: bytes };
        assert_eq!(sign(&ring, "issuing", work).await, Err("signer_not_a_revocation_list"));
    }
    for bytes in [certificate, list.clone(), trailing(&answer), answer[..60].to_vec(), Vec::new()] {
        let work = Work::Status { to_be_signed: bytes };
        assert_eq!(sign(&ring, "responder_issuing", work).await, Err("signer_not_a_status"));
    }
    let mut work = house.work(&house.draft(), "order 1");
    if let Work::Certificate { to_be_signed, .. } = &mut work {
        *to_be_signed = list;
    }
    assert_eq!(sign(&ring, "issuing", work).await, Err("signer_lint"));
}

/// A key whose certificate allows neither has no place in the ring.
#[test]
fn a_holders_certificate_makes_no_responder() {
    let house = House::new(KeyKind::Sm2);
    let mut ceremony = house.ceremony();
    let profile = &certificate::profile::ORGANISATION_SIGNING;
    let key = NewKey::File(KeyKind::Sm2);
    ceremony.new_below("holder", "issuing", profile, key, &name("Holder"), &Default::default()).unwrap();
    drop(ceremony);
    let error = house.try_open().err().unwrap();
    assert!(error.to_string().contains("neither"), "{error}");
}
