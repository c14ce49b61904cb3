//! The helper's own window, at the prompt port: what it shows, and what it does with what is typed (B06, K16).

use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::STANDARD};
use certificate::{PublicKey, cipher};
use getrandom::SysRng;
use key::{
    KeyError, Pin,
    message::{Answer, NameParts, Request},
};

use super::{Desk, Helper, ORIGIN};

pub const PIN: &str = "Kx7uQ92m";

/// A key with a PIN.
pub fn personalised() -> (Desk, Helper) {
    let desk = Desk::set_up();
    let mut helper = desk.helper();
    let station = PublicKey::from_spki_der(&STANDARD.decode(helper.station()).unwrap()).unwrap();
    let sealed = cipher::encrypt(&station, PIN.as_bytes(), &mut SysRng).unwrap();
    let made = helper.ask(Request::Personalise {
        key: desk.key.clone(),
        label: "示例科技".into(),
        sealed_passcode: STANDARD.encode(sealed),
        subject: NameParts {
            country: "CN".into(), common_name: "示例科技".into(), ..NameParts::default()
        },
        nonce: "00112233445566778899aabbccddeeff".into(),
        office_key: None,
    });
    assert!(matches!(made, Answer::Personalised { .. }));
    assert!(desk.person.was_asked().is_empty(), "nobody types what the office has sealed");
    (desk, helper)
}

fn verify(desk: &Desk, pin: Option<&str>) -> Request {
    Request::VerifyPin { key: desk.key.clone(), pin: pin.map(Pin::new) }
}

fn failed(answer: Answer) -> KeyError {
    match answer {
        Answer::Failed { error } => error,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn b06_the_window_shows_who_asks_what_for_and_how_many_tries_are_left() {
    let (desk, mut helper) = personalised();
    assert_eq!(failed(helper.ask(verify(&desk, Some("wrong-pin")))), KeyError::PinWrong { left: 9 });
    assert_eq!(helper.ask(verify(&desk, Some(PIN))), Answer::Verified {});
    let asked = desk.person.was_asked();
    assert_eq!(asked.len(), 2);
    for (question, left) in asked.iter().zip([10, 9]) {
        assert_eq!(question["origin"], ORIGIN);
        assert_eq!(question["purpose"], "证书更新 订单CH20261122：验证证书密码");
        assert_eq!(question["serial"], desk.serial.as_str());
        assert_eq!((question["asks"].as_str(), question["left"].as_u64()), (Some("current"), Some(left)));
    }
}

#[test]
fn b06_with_two_tries_left_it_asks_first_and_a_no_costs_nothing() {
    let (desk, mut helper) = personalised();
    for _ in 0..8 {
        helper.ask(verify(&desk, Some("wrong-pin")));
    }
    assert!(desk.person.was_asked().iter().all(|question| question["asks"] == "current"));
    desk.person.is_careful();
    assert_eq!(failed(helper.ask(verify(&desk, None))), KeyError::Cancelled);
    let asked = desk.person.was_asked();
    assert_eq!(
        (asked.len(), asked[0]["asks"].as_str(), asked[0]["left"].as_u64()),
        (1, Some("go_on"), Some(2))
    );
    let Answer::PinInfo { left, .. } = helper.ask(Request::PinInfo { key: desk.key.clone() }) else {
        panic!()
    };
    assert_eq!(left, 2);
}

#[test]
fn r062_a_cancelled_window_and_a_pin_that_no_key_holds_cost_no_try() {
    let (desk, mut helper) = personalised();
    assert_eq!(failed(helper.ask(verify(&desk, None))), KeyError::Cancelled);
    desk.person.was_asked();
    desk.person.will_type(Some(Pin::new("short")));
    assert_eq!(failed(helper.ask(verify(&desk, None))), KeyError::Cancelled);
    let asked = desk.person.was_asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1]["fault"], "密码应为6至16位。");
    let Answer::PinInfo { left, .. } = helper.ask(Request::PinInfo { key: desk.key.clone() }) else {
        panic!()
    };
    assert_eq!(left, 10);
}

#[test]
fn r062_a_locked_key_asks_nobody() {
    let (desk, mut helper) = personalised();
    for _ in 0..10 {
        helper.ask(verify(&desk, Some("wrong-pin")));
    }
    desk.person.was_asked();
    assert_eq!(failed(helper.ask(verify(&desk, None))), KeyError::PinLocked);
    assert!(desk.person.was_asked().is_empty());
}

#[test]
fn k16_a_new_pin_is_typed_twice_and_keeps_the_rule() {
    let (desk, mut helper) = personalised();
    // The old one; weak; the old one again; two that differ; at last one twice.
    for pin in [PIN, "123456", "19870412", PIN, "Neu-7391", "Neu-7392", "Neu-7391", "Neu-7391"] {
        desk.person.will_type(Some(Pin::new(pin)));
    }
    let change = Request::ChangePin { key: desk.key.clone(), old: None, new: None };
    assert_eq!(helper.ask(change), Answer::PinChanged {});
    let asked = desk.person.was_asked();
    let seen: Vec<_> = asked
        .iter()
        .map(|question| (question["asks"].as_str().unwrap(), question["fault"].as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("current", None),
            ("new", None),
            ("new", Some("密码不能是连续的数字或字母，例如 123456、abcdef。")),
            ("new", Some("密码不能是日期，例如生日。")),
            ("new", Some("新密码不能与原密码相同。")),
            ("again", None),
            ("new", Some("两次输入的新密码不一致，请重新设置。")),
            ("again", None),
        ]
    );
    assert_eq!(helper.ask(verify(&desk, Some("Neu-7391"))), Answer::Verified {});
}

#[test]
fn r129_no_pin_is_in_any_message_and_none_in_what_the_process_says() {
    let (desk, mut helper) = personalised();
    let wrong = format!("{:?}", helper.ask(verify(&desk, Some("Qz-84613"))));
    let right = format!("{:?}", helper.ask(verify(&desk, Some(PIN))));
    let (_, errors) = helper.close();
    for text in [wrong, right, errors, desk.drawer.journal(&desk.serial).unwrap().join("\n")] {
        assert!(!text.contains("Qz-84613") && !text.contains(PIN), "{text}");
    }
}

#[test]
fn a_window_closes_with_the_page() {
    let (desk, mut helper) = personalised();
    desk.person.is_absent();
    let station = helper.station();
    let request = verify(&desk, None);
    let given = desk.counter.give(&request, &station);
    let message = serde_json::json!({ "origin": ORIGIN, "message": {
        "version": 1, "id": 77, "body": request, "mandate": given,
    }});
    helper.frame(message.to_string().as_bytes());
    while desk.person.was_asked().is_empty() {
        std::thread::sleep(Duration::from_millis(10));
    }
    let since = Instant::now();
    assert!(helper.close().0.success());
    assert!(since.elapsed() < Duration::from_secs(10), "the question stood {:?}", since.elapsed());
}
