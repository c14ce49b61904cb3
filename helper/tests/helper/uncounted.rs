//! A key behind a library that does not say how many tries are left (PKCS#11 has no number for it).

use std::process::Command;

use helper::library::{Kind, Library};
use key::{
    KeyError, Pin,
    message::{Answer, Request},
};
use serde_json::json;

use super::{Desk, Helper};

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "Kx7-uQ92";

#[test]
fn b06_a_key_that_counts_no_tries_aloud_is_asked_its_pin_all_the_same() {
    let desk = Desk::set_up();
    let (tokens, settings) = (desk.dir.path().join("tokens"), desk.dir.path().join("softhsm2.conf"));
    std::fs::create_dir(&tokens).unwrap();
    std::fs::write(&settings, format!("directories.tokendir = {}\n", tokens.display())).unwrap();
    let made = Command::new("softhsm2-util")
        .args(["--init-token", "--free", "--label", "示例", "--so-pin", "ADMINADMIN", "--pin", PIN])
        .env("SOFTHSM2_CONF", &settings)
        .output()
        .expect("softhsm2-util, of the package softhsm2");
    assert!(made.status.success(), "{made:?}");
    let library = Library::of(Kind::Pkcs11, MODULE.as_ref()).unwrap();
    let allowed = json!({ "soft_keys": false, "cards": false, "hid": false, "libraries": [library] });
    std::fs::write(desk.dir.path().join("certhall/keys.json"), allowed.to_string()).unwrap();

    let mut helper = Helper::told(&desk, "SOFTHSM2_CONF", &settings);
    let Answer::Keys { keys } = helper.ask(Request::ListKeys {}) else { panic!("no list") };
    assert_eq!((keys.len(), keys[0].pin_left), (1, None));
    let mut verify =
        |pin: &str| helper.ask(Request::VerifyPin { key: keys[0].key.clone(), pin: Some(Pin::new(pin)) });
    assert_eq!(verify("wrong-pin"), Answer::Failed { error: KeyError::PinRefused });
    assert_eq!(verify(PIN), Answer::Verified {});
    let asked = desk.person.was_asked();
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(|question| question["left"].is_null()), "{asked:?}");
}
