//! The partners' door: certificates over REST under the partner's own number (C13), each recorded before it is signed.

use crate::answer::Answer;
use crate::house::House;
use crate::town::Town;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::delivery::CsrResponse;
use certificate::read::verify_chain;
use certificate::{Certificate, KeyKind, KeyPair, Name, NameParts, PublicKey, Signer, SoftwareKey, envelope};
use reqwest::Method;
use serde_json::{Value, json};
use server::clock::{Dice, SystemEntropy};
use std::collections::BTreeMap;
use std::sync::Arc;

pub const TOKEN: &str = "acme-token-of-32-random-characters";
const OTHER: &str = "another-partner-and-another-token";

/// Lines for the settings: two partners.
pub fn settings() -> String {
    let digest = |token: &str| hex::encode(ring::digest::digest(&ring::digest::SHA256, token.as_bytes()));
    format!(
        "codes_per_address_hour = 1000\n[partners.acme]\ntoken_digest = \"{}\"\n\
         profiles = [\"organisation\", \"person\", \"organisation_p256\"]\nmax_days = 100\n\
         [partners.other]\ntoken_digest = \"{}\"\nprofiles = [\"organisation\"]\n",
        digest(TOKEN),
        digest(OTHER)
    )
}

pub fn dice() -> Dice {
    Dice::new(Arc::new(SystemEntropy::default()))
}

pub fn key(kind: KeyKind) -> SoftwareKey {
    SoftwareKey::generate(kind, &mut dice()).unwrap()
}

fn request(key: &SoftwareKey) -> String {
    let parts = NameParts { common_name: Some("whoever".into()), ..NameParts::default() };
    let name = Name::from_parts(&parts).unwrap();
    BASE64.encode(certificate::request::build(&name, key).unwrap())
}

pub fn asked(number: &str, profile: &str, holder: &str, key: &SoftwareKey) -> Value {
    json!({
        "number": number,
        "profile": profile,
        "subject": { "organisation": holder, "common_name": holder },
        "request": request(key),
    })
}

pub async fn post(town: &Town, token: &str, body: &Value) -> Answer {
    let browser = town.browser();
    let request = browser.bare(Method::POST, "/ra/v1/certificates").bearer_auth(token);
    browser.send(request.header("content-type", "application/json").body(body.to_string())).await
}

pub async fn fetch(town: &Town, token: &str, number: &str) -> Answer {
    let browser = town.browser();
    let request = browser.bare(Method::GET, &format!("/ra/v1/certificates/{number}")).bearer_auth(token);
    browser.send(request).await
}

pub fn body(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text()).unwrap_or_else(|_| panic!("{} {}", answer.status, answer.text()))
}

pub fn given(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    body(answer)
}

#[track_caller]
pub fn refused(answer: &Answer, status: u16, code: &str) {
    let body = body(answer);
    assert_eq!((answer.status, body["code"].as_str()), (status, Some(code)), "{body}");
    let message = body["message"].as_str().unwrap();
    assert!(message.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "says what to do: {message}");
}

/// The certificates by slot, each standing on the chain that came with it.
pub fn certificates(given: &Value, now: i64) -> BTreeMap<String, Certificate> {
    let chain: Vec<Certificate> = given["chain"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pem| Certificate::from_pem(pem.as_str().unwrap()).unwrap())
        .collect();
    let (root, issuers) = chain.split_last().unwrap();
    let read = |one: &Value| {
        let certificate = Certificate::from_pem(one["certificate"].as_str().unwrap()).unwrap();
        assert_eq!(one["serial"].as_str().unwrap(), certificate.serial_hex());
        assert!(certificate.serial_hex().len() >= 16, "64 bits at least");
        let path = [std::slice::from_ref(&certificate), issuers].concat();
        verify_chain(&path, root, now).unwrap();
        (one["slot"].as_str().unwrap().to_owned(), certificate)
    };
    given["certificates"].as_array().unwrap().iter().map(read).collect()
}

#[tokio::test]
async fn r139_a_partner_gets_a_pair_for_an_sm2_key() {
    let house = House::open_with(&settings()).await;
    let now = house.office.ground.now().millis() / 1000;
    let key = key(KeyKind::Sm2);
    let answer = given(&post(&house.town, TOKEN, &asked("A-1", "organisation", "甲公司", &key)).await);
    let pair = certificates(&answer, now);
    assert_eq!(pair.keys().collect::<Vec<_>>(), ["encrypt", "sign"]);
    let (sign, encrypt) = (&pair["sign"], &pair["encrypt"]);
    assert_eq!(sign.spki(), key.spki());
    assert_eq!(sign.subject().common_name(), Some("甲公司"), "the partner's word, not the request's");
    assert_eq!(sign.subject(), encrypt.subject());
    assert_eq!(sign.not_after() - sign.not_before(), 100 * 86_400, "the partner's own limit");
    // Only the requested key opens the other half.
    let sealed = BASE64.decode(answer["envelope"].as_str().unwrap()).unwrap();
    let SoftwareKey::Sm2(holder) = &key else { panic!("an SM2 key") };
    let encryption: PublicKey = encrypt.public_key().unwrap();
    let opened: KeyPair = envelope::open(&sealed, holder).unwrap();
    assert_eq!(opened.public_key(), encryption);
    // The same in one: GM/T 0092.
    let response =
        CsrResponse::from_der(&BASE64.decode(answer["response"].as_str().unwrap()).unwrap()).unwrap();
    assert_eq!(response.find_signing(&key.spki()), Some(sign));
    assert_eq!(response.open(holder).unwrap().public_key(), encryption);
    assert_eq!(given(&fetch(&house.town, TOKEN, "A-1").await), answer, "fetched again");
}

#[tokio::test]
async fn c13_an_old_system_gets_one_p256_certificate() {
    let house = House::open_with(&settings()).await;
    let now = house.office.ground.now().millis() / 1000;
    let key = key(KeyKind::P256);
    let mut wanted = asked("P-1", "organisation_p256", "甲公司", &key);
    wanted["days"] = json!(30);
    let answer = given(&post(&house.town, TOKEN, &wanted).await);
    let single = certificates(&answer, now);
    assert_eq!(single.keys().collect::<Vec<_>>(), ["single"]);
    assert_eq!(single["single"].spki(), key.spki());
    assert_eq!(single["single"].not_after() - single["single"].not_before(), 30 * 86_400);
    assert_eq!(answer.get("envelope"), None);
}

#[tokio::test]
async fn c13_a_number_stands_for_one_request() {
    let house = House::open_with(&settings()).await;
    let (first, second) = (key(KeyKind::Sm2), key(KeyKind::Sm2));
    let wanted = asked("A-1", "organisation", "甲公司", &first);
    let answer = given(&post(&house.town, TOKEN, &wanted).await);
    assert_eq!(given(&post(&house.town, TOKEN, &wanted).await), answer, "idempotent");
    let resigned = asked("A-1", "organisation", "甲公司", &first);
    assert_eq!(given(&post(&house.town, TOKEN, &resigned).await), answer, "the same key proved anew");
    let mut days = wanted.clone();
    days["days"] = json!(7);
    for other in [
        asked("A-1", "organisation", "乙公司", &first),
        asked("A-1", "organisation", "甲公司", &second),
        asked("A-1", "person", "甲公司", &first),
        days,
    ] {
        refused(&post(&house.town, TOKEN, &other).await, 409, "number_taken");
    }
    // Another partner's numbers are its own, and nobody reads a stranger's.
    refused(&fetch(&house.town, OTHER, "A-1").await, 404, "not_found");
    let theirs = given(&post(&house.town, OTHER, &asked("A-1", "organisation", "乙公司", &second)).await);
    assert_ne!(theirs["certificates"], answer["certificates"]);
}

#[tokio::test]
async fn c13_a_key_signs_for_one_subject_and_encrypts_for_nobody_else() {
    let house = House::open_with(&settings()).await;
    let key = key(KeyKind::Sm2);
    given(&post(&house.town, TOKEN, &asked("A-1", "organisation", "甲公司", &key)).await);
    refused(&post(&house.town, OTHER, &asked("B-1", "organisation", "乙公司", &key)).await, 409, "key_taken");
    refused(&post(&house.town, TOKEN, &asked("A-2", "person", "乙公司", &key)).await, 409, "key_taken");
    // The same subject's next certificate over the same key is a renewal.
    let renewed = given(&post(&house.town, OTHER, &asked("B-2", "organisation", "甲公司", &key)).await);
    assert_eq!(renewed["certificates"].as_array().unwrap().len(), 2);
    // In one batch: who comes first has it.
    let second = SoftwareKey::generate(KeyKind::Sm2, &mut dice()).unwrap();
    let bodies: Vec<Value> =
        (0..8).map(|n| asked(&format!("C-{n}"), "organisation", &format!("公司{n}"), &second)).collect();
    let answers = futures::future::join_all(bodies.iter().map(|body| post(&house.town, TOKEN, body))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        refused(answer, 409, "key_taken");
    }
}

#[tokio::test]
async fn r163_what_a_partner_asks_wrongly_is_refused_with_a_code_and_a_sentence() {
    let house = House::open_with(&settings()).await;
    let town = &house.town;
    let key = key(KeyKind::Sm2);
    let good = asked("A-1", "organisation", "甲公司", &key);
    refused(&post(town, "no such token", &good).await, 401, "token");
    refused(&fetch(town, "no such token", "A-1").await, 401, "token");
    let with = |field: &str, value: Value| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    refused(&post(town, TOKEN, &with("colour", json!("red"))).await, 400, "malformed");
    refused(&post(town, TOKEN, &with("request", json!("not base64!"))).await, 400, "malformed");
    refused(&post(town, TOKEN, &with("request", json!("AAAA"))).await, 422, "request_malformed");
    refused(&post(town, TOKEN, &with("request", json!("A".repeat(64 * 1024)))).await, 413, "too_large");
    refused(&post(town, TOKEN, &with("number", json!("A 1"))).await, 422, "number_invalid");
    refused(&post(town, TOKEN, &with("number", json!(""))).await, 422, "number_invalid");
    refused(&post(town, TOKEN, &with("days", json!(0))).await, 422, "days_invalid");
    for nameless in [json!({}), json!({ "organisation": "甲公司" }), json!({ "common_name": " " })] {
        refused(&post(town, TOKEN, &with("subject", nameless)).await, 422, "subject_invalid");
    }
    let long = json!({ "common_name": "长".repeat(65) });
    refused(&post(town, TOKEN, &with("subject", long)).await, 422, "subject_invalid");
    // Not this partner's, and nobody's.
    refused(&post(town, OTHER, &with("profile", json!("person"))).await, 403, "profile_not_allowed");
    for house_s_own in ["root", "issuing_authority", "ocsp_responder", "organisation_encryption", "nothing"] {
        refused(&post(town, TOKEN, &with("profile", json!(house_s_own))).await, 403, "profile_not_allowed");
    }
    // A key that the profile does not certify, and a proof that is none.
    let p256 = SoftwareKey::generate(KeyKind::P256, &mut dice()).unwrap();
    let other_key = asked("A-1", "organisation", "甲公司", &p256);
    refused(&post(town, TOKEN, &other_key).await, 422, "request_key_not_sm2");
    let mut forged = BASE64.decode(good["request"].as_str().unwrap()).unwrap();
    *forged.last_mut().unwrap() ^= 1;
    refused(
        &post(town, TOKEN, &with("request", json!(BASE64.encode(forged)))).await,
        422,
        "request_signature",
    );
    // Nothing of all this stands.
    refused(&fetch(town, TOKEN, "A-1").await, 404, "not_found");
    given(&post(town, TOKEN, &good).await);
}

/// docs/how-to/partner-registration.md: what it tells a partner's programmer to type.
#[tokio::test]
async fn the_worked_example_works() {
    let house = House::open_with(&settings()).await;
    let page = include_str!("../../../docs/how-to/partner-registration.md");
    let script: String = page
        .split("```sh\n")
        .skip(1)
        .map(|block| block.split("```").next().unwrap())
        .filter(|block| !block.contains("sha256sum"))
        .collect();
    assert!(script.contains("openssl req") && script.contains("curl"), "{script}");
    let folder = tempfile::tempdir().unwrap();
    let mut bash = std::process::Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &script]).current_dir(folder.path());
    bash.env("OFFICE", &house.town.url).env("TOKEN", TOKEN);
    let done = tokio::task::spawn_blocking(move || bash.output()).await.unwrap().unwrap();
    let (said, complained) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{said}\n{complained}");
    assert!(said.contains("sign.pem: OK"), "{said}\n{complained}");
}
