//! Who comes in at the partners' door, what every answer looks like, whose hold a partner may lift, and what names a holder
//! in a certificate.

use crate::applicant::Applicant;
use crate::house::House;
use crate::partners::{TOKEN, asked, body, certificates, dice, fetch, given, key, post, refused, settings};
use crate::town::{Streets, Town};
use crate::workbench::Workbench;
use certificate::{Certificate, KeyKind};
use journey::step::Step;
use reqwest::Method;
use serde_json::json;
use server::office::Office;
use server::standing::{By, Which};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CREDIT_CODE: &str = "1.2.156.10260.4.1.4";

/// The first lines that the door answers to these lines alone, while the body that they announce never comes.
async fn answer_to(town: &Town, lines: &str) -> String {
    let address = town.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(lines.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut answer)).await;
    let read = read.expect("an answer without the body").unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

#[tokio::test]
async fn a_strangers_body_is_not_read_and_takes_no_seat() {
    let house = House::open_with(&settings()).await;
    let town = &house.town;
    let lines = |token: &str| {
        format!(
            "POST /ra/v1/certificates HTTP/1.1\r\nhost: office\r\nauthorization: Bearer {token}\r\n\
             content-length: 1000000000\r\n\r\n"
        )
    };
    let answer = answer_to(town, &lines("no-such-token")).await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.contains("\"code\":\"token\""), "{answer}");
    // A partner's own is refused by its length alone.
    let answer = answer_to(town, &lines(TOKEN)).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("\"code\":\"too_large\""), "{answer}");
}

#[tokio::test]
async fn r163_every_answer_of_the_door_is_its_own() {
    let house = House::open_with(&settings()).await;
    let town = &house.town;
    let browser = town.browser();
    let ask = async |token: &str, method: Method, path: &str, body: String| {
        browser.send(browser.bare(method, path).bearer_auth(token).body(body)).await
    };
    let none = String::new;
    let certificates = "/ra/v1/certificates";
    for (method, path, status, code) in [
        (Method::GET, "/ra/v1/nothing", 404, "no_such_address"),
        (Method::POST, "/ra/v2/certificates", 404, "no_such_address"),
        (Method::POST, "/ra/v1/certificates/A-1/suspend/again", 404, "no_such_address"),
        (Method::GET, certificates, 405, "other_method"),
        (Method::DELETE, "/ra/v1/certificates/A-1", 405, "other_method"),
        (Method::GET, "/ra/v1/certificates/A-1/revoke", 405, "other_method"),
        (Method::GET, "/ra/v1/certificates/A-1", 404, "not_found"),
        (Method::GET, "/ra/v1/certificates/%FF", 422, "number_invalid"),
        (Method::POST, "/ra/v1/certificates/%FF/suspend", 422, "number_invalid"),
    ] {
        let answer = ask(TOKEN, method.clone(), path, none()).await;
        refused(&answer, status, code);
        assert_eq!(answer.headers["content-type"], "application/json", "{method} {path}");
        assert_eq!(status == 405, answer.headers.contains_key("allow"), "{method} {path}");
        // A stranger learns not even which addresses there are.
        let stranger = ask("no-such-token", method, path, none()).await;
        refused(&stranger, 401, "token");
        assert_eq!(stranger.headers["www-authenticate"], "Bearer");
    }
    refused(&ask(TOKEN, Method::POST, certificates, "x".repeat(40_000)).await, 413, "too_large");
    let revoke = "/ra/v1/certificates/A-1/revoke";
    refused(&ask(TOKEN, Method::POST, revoke, "x".repeat(40_000)).await, 413, "too_large");
    refused(&ask(TOKEN, Method::POST, certificates, none()).await, 400, "malformed");
    let bare = browser.send(browser.bare(Method::GET, "/ra/v1/certificates/A-1")).await;
    refused(&bare, 401, "token");
}

#[tokio::test]
async fn r134_a_partner_lifts_its_own_hold_and_no_registrars() {
    let house = House::open_with(&settings()).await;
    let town = &house.town;
    let issued = given(&post(town, TOKEN, &asked("H-1", "organisation", "甲公司", &key(KeyKind::Sm2))).await);
    let serial = issued["certificates"][0]["serial"].as_str().unwrap().to_owned();
    let act = async |what: &str| {
        let browser = town.browser();
        let path = format!("/ra/v1/certificates/H-1/{what}");
        browser.send(browser.bare(Method::POST, &path).bearer_auth(TOKEN)).await
    };
    let (status, pair) = (&house.office.status, || Which::PairOf(serial.clone()));
    let registrar = || By::new("登记员甲", "公安机关协查");
    let state = async || given(&fetch(town, TOKEN, "H-1").await)["certificates"][1]["state"].clone();

    assert_eq!(status.suspend(pair(), registrar()).await.unwrap().len(), 2);
    refused(&act("resume").await, 409, "standing_held_by_another");
    assert_eq!(state().await, json!("on_hold"), "and nothing moved");
    // The registrar lifts it, and afterwards the partner's own hold is the partner's.
    status.resume(pair(), registrar()).await.unwrap();
    given(&act("suspend").await);
    given(&act("resume").await);
    // A hold of the partner's is lifted by the registrar too, and the partner may always revoke.
    given(&act("suspend").await);
    status.resume(pair(), registrar()).await.unwrap();
    status.suspend(pair(), registrar()).await.unwrap();
    refused(&act("resume").await, 409, "standing_held_by_another");
    given(&act("revoke").await);
    refused(&act("resume").await, 409, "standing_already_revoked");
}

#[tokio::test]
async fn what_names_the_holder_stands_in_the_certificate_where_the_operator_wants_it() {
    let wants = format!(
        "{}[certificates]\nedition = 2023\nidentity_codes = [\"credit_code\", \"tax_number\"]\n\
         [certificates.identifiers.credit_code]\noid = \"1.3.6.1.4.1.32473.15.1\"\nform = \"utf8\"\n\
         [certificates.identifiers.tax_number]\noid = \"1.3.6.1.4.1.32473.15.2\"\nform = \"printable\"\n",
        settings()
    );
    let house = House::open_with(&wants).await;
    let (town, key) = (&house.town, key(KeyKind::Sm2));
    let mut wanted = asked("N-1", "organisation", "甲公司", &key);
    wanted["identities"] = json!({ "credit_code": "91110108MA01ABCD2X", "tax_number": "91A" });
    let answer = given(&post(town, TOKEN, &wanted).await);
    let now = house.office.ground.now().millis() / 1000;
    for certificate in certificates(&answer, now).values() {
        let value = |oid| certificate.extension_value(oid).unwrap().to_vec();
        assert_eq!(value("1.3.6.1.4.1.32473.15.1"), b"\x0c\x1291110108MA01ABCD2X");
        assert_eq!(value("1.3.6.1.4.1.32473.15.2"), b"\x13\x0391A");
    }
    assert_eq!(given(&post(town, TOKEN, &wanted).await), answer, "idempotent");
    // The number stands for what the certificates say, and what is not set up stands in none.
    let mut other = wanted.clone();
    other["identities"]["tax_number"] = json!("91B");
    refused(&post(town, TOKEN, &other).await, 409, "number_taken");
    for (identities, says) in [
        (json!({ "passport": "E1" }), "passport"),
        (json!({ "shoe_size": "42" }), "shoe_size"),
        (json!({ "tax_number": "税号" }), "tax_number"),
        (json!({ "tax_number": "" }), "tax_number"),
    ] {
        let mut wrong = asked("N-2", "organisation", "甲公司", &key);
        wrong["identities"] = identities;
        let answer = post(town, TOKEN, &wrong).await;
        refused(&answer, 422, "identity_invalid");
        assert!(body(&answer)["detail"].as_str().unwrap().contains(says));
    }
}

#[tokio::test]
async fn an_organisations_credit_code_stands_in_both_of_its_certificates() {
    let house = House::open_with(
        "codes_per_address_hour = 1000\n[certificates]\nidentity_codes = [\"credit_code\"]\n",
    )
    .await;
    house.staffed().await;
    let mut applicant: Applicant = house.applicant();
    applicant.walk_to(Step::Review).await;
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let mut bench = Workbench::set_up().await;
    bench.make(&house.producer().await, &applicant.number).await;
    let (sign, encrypt) = bench.certificates().await;
    for der in [sign, encrypt] {
        let certificate = Certificate::from_der(&der).unwrap();
        let value = certificate.extension_value(CREDIT_CODE).unwrap();
        assert_eq!(&value[2..], applicant.holder.credit_code.as_bytes());
    }
}

#[tokio::test]
async fn settings_of_identity_codes_that_cannot_be_open_no_office() {
    let more = "[certificates]\nedition = 2023\nidentity_codes = [\"credit_code\"]\n".to_owned();
    let town = tokio::task::spawn_blocking(move || Town::found("127.0.0.1:1", &more)).await.unwrap();
    let settings = server::settings::load(&town.settings_files(), std::iter::empty()).unwrap();
    let why = Box::pin(Office::open(settings, town.clock.clone(), dice())).await.err().unwrap().to_string();
    assert!(why.contains("[certificates] identity_codes") && why.contains("credit_code"), "{why}");
}
