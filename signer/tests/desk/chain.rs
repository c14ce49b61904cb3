//! What OpenSSL, which knows nothing of us, says of a house's chain; and which keys a house refuses.

use std::fs;
use std::process::Command;

use certificate::KeyKind;
use signer::SigningDesk;

use crate::house::House;

pub fn openssl(arguments: &[&str]) -> String {
    let output = Command::new("openssl").args(arguments).output().unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "openssl {arguments:?}: {said}");
    said
}

/// A leaf under `issuing`, and `openssl verify` over the whole chain.
pub async fn judge(house: &House) {
    let ring = house.open();
    let draft = house.draft_of(&certificate::profile::ORGANISATION_SIGNING, &crate::house::subject_key());
    let signature = ring.sign("issuing", vec![house.work(&draft, "chain")]).await.remove(0).unwrap();
    let leaf = house.folder.path().join("leaf.crt");
    fs::write(&leaf, draft.attach(&signature).unwrap().certificate().to_pem()).unwrap();
    let file = |name: &str| house.settings.key_dir.join(name).display().to_string();
    let (root, issuing, leaf) = (file("root.crt"), file("issuing.crt"), leaf.display().to_string());
    let at = crate::house::NOW.to_string();
    let said = openssl(&[
        "verify",
        "-x509_strict",
        "-check_ss_sig",
        "-attime",
        &at,
        "-CAfile",
        &root,
        "-untrusted",
        &issuing,
        &leaf,
    ]);
    assert!(said.contains("OK"), "{said}");
}

#[tokio::test]
async fn openssl_accepts_a_p256_chain() {
    judge(&House::new(KeyKind::P256)).await;
}

#[test]
fn a_demo_key_is_refused_outside_a_demo() {
    let mut house = House::new(KeyKind::Sm2);
    house.settings.demo = false;
    let error = house.try_open().err().unwrap();
    assert!(error.to_string().contains("demo key"), "{error}");
}

#[test]
fn a_key_under_anothers_certificate_is_refused() {
    let house = House::new(KeyKind::Sm2);
    let file = |name: &str| house.settings.key_dir.join(name);
    fs::copy(file("root.crt"), file("issuing.crt")).unwrap();
    let error = house.try_open().err().unwrap();
    assert!(error.to_string().contains("not that of its certificate"), "{error}");
}

/// An offline root: its certificate stays, its key is kept elsewhere.
#[tokio::test]
async fn a_certificate_without_its_key_is_only_known() {
    let house = House::new(KeyKind::Sm2);
    fs::remove_file(house.settings.key_dir.join("root.key")).unwrap();
    let names: Vec<_> = house.open().list_keys().await.unwrap().into_iter().map(|key| key.name).collect();
    assert_eq!(names, ["issuing"]);
}

#[test]
fn a_ceremony_writes_minutes_and_never_makes_a_thing_twice() {
    let house = House::new(KeyKind::Sm2);
    let mut ceremony = house.ceremony();
    let again = ceremony.new_root("root", signer::NewKey::File(KeyKind::Sm2), &crate::house::name("R"));
    assert!(again.unwrap_err().to_string().contains("already"));
    for wrong in ["log", "../root", "", "a b"] {
        assert!(ceremony.new_key(wrong, signer::NewKey::File(KeyKind::Sm2)).is_err(), "{wrong}");
    }
    let spki = ceremony.new_key("spare", signer::NewKey::File(KeyKind::P256)).unwrap();
    let digest = certificate::digest::hex(&certificate::digest::spki_digest(&spki));
    assert!(ceremony.minutes().contains(&digest), "{}", ceremony.minutes());
}

/// A certificate that could not be kept was signed all the same: the log knows its bytes.
#[test]
fn what_a_ceremony_signs_stands_in_the_log_before() {
    let house = House::new(KeyKind::Sm2);
    let log = house.log();
    for name in ["root", "issuing"] {
        let digest = certificate::digest::hex(&certificate::sm3(house.certificate(name).tbs_der()));
        let at = |needle: &str| log.lines().position(|line| line.contains(needle)).unwrap();
        let whole = certificate::digest::hex(&certificate::sm3(house.certificate(name).der()));
        assert!(at(&digest) < at(&whole), "{log}");
    }
    // The place of the certificate is taken by a folder's name that no file can have.
    let mut ceremony = house.ceremony();
    let place = house.settings.key_dir.join("spare.crt");
    std::os::unix::fs::symlink("nowhere", &place).unwrap();
    ceremony.new_root("spare", signer::NewKey::File(KeyKind::P256), &crate::house::name("S")).unwrap_err();
    drop(ceremony);
    assert!(house.log().contains("证书 spare：将由 spare 签发"), "{}", house.log());
}
