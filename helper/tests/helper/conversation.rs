//! The whole way: sealed passcode in, double certificate on the key, proof out; and two processes at one key.

use base64::{Engine, engine::general_purpose::STANDARD};
use certificate::{PublicKey, cipher};
use getrandom::SysRng;
use key::{
    KeyError, Pin,
    message::{Answer, KeyState, NameParts, Request},
    soft::Faults,
    statement,
};

use super::{Desk, Helper, ORIGIN, office::Office};

const NONCE: &str = "00112233445566778899aabbccddeeff";
const PASSCODE: &str = "Kx7uQ92m";

/// The passcode as the office seals it for this helper process.
fn sealed_for(helper: &mut Helper) -> String {
    let Answer::Hello { station_key, .. } = helper.ask(Request::Hello {}) else { panic!("no hello") };
    let station = PublicKey::from_spki_der(&STANDARD.decode(station_key).unwrap()).unwrap();
    STANDARD.encode(cipher::encrypt(&station, PASSCODE.as_bytes(), &mut SysRng).unwrap())
}

fn personalise(desk: &Desk, sealed_passcode: String, office_key: Option<String>) -> Request {
    let subject =
        NameParts { country: "CN".into(), common_name: "示例科技".into(), ..NameParts::default() };
    let (key, label, nonce) = (desk.key.clone(), "示例科技有限公司的证书".into(), NONCE.into());
    Request::Personalise { key, label, sealed_passcode, subject, nonce, office_key }
}

fn failed(answer: Answer) -> KeyError {
    match answer {
        Answer::Failed { error } => error,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn r138_r139_r140_production_over_pipes_with_a_restart_in_the_middle() {
    let (desk, office) = (Desk::set_up(), Office::open());
    let mut helper = desk.helper();
    // One blank key is in the port.
    let Answer::Keys { keys } = helper.ask(Request::ListKeys {}) else { panic!("no list") };
    assert_eq!(keys.len(), 1);
    assert_eq!((&keys[0].serial, keys[0].state, keys[0].pin_left), (&desk.serial, KeyState::Blank, None));
    // The passcode goes in sealed, a request signed on the key comes out, and the admin PIN sealed to the office.
    let sealed = sealed_for(&mut helper);
    let office_key = STANDARD.encode(office.seal.public_key().to_spki_der());
    let Answer::Personalised { serial, request, proof: _, sealed_admin_pin } =
        helper.ask(personalise(&desk, sealed, Some(office_key)))
    else {
        panic!("not personalised")
    };
    assert_eq!(serial, desk.serial);
    let issued = office.issue(&STANDARD.decode(request).unwrap());
    let admin = cipher::decrypt(&office.seal, &STANDARD.decode(sealed_admin_pin.unwrap()).unwrap()).unwrap();
    assert_eq!(admin.len(), 16);
    // The page was reloaded: a new process, which knows nothing of the PIN.
    assert!(helper.close().0.success());
    let mut helper = desk.helper();
    let install = Request::InstallPair {
        key: desk.key.clone(),
        sign_certificate: STANDARD.encode(&issued.sign_certificate),
        encrypt_certificate: STANDARD.encode(&issued.encrypt_certificate),
        enveloped_key: STANDARD.encode(&issued.enveloped_key),
    };
    assert_eq!(failed(helper.ask(install.clone())), KeyError::NotLoggedIn);
    let sealed_passcode = sealed_for(&mut helper);
    assert_eq!(helper.ask(Request::Resume { key: desk.key.clone(), sealed_passcode }), Answer::Verified {});
    assert_eq!(helper.ask(install.clone()), Answer::Installed {});
    assert_eq!(helper.ask(install), Answer::Installed {});
    // R140.
    let challenge = [9; 32];
    let sealed = cipher::encrypt(&issued.encryption_key, &challenge, &mut SysRng).unwrap();
    let request = Request::read_back(desk.key.clone(), NONCE.into(), Some(STANDARD.encode(sealed)));
    let Answer::ReadBack {
        serial, sign_certificate, encrypt_certificate, signature, encryption_proof, ..
    } = helper.ask(request)
    else {
        panic!("not read back")
    };
    assert_eq!(STANDARD.decode(&sign_certificate).unwrap(), issued.sign_certificate);
    assert_eq!(STANDARD.decode(&encrypt_certificate).unwrap(), issued.encrypt_certificate);
    let said = statement::read_back(NONCE, &serial, &issued.sign_certificate, &issued.encrypt_certificate);
    office.accept(&issued.sign_certificate, &said, &STANDARD.decode(signature).unwrap());
    assert_eq!(encryption_proof, Some(statement::encryption_proof(NONCE, &challenge)));
    // The key now says whose it is.
    let Answer::Identified { key, .. } = helper.ask(Request::Identify { key: desk.key.clone() }) else {
        panic!("not identified")
    };
    assert_eq!((key.state, key.certificate_name.as_deref()), (KeyState::Personalised, Some("示例科技")));
    // Ten characters of three bytes: as much of the label as a key holds.
    assert_eq!((key.label.as_str(), key.pin_left), ("示例科技有限公司的证", Some(10)));
    // And a holder signs in with the passcode; the signature is good for this origin only.
    let login =
        Request::Login { key: desk.key.clone(), pin: Some(Pin::new(PASSCODE)), challenge: NONCE.into() };
    let Answer::LoggedIn { signature, .. } = helper.ask(login) else { panic!("not logged in") };
    let signature = STANDARD.decode(signature).unwrap();
    office.accept(&issued.sign_certificate, &statement::login(ORIGIN, NONCE), &signature);
}

#[test]
fn r129_a_passcode_sealed_to_another_process_opens_nowhere_else() {
    let desk = Desk::set_up();
    let sealed = sealed_for(&mut desk.helper());
    let mut helper = desk.helper();
    assert_eq!(failed(helper.ask(personalise(&desk, sealed, None))), KeyError::BadSeal);
    assert!(matches!(
        failed(helper.ask(personalise(&desk, "not base64!".into(), None))),
        KeyError::Malformed(_)
    ));
    // An office key that is none: refused before the key is touched.
    let sealed = sealed_for(&mut helper);
    let refused = helper.ask(personalise(&desk, sealed, Some(STANDARD.encode(b"no key"))));
    assert!(matches!(failed(refused), KeyError::Malformed(_)));
    let Answer::Keys { keys } = helper.ask(Request::ListKeys {}) else { panic!("no list") };
    assert_eq!((keys[0].pin_left, keys[0].label.as_str()), (None, ""));
}

#[test]
fn r062_two_processes_count_the_same_tries() {
    let desk = Desk::set_up();
    let mut one = desk.helper();
    let sealed = sealed_for(&mut one);
    assert!(matches!(one.ask(personalise(&desk, sealed, None)), Answer::Personalised { .. }));
    let mut two = desk.helper();
    let wrong = || Request::VerifyPin { key: desk.key.clone(), pin: Some(Pin::new("wrong-pin")) };
    for left in (1..=9).rev() {
        let helper = if left % 2 == 0 { &mut one } else { &mut two };
        assert_eq!(failed(helper.ask(wrong())), KeyError::PinWrong { left });
    }
    assert_eq!(failed(one.ask(wrong())), KeyError::PinLocked);
    assert_eq!(two.ask(Request::PinInfo { key: desk.key.clone() }), Answer::PinInfo { left: 0, max: 10 });
}

#[test]
fn r060_a_key_that_was_pulled_is_gone_from_the_list_and_back_without_rights() {
    let desk = Desk::set_up();
    let mut helper = desk.helper();
    let sealed = sealed_for(&mut helper);
    helper.ask(personalise(&desk, sealed, None));
    // Pulled in the middle of a command.
    desk.drawer.set_faults(&desk.serial, Faults { remove_after: Some(5), ..Faults::default() }).unwrap();
    let change = || Request::ChangePin {
        key: desk.key.clone(),
        old: Some(Pin::new(PASSCODE)),
        new: Some(Pin::new("Neu-7391")),
    };
    assert_eq!(helper.ask(change()), Answer::PinChanged {});
    assert_eq!(failed(helper.ask(change())), KeyError::Removed);
    assert_eq!(helper.ask(Request::ListKeys {}), Answer::Keys { keys: vec![] });
    assert_eq!(failed(helper.ask(Request::PinInfo { key: desk.key.clone() })), KeyError::Removed);
    // Back again: seen at once, PIN to be verified anew.
    desk.drawer.insert(&desk.serial).unwrap();
    let Answer::Keys { keys } = helper.ask(Request::ListKeys {}) else { panic!("no list") };
    assert_eq!(keys[0].pin_left, Some(10));
    let read = Request::read_back(desk.key.clone(), NONCE.into(), None);
    assert_eq!(failed(helper.ask(read)), KeyError::NotFound);
    assert_eq!(
        helper.ask(Request::VerifyPin { key: desk.key.clone(), pin: Some(Pin::new("Neu-7391")) }),
        Answer::Verified {}
    );
}

#[test]
fn r059_every_inserted_key_is_listed_and_the_others_are_not() {
    let desk = Desk::set_up();
    let second = desk.drawer.add(Some("SKSECOND01")).unwrap();
    let mut helper = desk.helper();
    let mut serials = || {
        let Answer::Keys { keys } = helper.ask(Request::ListKeys {}) else { panic!("no list") };
        keys.into_iter().map(|key| key.serial).collect::<Vec<_>>()
    };
    assert_eq!(serials(), std::slice::from_ref(&desk.serial));
    desk.drawer.insert(&second).unwrap();
    assert_eq!(serials().len(), 2);
    // Pulled and put back between two looks: still there.
    desk.drawer.remove(&second).unwrap();
    desk.drawer.insert(&second).unwrap();
    assert_eq!(serials().len(), 2);
}

#[test]
fn r060_a_page_that_asked_for_the_keys_hears_of_each_that_comes_or_goes() {
    let desk = Desk::set_up();
    let mut helper = desk.helper();
    let since = std::time::Instant::now();
    helper.ask(Request::ListKeys {});
    for step in 0..4 {
        match step % 2 {
            0 => desk.drawer.remove(&desk.serial).unwrap(),
            _ => desk.drawer.insert(&desk.serial).unwrap(),
        }
        let said = helper.hear().unwrap();
        assert_eq!((said.id, said.body), (0, Answer::PortsChanged {}));
    }
    // A second each at the most, and then silence: the next thing said is the answer to a question.
    assert!(since.elapsed() < std::time::Duration::from_secs(20), "a busy machine is given its time");
    std::thread::sleep(std::time::Duration::from_millis(900));
    assert!(matches!(helper.ask(Request::Hello {}), Answer::Hello { .. }));
}
