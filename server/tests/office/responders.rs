//! A responder's certificate is written before it is signed (I4): what a crash leaves between any two lines tells what was
//! meant, and is taken up. And the finder of orphans judges inside the write that acts.

use crate::partners::dice;
use crate::review::usual;
use crate::town::{Streets, Town, until};
use crate::workbench::Workbench;
use app::desk::production::{IssuedPair, JobView, Personalisation};
use certificate::Certificate;
use journey::step::Step;
use server::ground::Ground;
use server::office::Office;
use server::store::StoreError;
use std::time::Duration;
use tokio::sync::oneshot;

const DAY: i64 = 86_400;

async fn open(town: &Town) -> Office {
    // The last task of the office before gives the folder back.
    until("the office to open", || async {
        let settings = server::settings::load(&town.settings_files(), std::iter::empty()).unwrap();
        Box::pin(Office::open(settings, town.clock.clone(), dice())).await.ok()
    })
    .await
}

async fn run(ground: &Ground, statement: String) {
    let run = ground.store.write(move |tx| {
        Box::pin(async move {
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(tx).await?;
            Ok::<_, StoreError>(())
        })
    });
    run.await.unwrap();
}

/// (serial, state) of the SM2 responder's certificates, the first first.
async fn recorded(ground: &Ground) -> Vec<(String, String)> {
    let mut reader = ground.store.read().await.unwrap();
    let rows = "SELECT serial, state FROM responder_certificates WHERE responder = 'responder_issuing' ORDER BY rowid";
    sqlx::query_as(rows).fetch_all(&mut *reader).await.unwrap()
}

async fn renewed(office: &Office) -> Certificate {
    office.issuing.responder("issuing").await.unwrap().certificate.clone()
}

/// An office whose responder was certified anew, and the certificate before that.
async fn after_a_renewal() -> (Town, Office, Certificate, Certificate) {
    let town = tokio::task::spawn_blocking(|| Town::found("127.0.0.1:1", "")).await.unwrap();
    let office = open(&town).await;
    let first = renewed(&office).await;
    town.clock.forward_s(25 * DAY);
    let second = renewed(&office).await;
    assert_ne!(first, second);
    assert_eq!(recorded(&office.ground).await, [(second.serial_hex(), "signed".to_owned())]);
    (town, office, first, second)
}

/// As a crash leaves it after the bytes were recorded: signed or not, nobody heard.
async fn unsign(ground: &Ground, before: &Certificate) {
    run(
        ground,
        "UPDATE responder_certificates SET state = 'reserved', certificate = NULL, signed_at = NULL
         WHERE responder = 'responder_issuing'"
            .to_owned(),
    )
    .await;
    let before = hex::encode(before.der());
    run(ground, format!("UPDATE authorities SET certificate = x'{before}' WHERE name = 'responder_issuing'"))
        .await;
}

#[tokio::test]
async fn i4_i16_a_responder_certificate_that_was_meant_is_the_one_that_is_signed() {
    let (town, office, first, second) = after_a_renewal().await;
    unsign(&office.ground, &first).await;
    drop(office);
    let office = open(&town).await;
    let again = renewed(&office).await;
    assert_eq!(again.tbs_der(), second.tbs_der(), "to the last octet");
    assert_eq!(recorded(&office.ground).await, [(second.serial_hex(), "signed".to_owned())]);
    drop(office);
    let office = open(&town).await;
    assert_eq!(renewed(&office).await, again, "and an office that opens next has it");
}

#[tokio::test]
async fn i16_a_responder_certificate_whose_time_went_by_is_given_up() {
    let (town, office, first, second) = after_a_renewal().await;
    unsign(&office.ground, &first).await;
    drop(office);
    town.clock.forward_s(25 * DAY);
    let office = open(&town).await;
    let third = renewed(&office).await;
    assert_ne!(third.serial_hex(), second.serial_hex());
    let states = [(second.serial_hex(), "given_up".to_owned()), (third.serial_hex(), "signed".to_owned())];
    assert_eq!(recorded(&office.ground).await, states);
}

#[tokio::test]
async fn i16_a_responder_certificate_that_is_refused_is_given_up_and_another_one_meant() {
    let (town, office, first, second) = after_a_renewal().await;
    unsign(&office.ground, &first).await;
    run(&office.ground, "UPDATE responder_certificates SET to_be_signed = x'3000'".to_owned()).await;
    drop(office);
    let office = open(&town).await;
    // The office that opens has perhaps asked already: one call is refused, and the next one means another certificate.
    let third = until("another certificate", || async {
        Some(office.issuing.responder("issuing").await.ok()?.certificate.clone())
    })
    .await;
    let states = [(second.serial_hex(), "given_up".to_owned()), (third.serial_hex(), "signed".to_owned())];
    assert_eq!(recorded(&office.ground).await, states);
}

/// What was read before the write is no verdict: while the finder waits for its write, the order went on.
#[tokio::test]
async fn i4_an_orphan_is_judged_inside_the_write_that_puts_it_aside() {
    let (house, mut applicant) = usual().await;
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let producer = house.producer().await;
    let mut bench = Workbench::set_up().await;
    producer.take(&applicant.number).await.given::<JobView>();
    let given: Personalisation = bench.ask(&producer, &applicant.number).await.given();
    let request = bench.personalise(&given).await;
    bench.hand_in(&producer, &applicant.number, Some(&request)).await.given::<IssuedPair>();
    house.errands_rest().await;
    // To a reader the pair looks like nobody's …
    let ground = house.office.ground.clone();
    run(&ground, "UPDATE certificates SET serial = '00' || serial".to_owned()).await;
    let (go_on, wait) = oneshot::channel::<()>();
    let (begun, begins) = oneshot::channel::<()>();
    let writing = ground.clone();
    let mends = tokio::spawn(async move {
        let write = writing.store.write(move |tx| {
            Box::pin(async move {
                begun.send(()).unwrap();
                wait.await.unwrap();
                // … until this write ends, that came first.
                sqlx::query("UPDATE certificates SET serial = substr(serial, 3)").execute(tx).await?;
                Ok::<_, StoreError>(())
            })
        });
        write.await
    });
    begins.await.unwrap();
    let (office, now) = (house.office.clone(), ground.now());
    let finds = tokio::spawn(async move { office.issuing.end_roads(now).await });
    // The finder has read, and stands behind the write.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!finds.is_finished());
    go_on.send(()).unwrap();
    mends.await.unwrap().unwrap();
    assert_eq!(finds.await.unwrap().unwrap(), 0, "nothing was to be ended");
    let mut reader = ground.store.read().await.unwrap();
    let states: Vec<String> =
        sqlx::query_scalar("SELECT state FROM certificates").fetch_all(&mut *reader).await.unwrap();
    assert_eq!(states, ["signed", "signed"]);
}
