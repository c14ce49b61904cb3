//! What a helper does with messages that are not as they should be: refuse, say why, quote nothing.

use key::{
    KeyError,
    message::{Answer, EXTENSION_ID, Request},
};

use super::{Desk, Helper, ORIGIN};

fn failed(answer: Answer) -> KeyError {
    match answer {
        Answer::Failed { error } => error,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn it_ends_well_when_the_browser_closes_the_pipe() {
    let (status, errors) = Desk::set_up().helper().close();
    assert!(status.success());
    assert_eq!(errors, "");
}

#[test]
fn only_our_extension_may_start_it() {
    let desk = Desk::set_up();
    for id in ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "", &EXTENSION_ID[1..], &format!("{EXTENSION_ID}/x")] {
        let mut helper = Helper::start(desk.dir.path(), id);
        helper.frame(b"{}");
        assert!(helper.read().is_none(), "{id:?}");
        let (status, errors) = helper.close();
        assert!(!status.success(), "{id:?}");
        assert!(errors.contains("extension"), "{errors}");
    }
}

#[test]
fn garbage_is_answered_and_the_next_message_still_understood() {
    let desk = Desk::set_up();
    let mut helper = desk.helper();
    for garbage in [&b""[..], b"{", b"[]", b"\xFF\xFE", b"{\"origin\":\"http://127.0.0.1\"}", b"null"] {
        helper.frame(garbage);
        let answer = helper.read().unwrap();
        assert_eq!(answer.id, 0);
        assert!(matches!(failed(answer.body), KeyError::Malformed(_)));
    }
    assert!(matches!(helper.ask(Request::Hello {}), Answer::Hello { .. }));
}

#[test]
fn unknown_verbs_versions_and_origins_are_told_apart() {
    let desk = Desk::set_up();
    let mut helper = desk.helper();
    let mut ask = |origin: &str, version: u32, body: &str| {
        let message =
            format!(r#"{{"origin":"{origin}","message":{{"version":{version},"id":7,"body":{body}}}}}"#);
        helper.frame(message.as_bytes());
        let answer = helper.read().unwrap();
        assert_eq!(answer.id, 7);
        answer.body
    };
    let hello = r#"{"verb":"hello"}"#;
    assert!(matches!(ask(ORIGIN, 1, hello), Answer::Hello { .. }));
    assert_eq!(failed(ask(ORIGIN, 2, hello)), KeyError::Unsupported);
    assert_eq!(failed(ask(ORIGIN, 1, r#"{"verb":"transmit","apdu":"00"}"#)), KeyError::Unsupported);
    assert!(matches!(failed(ask(ORIGIN, 1, r#"{"verb":"pin_info"}"#)), KeyError::Malformed(_)));
    for origin in ["http://hall.certhall.example", "null", "https://a/b", ""] {
        assert_eq!(failed(ask(origin, 1, hello)), KeyError::Denied, "{origin}");
    }
    // Ports and kinds of port that do not exist.
    assert_eq!(failed(ask(ORIGIN, 1, r#"{"verb":"pin_info","key":"soft:SKNOBODY"}"#)), KeyError::Removed);
    assert_eq!(failed(ask(ORIGIN, 1, r#"{"verb":"pin_info","key":"soft:../etc"}"#)), KeyError::Removed);
    assert_eq!(failed(ask(ORIGIN, 1, r#"{"verb":"pin_info","key":"moon:1"}"#)), KeyError::NotFound);
}

#[test]
fn r129_a_refusal_never_quotes_what_may_be_a_pin() {
    let desk = Desk::set_up();
    let mut helper = desk.helper();
    for body in [r#"{"verb":"verify_pin","key":"soft:X","pin":73915520}"#, r#"{"verb":"73915520"}"#] {
        let message = format!(r#"{{"origin":"{ORIGIN}","message":{{"version":1,"id":7,"body":{body}}}}}"#);
        helper.frame(message.as_bytes());
        let answer = helper.read().unwrap();
        assert!(!serde_json::to_string(&answer).unwrap().contains("73915520"));
    }
    let (_, errors) = helper.close();
    assert_eq!(errors, "");
}

#[test]
fn a_message_of_64_kib_is_read_and_a_longer_one_ends_the_conversation() {
    let desk = Desk::set_up();
    let mut helper = desk.helper();
    // Exactly the limit: white space is JSON too.
    let hello =
        format!(r#"{{"origin":"{ORIGIN}","message":{{"version":1,"id":1,"body":{{"verb":"hello"}}}}}}"#);
    helper.frame(format!("{hello}{}", " ".repeat(65_536 - hello.len())).as_bytes());
    assert!(matches!(helper.read().unwrap().body, Answer::Hello { .. }));
    // One more: refused by its length alone, before a byte of it is read.
    helper.raw(&65_537u32.to_le_bytes());
    let answer = helper.read().unwrap();
    assert_eq!(answer.id, 0);
    assert!(matches!(failed(answer.body), KeyError::Malformed(text) if text.contains("65537")));
    assert!(helper.read().is_none());
    assert!(!helper.close().0.success());
}

#[test]
fn a_torn_frame_ends_the_conversation() {
    let desk = Desk::set_up();
    let mut helper = desk.helper();
    helper.raw(&[9, 0, 0, 0, b'{']);
    let (status, errors) = helper.close();
    assert!(!status.success());
    assert!(errors.contains("broke off"), "{errors}");
}
