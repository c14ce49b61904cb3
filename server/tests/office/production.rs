//! 制证: one key, one pair, one order, whatever is reloaded, swapped or made up in between (R067, R137 to R140, R153).

use crate::applicant::Applicant;
use crate::clerk::Clerk;
use crate::house::House;
use crate::review::usual;
use crate::town::Streets;
use crate::workbench::Workbench;
use app::desk::DeskError;
use app::desk::production::{IssuedPair, JobStage, JobView, KeyRequest, Personalisation, ReadBackProof};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use journey::order::Standing;
use journey::step::Step;
use serde_json::json;
use server::store::certificates::{Slot, find};

/// An order at production, taken by a producer with a blank key.
async fn taken() -> (House, Applicant, Clerk, Workbench) {
    let (house, mut applicant) = usual().await;
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let producer = house.producer().await;
    producer.take(&applicant.number).await.given::<JobView>();
    (house, applicant, producer, Workbench::set_up().await)
}

async fn job(producer: &Clerk, number: &str) -> JobView {
    producer.browser.call("production/job", json!({ "number": number })).await.given()
}

/// Not taken: whatever the office calls it, nothing was issued and nothing moved.
async fn refused(house: &House, applicant: &Applicant, answer: crate::answer::Answer) {
    assert!((400..500).contains(&answer.status), "{} {}", answer.status, answer.text());
    let row = house.row(&applicant.number).await;
    assert_eq!(row.order.standing, Standing::Open(Step::Production));
    let mut reader = house.office.ground.store.read().await.unwrap();
    for slot in [Slot::Sign, Slot::Encrypt] {
        assert!(find(&mut reader, &row.id, slot).await.unwrap().is_none_or(|row| row.certificate.is_none()));
    }
}

#[tokio::test]
async fn r138_a_request_must_be_this_keys_for_this_order() {
    let (house, applicant, producer, mut bench) = taken().await;
    let number = &applicant.number;
    let early = bench.hand_in(&producer, number, None).await;
    assert_eq!(early.refusal(), "pair_not_generated");
    let given: Personalisation = bench.ask(&producer, number).await.given();
    assert_eq!(given.subject.common_name, applicant.holder.name);
    // Another subject on the same key.
    let mut other = given.subject.clone();
    other.common_name = "上海别家贸易有限公司".into();
    let request = bench.personalise_as(&given, &other).await;
    refused(&house, &applicant, bench.hand_in(&producer, number, Some(&request)).await).await;
    // A proof over another nonce.
    let stale = Personalisation { nonce: "00".repeat(32), ..given.clone() };
    let request = bench.personalise(&stale).await;
    refused(&house, &applicant, bench.hand_in(&producer, number, Some(&request)).await).await;
    // One key's request with another key's proof.
    let good = bench.personalise(&given).await;
    let mut second = Workbench::set_up().await;
    let given_to_second: Personalisation = second.ask(&producer, number).await.given();
    let foreign = second.personalise(&given_to_second).await;
    let mixed = KeyRequest { proof: foreign.proof.clone(), ..good.clone() };
    let answer = bench.hand_in(&producer, number, Some(&mixed)).await;
    assert_eq!(answer.refusal(), "key_differs", "the second key has taken its place");
    let mixed = KeyRequest { request: good.request, ..foreign.clone() };
    refused(&house, &applicant, second.hand_in(&producer, number, Some(&mixed)).await).await;
    for nonsense in ["", "AAAA", "not base64!"] {
        let request = KeyRequest { request: nonsense.into(), ..foreign.clone() };
        refused(&house, &applicant, second.hand_in(&producer, number, Some(&request)).await).await;
    }
    let pair: IssuedPair = second.hand_in(&producer, number, Some(&foreign)).await.given();
    second.install(&pair).await;
    let proof = second.read_back(&pair).await;
    second.prove(&producer, number, &proof).await.given::<JobView>();
    house.journal_tells_the_row(number).await;
}

#[tokio::test]
async fn r067_after_issuing_only_the_same_key_goes_on_and_a_reload_loses_nothing() {
    let (house, applicant, producer, mut bench) = taken().await;
    let number = &applicant.number;
    let first: Personalisation = bench.ask(&producer, number).await.given();
    let again: Personalisation = bench.ask(&producer, number).await.given();
    assert_eq!(first.nonce, again.nonce, "the same key, the same nonce");
    assert_ne!(first.sealed_passcode, again.sealed_passcode, "sealed anew each time");
    let request = bench.personalise(&again).await;
    let pair: IssuedPair = bench.hand_in(&producer, number, Some(&request)).await.given();
    assert_eq!(job(&producer, number).await.stage, JobStage::Issued);
    // The page was reloaded: the same pair, the same passcode.
    let resumed: Personalisation = bench.ask(&producer, number).await.given();
    bench.resume(&resumed).await;
    for request in [None, Some(&request)] {
        let same: IssuedPair = bench.hand_in(&producer, number, request).await.given();
        assert_eq!(same.sign_certificate, pair.sign_certificate);
        assert_eq!(same.encrypt_certificate, pair.encrypt_certificate);
        assert_eq!(same.enveloped_key, pair.enveloped_key);
    }
    let pair: IssuedPair = bench.hand_in(&producer, number, None).await.given();
    // Another key comes too late.
    let other = Workbench::set_up().await;
    assert_eq!(other.ask(&producer, number).await.refusal(), "key_differs");
    assert_eq!(other.hand_in(&producer, number, None).await.refusal(), "key_differs");
    bench.install(&pair).await;
    let proof = bench.read_back(&pair).await;
    let done: JobView = bench.prove(&producer, number, &proof).await.given();
    assert_eq!(done.stage, JobStage::Verified);
    // The certificates count from now, and exactly two of them (I4, R140).
    house.errands_rest().await;
    let row = house.row(number).await;
    let mut reader = house.office.ground.store.read().await.unwrap();
    let states: Vec<(String,)> = sqlx::query_as("SELECT state FROM certificates WHERE order_id = $1")
        .bind(&row.id)
        .fetch_all(&mut *reader)
        .await
        .unwrap();
    assert_eq!(states, [("active".to_owned(),), ("active".to_owned(),)]);
    drop(reader);
    house.journal_tells_the_row(number).await;
}

#[tokio::test]
async fn r140_r153_a_key_that_does_not_prove_itself_is_not_shipped() {
    let (house, mut applicant, producer, mut bench) = taken().await;
    let number = applicant.number.clone();
    let given: Personalisation = bench.ask(&producer, &number).await.given();
    let request = bench.personalise(&given).await;
    let pair: IssuedPair = bench.hand_in(&producer, &number, Some(&request)).await.given();
    assert_eq!(producer.ship(&number, "顺丰速运", "SF1234567890").await.refusal(), "not_here");
    bench.install(&pair).await;
    let good = bench.read_back(&pair).await;
    let zeros = BASE64.encode([0; 70]);
    let wrong = [
        ReadBackProof { sign_certificate: good.encrypt_certificate.clone(), ..good.clone() },
        ReadBackProof { signature: zeros, ..good.clone() },
        ReadBackProof { signature: request.proof.clone(), ..good.clone() },
        ReadBackProof { encryption_proof: None, ..good.clone() },
        ReadBackProof { encryption_proof: Some("00".repeat(32)), ..good.clone() },
        ReadBackProof { key_serial: "SK0000000000".into(), ..good.clone() },
    ];
    for (index, proof) in wrong.iter().enumerate() {
        let answer = bench.prove(&producer, &number, proof).await;
        assert!((400..500).contains(&answer.status), "{index}: {}", answer.text());
        assert_eq!(applicant.see().await.standing, Standing::Open(Step::Production), "{index}");
    }
    assert_eq!(producer.ship(&number, "顺丰速运", "SF1234567890").await.refusal(), "not_here");
    let good = ReadBackProof { ..bench.read_back(&pair).await };
    bench.prove(&producer, &number, &good).await.given::<JobView>();
    // Now, and with a waybill that is one.
    for (courier, waybill) in
        [("", "SF1234567890"), ("顺丰速运", ""), ("顺丰速运", "12 34"), ("顺丰速运", "12345")]
    {
        assert_eq!(producer.ship(&number, courier, waybill).await.fields().len(), 1, "{courier} {waybill}");
    }
    producer.ship(&number, "顺丰速运", "SF1234567890").await.given::<()>();
    assert_eq!(producer.ship(&number, "顺丰速运", "SF1234567890").await.refusal(), "not_here", "once");
    house.journal_tells_the_row(&number).await;
}

#[tokio::test]
async fn r138_a_key_that_broke_before_its_certificates_is_replaced() {
    let (house, applicant, producer, mut broken) = taken().await;
    let number = &applicant.number;
    let given: Personalisation = broken.ask(&producer, number).await.given();
    broken.personalise(&given).await;
    broken.drawer.remove(&broken.serial).unwrap();
    let mut fresh = Workbench::set_up().await;
    let made = fresh.make(&producer, number).await;
    assert_eq!((made.stage, made.key_serial), (JobStage::Verified, Some(fresh.serial.clone())));
    house.journal_tells_the_row(number).await;
}

#[tokio::test]
async fn r137_a_job_in_somebodys_hands_is_nobody_elses() {
    let (house, applicant, producer, bench) = taken().await;
    let number = &applicant.number;
    // The passcode is sealed to nobody who has not taken the job.
    producer.browser.call("production/release", json!({ "number": number })).await.given::<()>();
    assert_eq!(bench.ask(&producer, number).await.refusal(), "job_not_taken");
    let (a, b) = tokio::join!(producer.take(number), producer.take(number));
    assert_eq!((a.status, b.status), (200, 200), "the own hands, twice");
    // A station key that is none opens nothing.
    let arguments =
        json!({ "number": number, "key_serial": bench.serial, "station_key": BASE64.encode(b"no key") });
    let answer = producer.browser.call("production/personalise", arguments).await;
    assert!((400..500).contains(&answer.status), "{}", answer.text());
    // Before production there is no job.
    let mut other = house.applicant();
    other.walk_to(Step::Review).await;
    let view = producer.browser.call("production/job", json!({ "number": other.number })).await;
    assert_eq!(view.refused(404), DeskError::NotFound);
    assert_eq!(producer.take(&other.number).await.refusal(), "not_here");
    house.journal_tells_the_row(number).await;
}

/// The errand and the producer's request both issue: the one that comes after the key was proven puts nothing aside (I4).
#[tokio::test]
async fn i4_issuing_again_after_the_key_was_proven_gives_the_same_pair() {
    let holder = crate::custodian::holder().await;
    let id = holder.house.row(&holder.applicant.number).await.id;
    let again = holder.house.office.issuing.issue(&id).await.unwrap();
    assert_eq!(again.encrypt.der(), holder.certificate.der());
    let mut reader = holder.house.office.ground.store.read().await.unwrap();
    let states: Vec<(String,)> = sqlx::query_as("SELECT state FROM certificates WHERE order_id = $1")
        .bind(&id)
        .fetch_all(&mut *reader)
        .await
        .unwrap();
    assert_eq!(states, [("active".to_owned(),), ("active".to_owned(),)]);
}
