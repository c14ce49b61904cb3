//! What the office releases to unblock a key, through the helper: good at one station, for one key, once and for a while
//! (R081, B07). Each time with a mandate of its own: a page that may ask is not yet one that may unblock.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine, engine::general_purpose::STANDARD};
use certificate::{PublicKey, cipher};
use futures::executor::block_on;
use getrandom::SysRng;
use key::{
    KeyError, Pin,
    authorisation::Authorisation,
    key::{Key, PinKind},
    message::{Answer, KeyRef, NameParts, Request},
    production::{install, personalise},
    session::ApduKey,
    statement,
};

use super::{Desk, Helper, office::Office};

const NONCE: &str = "00112233445566778899aabbccddeeff";
const ORDER: &str = "CH20261122";

fn first_admin() -> Pin {
    Pin::new("ADMINADMIN234567")
}

/// Somebody's finished key, and whose signatures are its own.
fn made(desk: &Desk, office: &Office, serial: &str) -> Vec<u8> {
    let mut key = block_on(ApduKey::open(desk.drawer.open(serial).unwrap())).unwrap();
    let subject = NameParts { country: "CN".into(), common_name: "示例".into(), ..NameParts::default() };
    let user = Pin::new("Kx7-uQ92");
    let made = block_on(personalise(&mut key, "示例", &first_admin(), &user, &subject, NONCE)).unwrap();
    let issued = office.issue(&made.request);
    let (sign, encrypt) = (&issued.sign_certificate, &issued.encrypt_certificate);
    block_on(install(&mut key, sign, encrypt, &issued.enveloped_key)).unwrap();
    issued.sign_certificate
}

fn released(serial: &str, number: u8, admin: Pin, next: &str) -> Authorisation {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64;
    let (serial, order, nonce) = (serial.into(), ORDER.into(), hex::encode([number; 16]));
    Authorisation { serial, order, nonce, ends_at: now + 60_000, admin: vec![admin], next: Pin::new(next) }
}

fn sealed(helper: &mut Helper, authorisation: &Authorisation) -> String {
    let station = PublicKey::from_spki_der(&STANDARD.decode(helper.station()).unwrap()).unwrap();
    let text = serde_json::to_vec(authorisation).unwrap();
    STANDARD.encode(cipher::encrypt(&station, &text, &mut SysRng).unwrap())
}

fn unblock(key: &str, sealed: &str, pin: &str) -> Request {
    let (key, sealed_authorisation) = (KeyRef(format!("soft:{key}")), sealed.into());
    Request::Unblock { key, sealed_authorisation, pin: Some(Pin::new(pin)) }
}

fn user_pin(desk: &Desk, serial: &str, pin: &str) -> Result<(), KeyError> {
    let mut key = block_on(ApduKey::open(desk.drawer.open(serial).unwrap())).unwrap();
    block_on(key.verify_pin(PinKind::User, &Pin::new(pin)))
}

#[test]
fn r081_replayed_on_the_same_key_or_another_it_opens_nothing() {
    let (desk, office) = (Desk::set_up(), Office::open());
    let second = desk.drawer.add(Some("SKSECOND01")).unwrap();
    desk.drawer.insert(&second).unwrap();
    let certificate = made(&desk, &office, &desk.serial);
    made(&desk, &office, &second);
    let mut helper = desk.helper();
    let refused = |answer: Answer, error: KeyError| assert_eq!(answer, Answer::Failed { error });

    let release = sealed(&mut helper, &released(&desk.serial, 1, first_admin(), "NEXTNEXT23456789"));
    let answer = helper.ask(unblock(&desk.serial, &release, "Kai-suo-1"));
    let Answer::Unblocked { serial, signature } = answer else { panic!("{answer:?}") };
    let said = statement::unblocked(&hex::encode([1; 16]), &serial, ORDER);
    office.accept(&certificate, &said, &STANDARD.decode(signature).unwrap());
    assert_eq!(user_pin(&desk, &desk.serial, "Kai-suo-1"), Ok(()));

    // The very same, at the very same station: used up, on this key and on another.
    refused(helper.ask(unblock(&desk.serial, &release, "Zai-lai-1")), KeyError::BadSeal);
    refused(helper.ask(unblock(&second, &release, "Zai-lai-1")), KeyError::BadSeal);
    // A fresh one for the first key is none for the second, and is used up by the try.
    let other =
        sealed(&mut helper, &released(&desk.serial, 2, Pin::new("NEXTNEXT23456789"), "THIRDTHIRD234567"));
    refused(helper.ask(unblock(&second, &other, "Zai-lai-1")), KeyError::WrongKey);
    refused(helper.ask(unblock(&desk.serial, &other, "Zai-lai-1")), KeyError::BadSeal);
    // What it carried is worth nothing by itself: the key has another admin PIN by now.
    let old = sealed(&mut helper, &released(&desk.serial, 3, first_admin(), "FOURTHFOURTH2345"));
    refused(helper.ask(unblock(&desk.serial, &old, "Zai-lai-1")), KeyError::AdminPin);
    // Too late; and at another process of the same helper.
    let late = Authorisation { ends_at: 1, ..released(&desk.serial, 4, first_admin(), "FIFTHFIFTH234567") };
    let late = sealed(&mut helper, &late);
    refused(helper.ask(unblock(&desk.serial, &late, "Zai-lai-1")), KeyError::Expired);
    let elsewhere = sealed(&mut desk.helper(), &released(&desk.serial, 5, first_admin(), "SIXTHSIXTH234567"));
    refused(helper.ask(unblock(&desk.serial, &elsewhere, "Zai-lai-1")), KeyError::BadSeal);
    assert_eq!(user_pin(&desk, &desk.serial, "Kai-suo-1"), Ok(()));
    assert_eq!(user_pin(&desk, &second, "Kx7-uQ92"), Ok(()));
}
