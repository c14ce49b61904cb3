//! PKCS#11: helper's ring → a process of the helper → SoftHSM. It has no SM2, so of the laws only what PKCS#11 itself has
//! words for: PINs, certificates, and that the rest is refused by name.

use std::process::Command;

use certificate::{KeyPair, Request, profile::ORGANISATION_SIGNING};
use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    object::{Attribute, CertificateType, ObjectClass},
    session::UserType,
    types::AuthPin,
};
use futures::executor::block_on;
use getrandom::SysRng;
use helper::{
    library::{Kind, Library},
    ring::{Places, Ring},
};
use key::{
    KeyError, Pin,
    key::{Key, Life, PinKind, Slot},
    message::KeyRef,
    serve::Ring as _,
};

use crate::{laws, laws::shelf, office::Office, program::helper};

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const AGAIN: &str = "CERTHALL_TEST_WITH_SOFTHSM";

/// The library reads its settings from the environment, which a process has but one of: the test starts itself again.
#[test]
fn pins_and_certificates_over_pkcs11() {
    if std::env::var_os(AGAIN).is_some() {
        return token();
    }
    let dir = shelf();
    let settings = dir.path().join("softhsm2.conf");
    std::fs::create_dir(dir.path().join("tokens")).unwrap();
    let tokens = format!("directories.tokendir = {}\n", dir.path().join("tokens").display());
    std::fs::write(&settings, tokens).unwrap();
    let made = Command::new("softhsm2-util")
        .args(["--init-token", "--free", "--label", "示例", "--so-pin", "ADMINADMIN", "--pin", "Kx7-uQ92"])
        .env("SOFTHSM2_CONF", &settings)
        .output()
        .expect("softhsm2-util, of the package softhsm2");
    assert!(made.status.success(), "{made:?}");
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "pkcs11::pins_and_certificates_over_pkcs11", "--nocapture"]);
    let output = again.env(AGAIN, "1").env("SOFTHSM2_CONF", settings).output().unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success() && said[0].contains("1 passed"), "{}\n{}", said[0], said[1]);
}

fn token() {
    let (office, pair) = (Office::open(), KeyPair::generate(&mut SysRng).unwrap());
    let request = key::request::to_be_signed(&laws::subject(), &pair.public_key().to_point());
    let signature = pair.sign(&request).unwrap();
    let request = Request::verify(&key::request::assemble(&request, &signature)).unwrap();
    let der = office.certificate(&ORGANISATION_SIGNING, &request.subject, &pair.public_key());
    put(&der);

    let library = Library::of(Kind::Pkcs11, MODULE.as_ref()).unwrap();
    let mut ring = Ring::of(Places { libraries: vec![library], program: helper(), ..Places::default() });
    let names: Vec<KeyRef> = block_on(ring.inserted()).unwrap();
    assert_eq!(names.len(), 1);
    let key = block_on(ring.key(&names[0])).unwrap();
    let identity = block_on(key.identify()).unwrap();
    assert_eq!((identity.label.as_str(), identity.life), ("示例", Life::Operational));
    assert_eq!(names[0].0, format!("pkcs11:{}", identity.serial));
    // K01: the certificate shows without a PIN.
    assert_eq!(block_on(key.read_certificate(Slot::Sign)), Ok(Some(der.clone())));
    assert_eq!(block_on(key.read_certificate(Slot::Encrypt)), Ok(None));
    assert_eq!(block_on(key.public_point(Slot::Sign)), Ok(pair.public_key().to_point()));
    // PINs: SoftHSM counts none, and says so.
    assert_eq!(block_on(key.pin_info(PinKind::User)), Err(KeyError::Unsupported));
    let verify = |pin: &str| Pin::new(pin);
    assert_eq!(block_on(key.verify_pin(PinKind::User, &verify("wrong-pin"))), Err(KeyError::PinRefused));
    block_on(key.verify_pin(PinKind::User, &verify("Kx7-uQ92"))).unwrap();
    block_on(key.change_pin(PinKind::User, &verify("Kx7-uQ92"), &verify("Neu-7391"))).unwrap();
    block_on(key.unblock(&verify("ADMINADMIN"), &verify("Dritte-55"))).unwrap();
    assert_eq!(block_on(key.verify_pin(PinKind::User, &verify("Neu-7391"))), Err(KeyError::PinRefused));
    block_on(key.verify_pin(PinKind::User, &verify("Dritte-55"))).unwrap();
    // A newer certificate for the same pair, and none for another.
    let newer = office.certificate(&ORGANISATION_SIGNING, &request.subject, &pair.public_key());
    block_on(key.write_certificate(Slot::Sign, &newer)).unwrap();
    let other = KeyPair::generate(&mut SysRng).unwrap().public_key();
    let other = office.certificate(&ORGANISATION_SIGNING, &request.subject, &other);
    assert_eq!(block_on(key.write_certificate(Slot::Sign, &other)), Err(KeyError::BadCertificate));
    // No mechanism, no signature; and nothing that PKCS#11 has no words for.
    assert_eq!(block_on(key.sign(b"x")), Err(KeyError::Unsupported));
    assert_eq!(block_on(key.generate()), Err(KeyError::Unsupported));
    assert_eq!(block_on(key.import_pair(b"x")), Err(KeyError::Unsupported));
}

/// The certificate as another program left it on the token.
fn put(der: &[u8]) {
    let library = Pkcs11::new(MODULE).unwrap();
    library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
    let slot = library.get_slots_with_initialized_token().unwrap()[0];
    let session = library.open_rw_session(slot).unwrap();
    session.login(UserType::User, Some(&AuthPin::new("Kx7-uQ92".to_owned().into()))).unwrap();
    let object = [
        Attribute::Class(ObjectClass::CERTIFICATE),
        Attribute::CertificateType(CertificateType::X_509),
        Attribute::Token(true),
        Attribute::Private(false),
        Attribute::Id(vec![7]),
        Attribute::Subject(key::certificate_facts::subject(der).unwrap()),
        Attribute::Value(der.to_vec()),
    ];
    session.create_object(&object).unwrap();
}
