//! Requests: proof of possession under the GM/T identity, and what is refused with which sentence.

use certificate::profile::ORGANISATION_SIGNING;
use certificate::{KeyKind, Request, RequestError, request};

use crate::judge::{DISTID, Judge};
use crate::stage;

const NEW_KEY: [&str; 7] =
    ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "key.pem"];

/// `openssl req` with a fresh SM2 key.
fn from_openssl(test: &str, extra: &[&str]) -> Vec<u8> {
    let judge = Judge::new(test);
    judge.must(&NEW_KEY);
    let fixed = ["req", "-new", "-sm3", "-key", "key.pem", "-subj", "/C=CN/O=Example/CN=Example"];
    judge.must(&[&fixed[..], &["-outform", "DER", "-out", "request.der"], extra].concat());
    judge.read("request.der")
}

#[test]
fn openssl_requests_under_the_gmt_identity_are_accepted() {
    let der = from_openssl("request_default_id", &["-sigopt", DISTID]);
    let request = Request::verify(&der).unwrap();
    assert_eq!(request.subject.to_string(), "C=CN, O=Example, CN=Example");
}

/// What plain `openssl req` makes: refused, with the option that puts it right.
#[test]
fn an_empty_identity_is_refused_with_the_way_out() {
    let refusal = Request::verify(&from_openssl("request_empty_id", &[])).unwrap_err();
    assert_eq!(refusal.code(), "request_empty_id");
    assert!(refusal.to_string().contains("-sigopt distid:1234567812345678"), "{refusal}");
}

#[test]
fn openssl_accepts_ours() {
    let key = stage::key(3);
    let judge = Judge::new("request_ours");
    judge.write("request.der", request::build(&stage::name("示例", "示例"), &key).unwrap());
    let check = ["req", "-verify", "-noout", "-inform", "DER", "-in", "request.der", "-vfyopt", DISTID];
    let verdict = judge.run(&check);
    assert!(verdict.good && verdict.said.contains("verify OK"), "{}", verdict.said);
}

/// As a UKEY does it: the bytes go out, a signature of their digest comes back (R138).
#[test]
fn a_request_in_two_steps_is_the_request_in_one() {
    let key = stage::key(3);
    let subject = stage::name("示例", "示例");
    let info = request::to_be_signed(&subject, &key.public_key().to_spki_der()).unwrap();
    let signature = key.sign_digest(&key.public_key().message_digest(&info)).unwrap();
    let der = request::assemble(&info, &signature).unwrap();
    assert_eq!(der, request::build(&subject, &key).unwrap());
    let read = Request::verify(&der).unwrap();
    assert_eq!(read, Request { subject, spki: key.public_key().to_spki_der(), kind: KeyKind::Sm2 });
}

#[test]
fn a_signature_by_another_key_proves_nothing() {
    let subject = stage::name("示例", "示例");
    let info = request::to_be_signed(&subject, &stage::key(3).public_key().to_spki_der()).unwrap();
    let signature = stage::key(4).sign(&info).unwrap();
    assert_eq!(request::assemble(&info, &signature), Err(RequestError::Signature));
}

#[test]
fn no_changed_bit_passes() {
    let der = request::build(&stage::name("示例", "示例"), &stage::key(3)).unwrap();
    for at in 0..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 1;
        assert!(Request::verify(&changed).is_err(), "octet {at}");
    }
    for length in 0..der.len() {
        assert_eq!(Request::verify(&der[..length]), Err(RequestError::NotARequest), "cut at {length}");
    }
    assert_eq!(Request::verify(&[&der[..], &[0]].concat()), Err(RequestError::NotARequest), "a tail");
}

#[test]
fn other_keys_and_digests_are_named() {
    let judge = Judge::new("request_foreign");
    let p256 = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "p256.pem"];
    judge.must(&p256);
    let subject = ["-subj", "/CN=a", "-outform", "DER"];
    let refusal = |key: &str, digest: &str| {
        let head = ["req", "-new", digest, "-key", key, "-out", "request.der"];
        judge.must(&[&head[..], &subject].concat());
        Request::verify_for(&judge.read("request.der"), &ORGANISATION_SIGNING).unwrap_err()
    };
    assert_eq!(refusal("p256.pem", "-sha256"), RequestError::KeyNotSm2);
    // An SM2 request that claims to be signed with ECDSA: the algorithm's identifier rewritten by hand.
    let mut der = request::build(&stage::name("示例", "示例"), &stage::key(3)).unwrap();
    let oid = [0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75];
    let at = der.windows(8).position(|window| window == oid).unwrap();
    der[at + 7] = 0x76;
    assert_eq!(Request::verify(&der), Err(RequestError::AlgorithmNotSm2));
}
