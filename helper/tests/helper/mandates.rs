//! Whom a helper obeys: each refusal of issue C4 by itself, and that the key was not touched.

use key::{
    KeyError, Pin,
    mandate::{Given, MandateRefusal},
    message::{Answer, EXTENSION_ID, FIREFOX_EXTENSION_ID, KeyRef, Request},
};
use serde_json::json;

use super::{
    Desk, Helper, ORIGIN,
    counter::{Counter, write_settings},
};

const NONCE: &str = "00112233445566778899aabbccddeeff";
const ELSEWHERE: &str = "https://elsewhere.example";

fn read_back(desk: &Desk) -> Request {
    Request::read_back(desk.key.clone(), NONCE.into(), None)
}

/// Refused for this reason, before any command reached the key.
fn refused(desk: &Desk, before: &[String], answer: Answer, error: KeyError) {
    assert_eq!(answer, Answer::Failed { error });
    assert_eq!(desk.drawer.journal(&desk.serial).unwrap(), before);
}

#[test]
fn what_the_office_signed_is_obeyed_once() {
    let desk = Desk::set_up();
    let mut helper = desk.helper();
    let station = helper.station();
    let given = desk.counter.give(&read_back(&desk), &station);
    // A blank key holds no certificate: that is the key's own answer.
    let answer = helper.say(read_back(&desk), Some(given.clone()));
    assert_eq!(answer, Answer::Failed { error: KeyError::NotFound });
    let before = desk.drawer.journal(&desk.serial).unwrap();
    let replayed = helper.say(read_back(&desk), Some(given));
    refused(&desk, &before, replayed, KeyError::Mandate(MandateRefusal::Replayed));
}

#[test]
fn unsigned_changed_and_foreign_commands_are_refused() {
    let desk = Desk::set_up();
    let mut helper = desk.helper();
    let station = helper.station();
    let counter = &desk.counter;
    let before = desk.drawer.journal(&desk.serial).unwrap();
    let right = counter.mandate(&read_back(&desk), &station);
    let signed = counter.sign(&right);
    let other_request = Request::read_back(desk.key.clone(), "ff".repeat(16), None);
    let cases = [
        (None, MandateRefusal::Missing),
        (Some(Given { signature: String::new(), ..signed.clone() }), MandateRefusal::Signature),
        (
            Some(Given { text: signed.text.replace("更新", "补办"), ..signed.clone() }),
            MandateRefusal::Signature,
        ),
        (Some(Counter::at(ORIGIN).sign(&right)), MandateRefusal::Signature),
        (Some(counter.give(&other_request, &station)), MandateRefusal::OtherRequest),
        (Some(counter.give(&read_back(&desk), &desk.helper().station())), MandateRefusal::OtherStation),
    ];
    for (given, refusal) in cases {
        let answer = helper.say(read_back(&desk), given);
        refused(&desk, &before, answer, KeyError::Mandate(refusal));
    }
    let mut late = counter.mandate(&read_back(&desk), &station);
    late.expires_at -= 61;
    let answer = helper.say(read_back(&desk), Some(counter.sign(&late)));
    refused(&desk, &before, answer, KeyError::Mandate(MandateRefusal::Expired));
}

#[test]
fn a_hostile_origin_and_another_offices_origin_are_refused() {
    let desk = Desk::set_up();
    let other = Counter::at(ELSEWHERE);
    let offices = json!([desk.counter.line(), other.line()]);
    write_settings(desk.dir.path(), &json!({ "offices": offices }));
    let mut helper = desk.helper();
    let station = helper.station();
    let before = desk.drawer.journal(&desk.serial).unwrap();
    let given = desk.counter.give(&read_back(&desk), &station);
    // A site whom nobody installed; it may hold a mandate that it stole.
    let answer = helper.say_as("https://evil.example", read_back(&desk), Some(given.clone()));
    refused(&desk, &before, answer, KeyError::Mandate(MandateRefusal::UnknownOffice));
    // It may not even look.
    let answer = helper.say_as("https://evil.example", Request::ListKeys {}, None);
    refused(&desk, &before, answer, KeyError::Mandate(MandateRefusal::UnknownOffice));
    // Another office: our mandate is not its own, and its own is not for our page.
    let answer = helper.say_as(ELSEWHERE, read_back(&desk), Some(given));
    refused(&desk, &before, answer, KeyError::Mandate(MandateRefusal::Signature));
    let mut theirs = other.mandate(&read_back(&desk), &station);
    theirs.origin = ORIGIN.into();
    let answer = helper.say_as(ELSEWHERE, read_back(&desk), Some(other.sign(&theirs)));
    refused(&desk, &before, answer, KeyError::Mandate(MandateRefusal::OtherOrigin));
    let answer = helper.say(read_back(&desk), Some(other.give(&read_back(&desk), &station)));
    refused(&desk, &before, answer, KeyError::Mandate(MandateRefusal::Signature));
}

#[test]
fn r067_a_mandate_for_one_key_opens_no_other() {
    let desk = Desk::set_up();
    let second = desk.drawer.add(Some("SKSECOND01")).unwrap();
    desk.drawer.insert(&second).unwrap();
    let mut helper = desk.helper();
    let station = helper.station();
    let request = Request::read_back(KeyRef(format!("soft:{second}")), NONCE.into(), None);
    let mut mandate = desk.counter.mandate(&request, &station);
    mandate.key_serial = Some(desk.serial.clone());
    let answer = helper.say(request, Some(desk.counter.sign(&mandate)));
    assert_eq!(answer, Answer::Failed { error: KeyError::WrongKey });
    assert!(desk.person.was_asked().is_empty());
}

#[test]
fn r129_a_pin_that_comes_through_a_page_is_refused_and_not_tried() {
    let desk = Desk::set_up();
    let mut helper = desk.helper();
    let station = helper.station();
    let request = Request::VerifyPin { key: desk.key.clone(), pin: Some(Pin::new("Kx7uQ92m")) };
    let before = desk.drawer.journal(&desk.serial).unwrap();
    let given = desk.counter.give(&request, &station);
    let answer = helper.say(request, Some(given));
    assert!(!format!("{answer:?}").contains("Kx7uQ92m"));
    assert!(matches!(answer, Answer::Failed { error: KeyError::Malformed(_) }));
    assert_eq!(desk.drawer.journal(&desk.serial).unwrap(), before);
}

#[test]
fn an_oversized_command_ends_the_conversation_mandate_or_not() {
    let desk = Desk::set_up();
    let mut helper = desk.helper();
    let station = helper.station();
    let mut mandate = desk.counter.mandate(&read_back(&desk), &station);
    mandate.purpose = "长".repeat(22_000);
    let message = json!({ "origin": ORIGIN, "message": {
        "version": 1, "id": 9, "body": read_back(&desk), "mandate": desk.counter.sign(&mandate),
    }});
    helper.frame(message.to_string().as_bytes());
    let answer = helper.read().unwrap();
    assert!(matches!(answer.body, Answer::Failed { error: KeyError::Malformed(_) }));
    assert!(helper.read().is_none());
}

#[test]
fn settings_that_others_may_write_make_it_obey_nobody() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::set_up();
    let file = desk.dir.path().join("certhall/helper.json");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
    let mut helper = desk.helper();
    let station = helper.station();
    let given = desk.counter.give(&read_back(&desk), &station);
    let answer = helper.say(read_back(&desk), Some(given));
    assert_eq!(answer, Answer::Failed { error: KeyError::Mandate(MandateRefusal::UnknownOffice) });
}

#[test]
fn firefox_names_the_extension_in_its_own_way() {
    let desk = Desk::set_up();
    let manifest = "/home/a/.mozilla/native-messaging-hosts/cn.certhall.helper.json";
    let mut ours = Helper::called(desk.dir.path(), &[manifest, FIREFOX_EXTENSION_ID]);
    assert!(matches!(ours.ask(Request::Hello {}), Answer::Hello { .. }));
    for other in ["other@example.org", EXTENSION_ID, ""] {
        let mut helper = Helper::called(desk.dir.path(), &[manifest, other]);
        assert!(helper.read().is_none(), "{other}");
        assert!(!helper.close().0.success());
    }
}
