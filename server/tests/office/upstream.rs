//! A partner's certificate from an authority upstream, end to end: asked by CMP of `openssl cmp -port`, recorded under the
//! serial that the authority drew, and how it stands told back to it.

use crate::answer::Answer;
use crate::house::House;
use crate::mock::{Mock, free_port};
use crate::openssl::Folder;
use crate::partners::{TOKEN, certificates, fetch, given, post, refused, settings};
use crate::town::{Streets, until};
use crate::workbench::Workbench;
use app::desk::production::{JobView, Personalisation};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use journey::step::Step;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const MOCK: &str = "-srv_ref office -srv_secret pass:0f1e2d3c4b5a69788796a5b4c3d2e1f0 -rsp_cert holder.crt";

/// The authority's canned certificate carries the key and the name that will be asked for.
fn folder() -> Folder {
    let folder = Folder::new();
    std::fs::write(folder.path("secret.txt"), SECRET).unwrap();
    folder.run("req -new -key holder.key -subj /C=CN/O=Acme/CN=Acme -out holder.csr");
    folder.issue("holder");
    folder
}

async fn house(folder: &Folder, port: u16) -> House {
    house_for(folder, port, "organisation_p256").await
}

/// What the authority issues goes by the name of a product.
async fn house_for(folder: &Folder, port: u16, product: &str) -> House {
    let place = folder.path("").display().to_string();
    let upstream = "[upstream]\nurl = \"http://127.0.0.1:PORT/pkix/\"\nprofiles = [\"PRODUCT\"]\n\
         certificate_file = \"FOLDER/ca.crt\"\npatience_seconds = 5\n\
         [upstream.secret]\nsender = \"office\"\nreference = \"office\"\nsecret_file = \"FOLDER/secret.txt\"\n";
    let upstream = upstream.replace("PORT", &port.to_string()).replace("FOLDER", &place);
    let upstream = upstream.replace("PRODUCT", product);
    House::open_with(&format!("{}{upstream}", settings())).await
}

fn asked(folder: &Folder, number: &str, common_name: &str) -> Value {
    json!({
        "number": number,
        "profile": "organisation_p256",
        "subject": { "organisation": "Acme", "common_name": common_name },
        "request": BASE64.encode(folder.request("holder")),
    })
}

async fn act(house: &House, number: &str, what: &str, body: &Value) -> Answer {
    let browser = house.town.browser();
    let path = format!("/ra/v1/certificates/{number}/{what}");
    let request = browser.bare(Method::POST, &path).bearer_auth(TOKEN);
    browser.send(request.header("content-type", "application/json").body(body.to_string())).await
}

/// How many errands told the authority, and ended well.
async fn told(house: &House) -> i64 {
    house.errands_rest().await;
    let mut reader = house.office.ground.store.read().await.unwrap();
    let told =
        sqlx::query_scalar("SELECT COUNT(*) FROM errands WHERE kind = 'tell_upstream' AND state = 'done'");
    told.fetch_one(&mut *reader).await.unwrap()
}

#[tokio::test]
async fn c13_a_partner_is_served_by_an_authority_upstream() {
    let folder = folder();
    let port = free_port();
    let house = house(&folder, port).await;
    let wanted = asked(&folder, "U-1", "Acme");
    refused(&post(&house.town, TOKEN, &wanted).await, 503, "signer_away");
    refused(&fetch(&house.town, TOKEN, "U-1").await, 409, "in_progress");
    let _mock = Mock::start_at(port, &folder, MOCK);
    let answer = given(&post(&house.town, TOKEN, &wanted).await);
    let issued = folder.certificate("holder");
    let single = certificates(&answer, house.office.ground.now().millis() / 1000);
    assert_eq!(single["single"], issued, "under the serial that the authority drew");
    assert_eq!(answer["chain"], json!([folder.certificate("ca").to_pem()]));
    assert_eq!(given(&post(&house.town, TOKEN, &wanted).await), answer, "nobody is asked twice");
    let mut reader = house.office.ground.store.read().await.unwrap();
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT serial, issuer, state FROM certificates WHERE partner = 'acme'")
            .fetch_all(&mut *reader)
            .await
            .unwrap();
    drop(reader);
    assert_eq!(rows, [(issued.serial_hex(), "upstream".to_owned(), "active".to_owned())]);
}

#[tokio::test]
async fn r134_an_authority_upstream_hears_how_its_certificate_stands() {
    let folder = folder();
    let mock = Mock::start(&folder, MOCK);
    let house = house(&folder, mock.port).await;
    given(&post(&house.town, TOKEN, &asked(&folder, "U-1", "Acme")).await);
    assert_eq!(told(&house).await, 0);
    for (count, what, body) in [
        (1, "suspend", json!({})),
        (2, "resume", json!({})),
        (3, "revoke", json!({ "reason": "key_compromise" })),
    ] {
        let answer = act(&house, "U-1", what, &body).await;
        assert_eq!(answer.status, 200, "{what}: {}", answer.text());
        assert_eq!(told(&house).await, count, "{what}");
    }
}

/// The authority's certificate is public here; its lists are its own.
#[tokio::test]
async fn an_authority_upstream_is_shown_and_publishes_elsewhere() {
    let folder = folder();
    let house = house(&folder, free_port()).await;
    let browser = house.town.browser();
    let get = |path: &'static str| browser.send(browser.bare(Method::GET, path));
    let file = get("/authority/upstream.crt").await;
    assert_eq!((file.status, file.body.as_slice()), (200, folder.certificate("ca").der()));
    assert_eq!(get("/crl/upstream.crl").await.status, 404);
    until("a list of our own", || async { (get("/crl/issuing_p256.crl").await.status == 200).then_some(()) })
        .await;
    // What the authority would certify otherwise than was asked is refused before anything is sent.
    refused(&post(&house.town, TOKEN, &asked(&folder, "U-2", "Other")).await, 422, "lint");
}

/// An authority that takes every question and never answers one.
async fn silent() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, asked) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let counted = asked.clone();
    tokio::spawn(async move {
        let mut waiting = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            // The question is there: its first octet came.
            stream.read_u8().await.unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            waiting.push(stream);
        }
    });
    (port, asked)
}

#[tokio::test]
async fn an_authority_that_lets_one_order_wait_keeps_no_other_order_waiting() {
    let (folder, (port, asked)) = (folder(), silent().await);
    let house = house_for(&folder, port, "organisation").await;
    house.staffed().await;
    let (reviewer, producer) = (house.reviewer().await, house.producer().await);
    let mut handed_in = Vec::new();
    for order in 1..=2 {
        let mut applicant = house.applicant();
        applicant.walk_to(Step::Review).await;
        reviewer.pass(&applicant.number).await;
        applicant.until_at(Step::Production).await;
        let (number, mut bench) = (applicant.number, Workbench::set_up().await);
        producer.take(&number).await.given::<JobView>();
        let given: Personalisation = bench.ask(&producer, &number).await.given();
        let request = bench.personalise(&given).await;
        let arguments = json!({ "number": number, "key_serial": bench.serial, "request": request });
        let browser = producer.browser.copy();
        handed_in.push(tokio::spawn(async move { browser.call("production/issue", arguments).await }));
        // Both certificates of the pair are asked for, while nobody of an order before was answered.
        until("the authority to be asked", || async {
            (asked.load(Ordering::SeqCst) >= 2 * order).then_some(())
        })
        .await;
    }
    assert!(handed_in.iter().all(|order| !order.is_finished()), "both wait");
    handed_in.iter().for_each(tokio::task::JoinHandle::abort);
}
