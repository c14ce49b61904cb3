//! From a blank key to somebody's key.

use certificate::{PublicKey, Request, cipher};
use futures::executor::block_on;
use getrandom::SysRng;
use key::{
    KeyError,
    key::{Key, Life, Slot},
    production::read_back,
    statement,
};

use super::{NONCE, Stand, begin, finished, install};

laws! {
    r138_r139_r140_a_blank_key_becomes_a_double_certificate,
    secrets_need_the_pin_in_this_very_session,
    making_may_begin_anew_until_the_key_is_finished,
    r139_what_is_not_for_this_key_is_refused,
}

fn r138_r139_r140_a_blank_key_becomes_a_double_certificate(stand: &mut impl Stand) {
    let serial = stand.blank();
    let mut key = stand.open().unwrap();
    let identity = block_on(key.identify()).unwrap();
    assert_eq!((identity.serial.as_str(), identity.life), (serial.as_str(), Life::Creation));
    assert_eq!(block_on(key.read_certificate(Slot::Sign)), Ok(None));
    assert_eq!(block_on(key.public_point(Slot::Sign)), Err(KeyError::NotFound));
    // The pair is made on the key; what comes out is a request that proves possession.
    let made = begin(&mut key).unwrap();
    let request = Request::verify(&made.request).unwrap();
    assert_eq!(request.subject.common_name(), Some("北京示例科技有限公司"));
    let signing = PublicKey::from_spki_der(&request.spki).unwrap();
    assert_eq!(block_on(key.public_point(Slot::Sign)), Ok(signing.to_point()));
    signing.verify(&statement::personalised(NONCE, &serial, &made.request), &made.proof).unwrap();
    // Read back, and both private keys prove themselves.
    let issued = stand.office().issue(&made.request);
    install(&mut key, &issued).unwrap();
    let sealed = cipher::encrypt(&issued.encryption_key, &[7; 32], &mut SysRng).unwrap();
    let read = block_on(read_back(&mut key, NONCE, Some(&sealed))).unwrap();
    assert_eq!(read.sign_certificate, issued.sign_certificate);
    assert_eq!(read.encrypt_certificate, issued.encrypt_certificate);
    let said = statement::read_back(NONCE, &serial, &issued.sign_certificate, &issued.encrypt_certificate);
    stand.office().accept(&read.sign_certificate, &said, &read.signature);
    assert_eq!(read.encryption_proof, Some(statement::encryption_proof(NONCE, &[7; 32])));
    // K01: whose it is shows without a PIN, to a session that knows nothing.
    drop(key);
    let mut fresh = stand.open().unwrap();
    let identity = block_on(fresh.identify()).unwrap();
    assert_eq!((identity.label.as_str(), identity.life), ("示例科技", Life::Operational));
    let certificate = block_on(fresh.read_certificate(Slot::Sign)).unwrap().unwrap();
    let facts = key::certificate_facts::read(&certificate).unwrap();
    assert_eq!(facts.common_name.as_deref(), Some("北京示例科技有限公司"));
    assert_eq!(key::certificate_facts::may_sign(&issued.sign_certificate), Some(true));
    assert_eq!(key::certificate_facts::may_sign(&issued.encrypt_certificate), Some(false));
}

fn secrets_need_the_pin_in_this_very_session(stand: &mut impl Stand) {
    let (mut key, issued) = finished(stand);
    let sealed = cipher::encrypt(&issued.encryption_key, b"secret", &mut SysRng).unwrap();
    assert_eq!(block_on(key.decrypt(&sealed)).unwrap(), b"secret");
    let signature = block_on(key.sign(b"a statement")).unwrap();
    stand.office().accept(&issued.sign_certificate, b"a statement", &signature);
    drop(key);
    let mut other = stand.open().unwrap();
    assert_eq!(block_on(other.sign(b"x")), Err(KeyError::NotLoggedIn));
    assert_eq!(block_on(other.decrypt(&sealed)), Err(KeyError::NotLoggedIn));
    assert_eq!(block_on(read_back(&mut other, NONCE, None)).err(), Some(KeyError::NotLoggedIn));
}

fn making_may_begin_anew_until_the_key_is_finished(stand: &mut impl Stand) {
    stand.blank();
    let mut key = stand.open().unwrap();
    let first = begin(&mut key).unwrap();
    // The answer was lost, the office asks again: a new pair, the old request is worth nothing.
    let second = begin(&mut key).unwrap();
    assert_ne!(first.request, second.request);
    assert_eq!(install(&mut key, &stand.office().issue(&first.request)), Err(KeyError::BadEnvelope));
    let issued = stand.office().issue(&second.request);
    install(&mut key, &issued).unwrap();
    // The same certificates again are fine, anything else is refused, and none of the refusals hurts.
    assert_eq!(install(&mut key, &issued), Ok(()));
    let other = stand.office().issue(&second.request);
    assert_eq!(install(&mut key, &other), Err(KeyError::AlreadyPersonalised));
    assert_eq!(begin(&mut key).err(), Some(KeyError::AlreadyPersonalised));
    assert_eq!(block_on(key.generate()).err(), Some(KeyError::AlreadyPersonalised));
    assert!(block_on(read_back(&mut key, NONCE, None)).is_ok());
}

fn r139_what_is_not_for_this_key_is_refused(stand: &mut impl Stand) {
    let (other, foreign) = finished(stand);
    drop(other);
    stand.blank();
    let mut key = stand.open().unwrap();
    let issued = stand.office().issue(&begin(&mut key).unwrap().request);
    assert_eq!(block_on(key.import_pair(&foreign.enveloped_key)), Err(KeyError::BadEnvelope));
    assert_eq!(block_on(key.import_pair(b"no envelope")), Err(KeyError::BadEnvelope));
    assert_eq!(block_on(key.public_point(Slot::Encrypt)), Err(KeyError::NotFound));
    let certificate = &foreign.sign_certificate;
    assert_eq!(block_on(key.write_certificate(Slot::Sign, certificate)), Err(KeyError::BadCertificate));
    assert_eq!(block_on(key.write_certificate(Slot::Sign, b"none")), Err(KeyError::BadCertificate));
    install(&mut key, &issued).unwrap();
}
