//! Against SoftHSM2 (Debian: softhsm2). It reads where its tokens are from the environment when it is loaded, so each test
//! runs in a process of its own: [`in_a_house`] starts the ignored test with the environment that it needs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use certificate::sm2::KeyPair;
use cryptoki::types::AuthPin;

use super::*;

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";

fn in_a_house(test: &str) {
    let folder = tempfile::tempdir().unwrap();
    let conf = folder.path().join("softhsm2.conf");
    let tokens = folder.path().join("tokens");
    fs::create_dir(&tokens).unwrap();
    fs::write(&conf, format!("directories.tokendir = {}\nobjectstore.backend = file\n", tokens.display()))
        .unwrap();
    let pin = folder.path().join("pin");
    fs::write(&pin, "987654\n").unwrap();
    fs::set_permissions(&pin, fs::Permissions::from_mode(0o600)).unwrap();
    let run = |program: &Path, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).env("SOFTHSM2_CONF", &conf).env("CERTHALL_TEST_HOUSE", folder.path());
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "{said}");
        said
    };
    let init = ["--init-token", "--free", "--label", "certhall", "--so-pin", "12345678", "--pin", "987654"];
    run(Path::new("softhsm2-util"), &init);
    let name = format!("pkcs11::tests::{test}");
    let said = run(&std::env::current_exe().unwrap(), &["--exact", &name, "--ignored", "--nocapture"]);
    assert!(said.contains("1 passed"), "{said}");
}

fn settings() -> DeviceSettings {
    let house = PathBuf::from(std::env::var_os("CERTHALL_TEST_HOUSE").expect("started by in_a_house"));
    DeviceSettings {
        module: MODULE.into(),
        token: "certhall".into(),
        pin_file: house.join("pin"),
        sessions: 2,
        sm2_sign_mechanism: None,
        sm2_signature_is_der: false,
    }
}

fn devices(settings: DeviceSettings) -> Devices {
    Devices::open(&BTreeMap::from([("hsm".to_owned(), settings)])).unwrap()
}

fn good(key: &DeviceKey, message: &[u8]) {
    use certificate::Signer;
    let signature = key.sign(message).unwrap();
    certificate::verify(&key.spki(), key.algorithm(), message, &signature).unwrap();
}

#[test]
fn keys_are_made_found_and_sign() {
    in_a_house("inside_keys_are_made_found_and_sign");
}

#[test]
#[ignore = "started by keys_are_made_found_and_sign"]
fn inside_keys_are_made_found_and_sign() {
    let devices = devices(settings());
    for kind in [KeyKind::P256, KeyKind::Rsa3072] {
        good(&devices.generate("hsm", kind.code(), kind).unwrap(), b"made");
        let key = devices.key("hsm", kind.code(), None).unwrap();
        // Many at once through two sessions.
        std::thread::scope(|scope| {
            for n in 0..6_u8 {
                let key = &key;
                scope.spawn(move || (0..4_u8).for_each(|m| good(key, &[n, m])));
            }
        });
    }
    assert!(matches!(devices.key("hsm", "nobody", None), Err(DeviceError::NoKey(_))));
    assert!(matches!(devices.key("other", "p256", None), Err(DeviceError::Unknown(_))));
    // Two of a name are told apart by their ids alone.
    assert!(matches!(devices.generate("hsm", "p256", KeyKind::P256), Err(DeviceError::TwoKeys(_))));
    assert!(matches!(devices.key("hsm", "p256", None), Err(DeviceError::TwoKeys(_))));
    let session = devices.device("hsm").unwrap().session(false).unwrap();
    let label = Attribute::Label(b"p256".to_vec());
    let class = Attribute::Class(cryptoki::object::ObjectClass::PUBLIC_KEY);
    for found in session.find_objects(&[label, class]).unwrap() {
        let id = session.get_attributes(found, &[cryptoki::object::AttributeType::Id]).unwrap();
        let [Attribute::Id(id)] = &id[..] else { panic!("{id:?}") };
        good(&devices.key("hsm", "p256", Some(&hex::encode(id))).unwrap(), b"by id");
    }
}

#[test]
fn a_lost_login_or_session_comes_back() {
    in_a_house("inside_a_lost_login_or_session_comes_back");
}

#[test]
#[ignore = "started by a_lost_login_or_session_comes_back"]
fn inside_a_lost_login_or_session_comes_back() {
    let devices = devices(settings());
    let key = devices.generate("hsm", "k", KeyKind::P256).unwrap();
    let device = devices.device("hsm").unwrap();
    good(&key, b"before");
    // Another part of the process logs the token out: all sessions lose their login and the private key's handle.
    device.session(false).unwrap().logout().unwrap();
    good(&key, b"after the login was lost");
    // The device closes every session, as one that was pulled does.
    device.close_all_sessions();
    good(&key, b"after the sessions were closed");
}

#[test]
fn what_cannot_sign_is_said_at_the_start() {
    in_a_house("inside_what_cannot_sign_is_said_at_the_start");
}

#[test]
#[ignore = "started by what_cannot_sign_is_said_at_the_start"]
fn inside_what_cannot_sign_is_said_at_the_start() {
    // SoftHSM generates keys on the SM2 curve and has no mechanism to sign with them.
    let open = devices(settings());
    let session = open.device("hsm").unwrap().session(true).unwrap();
    let curve = hex::decode("06082a811ccf5501822d").unwrap();
    let label = || Attribute::Label(b"sm2".to_vec());
    let public = [Attribute::Token(true), label(), Attribute::EcParams(curve)];
    let private = [Attribute::Token(true), label(), Attribute::Sign(true)];
    session.generate_key_pair(&Mechanism::EccKeyPairGen, &public, &private).unwrap();
    let unset = open.key("hsm", "sm2", None).err().unwrap();
    assert!(unset.to_string().contains("sm2_sign_mechanism"), "{unset}");
    let set = devices(DeviceSettings { sm2_sign_mechanism: Some(0x8000_0001), ..settings() });
    assert!(set.key("hsm", "sm2", None).is_err(), "the device has no such mechanism");
    let standard = devices(DeviceSettings { sm2_sign_mechanism: Some(0x1041), ..settings() });
    assert!(standard.key("hsm", "sm2", None).is_err(), "not a vendor's number");

    session.logout().unwrap();
    drop(session);
    let wrong = settings().pin_file.with_file_name("wrong");
    fs::write(&wrong, "000000\n").unwrap();
    fs::set_permissions(&wrong, fs::Permissions::from_mode(0o600)).unwrap();
    let closed = devices(DeviceSettings { pin_file: wrong, ..settings() });
    assert!(matches!(closed.key("hsm", "sm2", None), Err(DeviceError::PinRefused(_))));
    let absent = devices(DeviceSettings { token: "other".into(), ..settings() });
    assert!(matches!(absent.key("hsm", "sm2", None), Err(DeviceError::NoToken(_))));
    let module = DeviceSettings { module: "/nowhere.so".into(), ..settings() };
    assert!(matches!(
        Devices::open(&BTreeMap::from([("hsm".to_owned(), module)])),
        Err(DeviceError::Module { .. })
    ));
}

#[test]
fn a_refused_pin_is_not_tried_again() {
    in_a_house("inside_a_refused_pin_is_not_tried_again");
}

#[test]
#[ignore = "started by a_refused_pin_is_not_tried_again"]
fn inside_a_refused_pin_is_not_tried_again() {
    let open = devices(settings());
    open.generate("hsm", "k", KeyKind::P256).unwrap();
    let pin = settings().pin_file.with_file_name("other");
    let write = |text: &str| {
        fs::write(&pin, text).unwrap();
        fs::set_permissions(&pin, fs::Permissions::from_mode(0o600)).unwrap();
    };
    let session = open.device("hsm").unwrap().session(true).unwrap();
    session.logout().unwrap();
    write("000000\n");
    let other = devices(DeviceSettings { pin_file: pin.clone(), ..settings() });
    assert!(matches!(other.key("hsm", "k", None), Err(DeviceError::PinRefused(_))));
    // Now it would be the right one: only whoever does not ask the token still says no.
    let log_in = open.device("hsm").unwrap().session(true).unwrap();
    log_in.set_pin(&AuthPin::new("987654".into()), &AuthPin::new("000000".into())).unwrap();
    log_in.logout().unwrap();
    assert!(matches!(other.key("hsm", "k", None), Err(DeviceError::PinRefused(_))));
    write("\n");
    assert!(matches!(other.key("hsm", "k", None), Err(DeviceError::PinFile { .. })), "none is no PIN");
    write("000000\n");
    good(&other.key("hsm", "k", None).unwrap(), b"written anew");
}

/// What a vendor's mechanism is given and gives: e, and r‖s.
#[test]
fn a_raw_sm2_signature_becomes_der() {
    use der::asn1::UintRef;
    use der::{Decode, Reader, SliceReader};
    let pair = KeyPair::generate(&mut getrandom::SysRng).unwrap();
    for n in 0..20_u8 {
        let e = pair.public_key().message_digest(&[n]);
        let der = pair.sign_digest(&e).unwrap();
        let padded = |it: UintRef| [vec![0; 32 - it.as_bytes().len()], it.as_bytes().to_vec()].concat();
        let mut reader = SliceReader::new(&der).unwrap();
        let raw = reader.sequence(|pair| {
            der::Result::Ok([padded(UintRef::decode(pair)?), padded(UintRef::decode(pair)?)].concat())
        });
        let raw = raw.unwrap();
        let again = spki::raw_to_der(&raw).unwrap();
        assert_eq!(again, der);
        pair.public_key().verify(&[n], &again).unwrap();
    }
    assert!(spki::raw_to_der(&[1; 63]).is_none() && spki::raw_to_der(&[1; 65]).is_none());
}
