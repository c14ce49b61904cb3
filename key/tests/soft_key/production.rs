//! From a blank key to somebody's key, and everything that must not happen on the way.

use certificate::{KeyPair, PublicKey, Request, cipher, envelope, profile::ORGANISATION_SIGNING};
use futures::executor::block_on;
use getrandom::SysRng;
use key::{
    KeyError,
    key::{Key, Life, Slot},
    production::read_back,
    statement,
};

use super::{Desk, NONCE, SERIAL, admin, begin, install, subject, user};

#[test]
fn a_blank_key_becomes_a_key_with_a_double_certificate() {
    let desk = Desk::set_up();
    let mut key = desk.open();
    // It comes out of the drawer with nothing on it.
    let identity = block_on(key.identify()).unwrap();
    assert_eq!(
        (identity.serial.as_str(), identity.label.as_str(), identity.life),
        (SERIAL, "", Life::Creation)
    );
    assert_eq!(block_on(key.read_certificate(Slot::Sign)), Ok(None));
    // R138: the pair is made on the key; what comes out is a request that proves possession.
    let made = begin(&mut key).unwrap();
    let request = Request::verify(&made.request).unwrap();
    assert_eq!(request.subject.common_name(), Some("北京示例科技有限公司"));
    assert_eq!(request.subject.serial_number(), Some("91110108MA01ABCDE6"));
    // The proof binds nonce, serial and request to the new key.
    let signing = PublicKey::from_spki_der(&request.spki).unwrap();
    signing.verify(&statement::personalised(NONCE, SERIAL, &made.request), &made.proof).unwrap();
    assert!(
        signing.verify(&statement::personalised(NONCE, "SK00000002", &made.request), &made.proof).is_err()
    );
    // The office issues; the envelope and both certificates go onto the key (R139).
    let issued = desk.office.issue(&made.request);
    install(&mut key, &issued).unwrap();
    // R140: read back, and both private keys prove themselves.
    let challenge = [7; 32];
    let sealed = cipher::encrypt(&issued.encryption_key, &challenge, &mut SysRng).unwrap();
    let read = block_on(read_back(&mut key, NONCE, Some(&sealed))).unwrap();
    assert_eq!(read.sign_certificate, issued.sign_certificate);
    assert_eq!(read.encrypt_certificate, issued.encrypt_certificate);
    let said = statement::read_back(NONCE, SERIAL, &issued.sign_certificate, &issued.encrypt_certificate);
    desk.office.accept(&read.sign_certificate, &said, &read.signature);
    assert_eq!(read.encryption_proof, Some(statement::encryption_proof(NONCE, &challenge)));
    // The key is finished, and says whose it is without a PIN (K01).
    let mut fresh = desk.open();
    assert_eq!(block_on(fresh.identify()).unwrap().life, Life::Operational);
    let facts = key::certificate_facts::read(&block_on(fresh.read_certificate(Slot::Sign)).unwrap().unwrap())
        .unwrap();
    assert_eq!(facts.common_name.as_deref(), Some("北京示例科技有限公司"));
}

#[test]
fn r138_no_command_lets_the_signing_key_out() {
    let desk = Desk::set_up();
    let (mut key, _) = desk.finished();
    let file = std::fs::read_to_string(desk.file("softkey")).unwrap();
    let file: serde_json::Value = serde_json::from_str(&file).unwrap();
    let secret = hex::decode(file["sign"]["pair"].as_str().unwrap()).unwrap();
    assert_eq!(secret.len(), 32);
    // Everything that can be read or made with the PIN open, searched for the 32 bytes.
    let mut seen = vec![block_on(key.sign(b"anything")).unwrap()];
    for slot in [Slot::Sign, Slot::Encrypt] {
        seen.push(block_on(key.public_point(slot)).unwrap().to_vec());
        seen.push(block_on(key.read_certificate(slot)).unwrap().unwrap());
    }
    assert!(seen.iter().all(|bytes| bytes.windows(32).all(|window| window != secret)));
    // And there is no way to put one in: the signing pair is made by the key or not at all.
    let answers = desk.every_object_tag(&mut key);
    assert!(answers.iter().all(|bytes| bytes.windows(32).all(|window| window != secret)));
}

#[test]
fn personalising_may_be_repeated_until_the_key_is_finished() {
    let desk = Desk::set_up();
    let mut key = desk.open();
    let first = begin(&mut key).unwrap();
    // The answer was lost, the office asks again: a new pair, the old request is worth nothing.
    let second = begin(&mut key).unwrap();
    assert_ne!(first.request, second.request);
    assert_eq!(install(&mut key, &desk.office.issue(&first.request)), Err(KeyError::BadEnvelope));
    let issued = desk.office.issue(&second.request);
    install(&mut key, &issued).unwrap();
    // Finished: the same certificates again are fine (the answer may have been lost), anything else is refused.
    assert_eq!(install(&mut key, &issued), Ok(()));
    assert_eq!(install(&mut key, &desk.office.issue(&second.request)), Err(KeyError::AlreadyPersonalised));
    assert_eq!(begin(&mut key).err(), Some(KeyError::AlreadyPersonalised));
    assert_eq!(block_on(key.generate()).err(), Some(KeyError::AlreadyPersonalised));
    // And none of the refusals has hurt it.
    assert!(block_on(read_back(&mut key, NONCE, None)).is_ok());
}

#[test]
fn r139_an_envelope_for_another_key_or_with_a_false_pair_is_refused() {
    let desk = Desk::set_up();
    let mut key = desk.open();
    let made = begin(&mut key).unwrap();
    let issued = desk.office.issue(&made.request);
    let signing = PublicKey::from_spki_der(&Request::verify(&made.request).unwrap().spki).unwrap();
    let pair = KeyPair::generate(&mut SysRng).unwrap();
    let other = KeyPair::generate(&mut SysRng).unwrap();
    // Sealed to somebody else.
    let foreign = envelope::seal(&pair, &other.public_key(), envelope::Layout::Bytes32, &mut SysRng).unwrap();
    assert_eq!(block_on(key.import_pair(&foreign)), Err(KeyError::BadEnvelope));
    // Sealed to this key, but the public point inside is exchanged: d·G does not match.
    let good = envelope::seal(&pair, &signing, envelope::Layout::Bytes32, &mut SysRng).unwrap();
    let at = good.windows(65).position(|window| window == pair.public_key().to_point()).unwrap();
    let mut false_pair = good.clone();
    false_pair[at..at + 65].copy_from_slice(&other.public_key().to_point());
    assert_eq!(block_on(key.import_pair(&false_pair)), Err(KeyError::BadEnvelope));
    // Every single flipped byte is noticed: either the form breaks, or the pair does not match, or nothing opens.
    for at in (0..good.len()).step_by(7) {
        let mut bent = good.clone();
        bent[at] ^= 1;
        assert!(block_on(key.import_pair(&bent)).is_err(), "byte {at}");
    }
    // The plain private key is no envelope.
    assert_eq!(block_on(key.import_pair(&pair.to_bytes()[..])), Err(KeyError::BadEnvelope));
    assert_eq!(block_on(key.public_point(Slot::Encrypt)), Err(KeyError::NotFound));
    // The right one still goes in.
    install(&mut key, &issued).unwrap();
}

#[test]
fn a_certificate_for_another_pair_is_refused() {
    let desk = Desk::set_up();
    let mut key = desk.open();
    let made = begin(&mut key).unwrap();
    let mut issued = desk.office.issue(&made.request);
    let stranger = KeyPair::generate(&mut SysRng).unwrap().public_key();
    let name = Request::verify(&made.request).unwrap().subject;
    issued.sign_certificate = desk.office.certificate(&ORGANISATION_SIGNING, &name, &stranger);
    assert_eq!(install(&mut key, &issued), Err(KeyError::BadCertificate));
    assert_eq!(
        block_on(key.write_certificate(Slot::Sign, b"not a certificate")),
        Err(KeyError::BadCertificate)
    );
    assert_eq!(block_on(key.identify()).unwrap().life, Life::Creation);
}

#[test]
fn secrets_need_the_pin_in_this_very_session() {
    let desk = Desk::set_up();
    let (mut key, issued) = desk.finished();
    let sealed = cipher::encrypt(&issued.encryption_key, b"secret", &mut SysRng).unwrap();
    assert_eq!(block_on(key.decrypt(&sealed)).unwrap(), b"secret");
    // Another session on the same inserted key starts without any rights.
    let mut other = desk.open();
    assert_eq!(block_on(other.sign(b"x")), Err(KeyError::NotLoggedIn));
    assert_eq!(block_on(other.decrypt(&sealed)), Err(KeyError::NotLoggedIn));
    assert_eq!(block_on(other.import_pair(&issued.enveloped_key)), Err(KeyError::NotLoggedIn));
    assert_eq!(
        block_on(other.write_certificate(Slot::Sign, &issued.sign_certificate)),
        Err(KeyError::NotLoggedIn)
    );
    assert_eq!(block_on(read_back(&mut other, NONCE, None)).err(), Some(KeyError::NotLoggedIn));
}

#[test]
fn a_nonce_that_could_be_guessed_or_smuggle_lines_never_reaches_the_key() {
    let desk = Desk::set_up();
    let mut key = desk.open();
    let before = desk.drawer.journal(SERIAL).unwrap().len();
    for nonce in ["", "00", "zz112233445566778899aabbccddeeff", "00112233445566778899aabbccddeeff\n1"] {
        let refused =
            block_on(key::production::personalise(&mut key, "", &admin(), &user(), &subject(), nonce));
        assert!(matches!(refused.err(), Some(KeyError::Malformed(_))), "{nonce:?}");
    }
    assert_eq!(desk.drawer.journal(SERIAL).unwrap().len(), before);
}
