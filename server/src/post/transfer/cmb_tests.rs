use super::*;
use crate::outside::testing::{key, surroundings};

const UID: &str = "N002462919";

fn settings() -> CmbSettings {
    CmbSettings {
        base_url: "http://127.0.0.1:1/cdcserver/api/v2".to_owned(),
        uid: UID.to_owned(),
        account: "755915711310210".to_owned(),
        sm4_key_file: key("bank_sm4.hex"),
        private_key_file: key("bank_ours_private.hex"),
        bank_key_file: key("bank_theirs_public.hex"),
    }
}

fn client() -> Cmb {
    Cmb::new(&settings(), surroundings()).unwrap()
}

/// The other end: the bank's key signs, ours verifies.
fn bank() -> Keys {
    let read = |name, length| key_file::read_hex(&key(name), length).unwrap();
    Keys::new(
        UID,
        &read("bank_sm4.hex", 16),
        &read("bank_theirs_private.hex", 32),
        &read("bank_ours_public.hex", 65),
    )
    .unwrap()
}

/// Made with OpenSSL 3.0: `pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:N002462919000000`.
#[test]
fn a_signature_of_openssl_verifies_and_only_under_its_text() {
    let text = r#"{"response":{"body":{},"head":{"resultcode":"SUC0000"}},"signature":{"sigdat":"__signature_sigdat__","sigtim":"20261122161800"}}"#;
    let signature =
        "wxLi1HRokILJ1u5awJnqJrJN7wZuwKsUjQOMY85PhDhV4z5vCKvH8oYyMMFnQp2ySG1zBkrc5gbcIvBdUAeTIg==";
    assert!(client().keys.verifies(text, signature));
    assert!(!client().keys.verifies(&text.replace("SUC0000", "SUC0001"), signature));
    assert!(!client().keys.verifies(text, ""));
}

/// Verified with OpenSSL 3.0 (`pkeyutl -verify`, the same distid); our signatures are deterministic.
#[test]
fn our_signature_is_one_that_openssl_verified() {
    assert_eq!(
        client().keys.sign(r#"{"a":"中文"}"#),
        "8JXDLjO42jFqIHlXaGpSERl5kLf8sG9eUC64mjiGaq2yVVoCg9UMaDhKHBYFH5jBwBRHRh/uWUH6iFCT5+aa4Q=="
    );
}

/// Made with Python's cryptography: SM4-CBC, PKCS#7, the filled-up user as IV.
#[test]
fn the_envelope_equals_an_independent_one() {
    let sealed = "rmP/Duo8ZQ+RpuPMqBFHfg8QxsG2AOokVm55XnjiPo0=";
    assert_eq!(client().keys.seal(r#"{"附言":"73910264"}"#), sealed);
    assert_eq!(client().keys.open(sealed).unwrap().as_str(), r#"{"附言":"73910264"}"#);
    assert!(client().keys.open("rmP/Duo8ZQ+RpuPMqBFHfg==").is_none());
    assert!(client().keys.open("no base64").is_none());
}

#[test]
fn the_signed_text_is_sorted_at_every_depth_and_compact() {
    let value = json!({ "b": [{ "z": "1", "a": "中文 / \"x\"" }], "a": null });
    assert_eq!(canonical(&value), r#"{"a":null,"b":[{"a":"中文 / \"x\"","z":"1"}]}"#);
}

/// An answer as the bank sends it.
fn answered(code: &str, body: Value) -> Vec<u8> {
    let mut answer = json!({
        "response": { "head": { "resultcode": code, "resultmsg": "words" }, "body": body },
        "signature": { "sigdat": PLACE, "sigtim": "20261122161800" },
    });
    answer["signature"]["sigdat"] = bank().sign(&canonical(&answer)).into();
    bank().seal(&canonical(&answer)).into_bytes()
}

#[test]
fn taken_is_not_paid_and_a_refusal_carries_the_banks_words() {
    let body = client()
        .read(&answered(TAKEN, json!({ "bb1payopz1": [{ "reqSts": "AUT", "reqNbr": "1028" }] })))
        .unwrap();
    assert_eq!(taken(&body["bb1payopz1"][0]), Ok(Accepted { request: "1028".to_owned() }));
    let refused = client().read(&answered("CSEAC16", json!({})));
    assert_eq!(refused, Err(CallError::Refused { code: "CSEAC16".to_owned(), message: "words".to_owned() }));
}

#[test]
fn an_answer_without_the_banks_signature_is_none() {
    let client = client();
    let mut answer = json!({ "response": { "head": { "resultcode": TAKEN } }, "signature": { "sigdat": "", "sigtim": "" } });
    let unsigned = bank().seal(&canonical(&answer));
    assert!(matches!(client.read(unsigned.as_bytes()), Err(CallError::Untrusted(_))));
    // Our own key must not pass for the bank's.
    answer["signature"]["sigdat"] = PLACE.into();
    answer["signature"]["sigdat"] = client.keys.sign(&canonical(&answer)).into();
    let ours = bank().seal(&canonical(&answer));
    assert!(matches!(client.read(ours.as_bytes()), Err(CallError::Untrusted(_))));
    assert!(matches!(client.read(b"CDCServer:ErrMsg:decrypt error"), Err(CallError::Unknown(_))));
    assert!(matches!(client.read(b"<html>"), Err(CallError::Untrusted(_))));
}

#[test]
fn a05_each_end_of_a_transfer_is_told_apart() {
    let row =
        |status: &str, flag: &str| fact(&json!({ "reqSts": status, "rtnFlg": flag, "rtnNar": "户名不符" }));
    let reason = "户名不符".to_owned();
    assert_eq!(row("FIN", "S"), Ok(TransferFact::Done));
    assert_eq!(row("FIN", "F"), Ok(TransferFact::Failed { reason: reason.clone() }));
    assert_eq!(row("FIN", "B"), Ok(TransferFact::Returned { reason }));
    for waiting in ["AUT", "NTE", "BNK", "WRF", "OPR"] {
        assert_eq!(row(waiting, ""), Ok(TransferFact::Pending));
    }
    assert!(matches!(row("FIN", "?"), Err(CallError::Unknown(_))));
}
