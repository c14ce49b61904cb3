//! What becomes of a partner's certificates: how they stand, as everybody sees it (R134, R162), and what one request's
//! misfortune does to the others (C13, I16).

use crate::answer::Answer;
use crate::house::House;
use crate::partners::{TOKEN, asked, body, fetch, given, key, post, refused, settings};
use crate::relying::Relying;
use crate::town::{Town, until};
use certificate::revocation::Reason;
use certificate::{KeyKind, SoftwareKey};
use reqwest::Method;
use serde_json::{Value, json};
use server::store::encryption_pairs::count_standby;

async fn change(town: &Town, number: &str, what: &str, why: &str) -> Answer {
    let browser = town.browser();
    let address = format!("/ra/v1/certificates/{number}/{what}");
    let request = browser.bare(Method::POST, &address).bearer_auth(TOKEN);
    browser.send(request.body(why.to_owned())).await
}

fn states(given: &Value) -> Vec<&str> {
    given["certificates"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect()
}

fn serials(given: &Value) -> Vec<String> {
    let all = given["certificates"].as_array().unwrap().iter();
    all.map(|one| one["serial"].as_str().unwrap().to_owned()).collect()
}

/// Statements that a crash, or somebody at the file, might have made.
async fn tear(house: &House, statements: &'static [&'static str]) {
    let torn = house.office.ground.store.write(move |tx| {
        Box::pin(async move {
            for statement in statements {
                sqlx::query(*statement).execute(&mut *tx).await?;
            }
            Ok::<_, server::store::StoreError>(())
        })
    });
    torn.await.unwrap();
}

async fn recorded(house: &House, number: &str) -> Vec<String> {
    let mut reader = house.office.ground.store.read().await.unwrap();
    let states =
        "SELECT state FROM certificates WHERE partner = 'acme' AND partner_number = $1 ORDER BY slot";
    sqlx::query_scalar(states).bind(number).fetch_all(&mut *reader).await.unwrap()
}

#[tokio::test]
async fn r134_r162_a_partner_suspends_resumes_and_revokes_and_ocsp_says_so_at_once() {
    let house = House::open_with(&settings()).await;
    let (town, relying) = (&house.town, Relying::on(&house, "issuing"));
    let issued = given(&post(town, TOKEN, &asked("L-1", "organisation", "甲公司", &key(KeyKind::Sm2))).await);
    let stands = async |expected: Option<Reason>| {
        for serial in serials(&issued) {
            assert_eq!(relying.reason(&serial).await, expected, "both of a pair");
        }
    };
    stands(None).await;
    assert_eq!(states(&given(&change(town, "L-1", "suspend", "").await)), ["on_hold", "on_hold"]);
    stands(Some(Reason::CertificateHold)).await;
    refused(&change(town, "L-1", "suspend", "").await, 409, "standing_already_on_hold");
    assert_eq!(states(&given(&change(town, "L-1", "resume", "").await)), ["active", "active"]);
    stands(None).await;
    refused(&change(town, "L-1", "resume", "").await, 409, "standing_not_on_hold");
    for (why, status, code) in [
        (r#"{ "reason": "boredom" }"#, 422, "reason_unknown"),
        (r#"{ "why": "key_compromise" }"#, 400, "malformed"),
    ] {
        refused(&change(town, "L-1", "revoke", why).await, status, code);
    }
    stands(None).await;
    let revoked = given(&change(town, "L-1", "revoke", r#"{ "reason": "key_compromise" }"#).await);
    assert_eq!(states(&revoked), ["revoked", "revoked"]);
    stands(Some(Reason::KeyCompromise)).await;
    refused(&change(town, "L-1", "resume", "").await, 409, "standing_already_revoked");
    assert_eq!(given(&fetch(town, TOKEN, "L-1").await), revoked);
    refused(&change(town, "L-2", "suspend", "").await, 404, "not_found");
}

const TORN: &[&str] = &[
    "UPDATE certificates SET state = 'reserved', certificate = NULL, signed_at = NULL, not_after = NULL
     WHERE partner = 'acme'",
    "DELETE FROM encryption_pairs WHERE partner_number = 'A-1'",
    "UPDATE certificates SET profile = 'of_before' WHERE partner_number = 'A-2'",
    "UPDATE certificates SET to_be_signed = x'3000' WHERE partner_number = 'A-3'",
];

#[tokio::test]
async fn i16_a_row_that_can_never_be_finished_is_put_aside_and_keeps_nobody_waiting() {
    let house = House::open_with(&settings()).await;
    let town = &house.town;
    let p256 = || key(KeyKind::P256);
    let ask = |number: &str, key: &SoftwareKey| match key {
        SoftwareKey::Sm2(_) => asked(number, "organisation", "甲公司", key),
        _ => asked(number, "organisation_p256", "甲公司", key),
    };
    let lost = key(KeyKind::Sm2);
    let wanted = [ask("A-1", &lost), ask("A-2", &p256()), ask("A-3", &p256())];
    for one in &wanted {
        given(&post(town, TOKEN, one).await);
    }
    let good = given(&post(town, TOKEN, &ask("Z-1", &key(KeyKind::Sm2))).await);
    tear(&house, TORN).await;
    refused(&fetch(town, TOKEN, "Z-1").await, 409, "in_progress");
    town.clock.forward_minutes(11);
    house.office.sweep_once().await.unwrap();
    assert_eq!(serials(&given(&fetch(town, TOKEN, "Z-1").await)), serials(&good), "what was meant");
    assert_eq!(recorded(&house, "A-1").await, ["discarded", "discarded"]);
    for one in &wanted {
        let number = one["number"].as_str().unwrap();
        assert!(recorded(&house, number).await.iter().all(|state| state == "discarded"), "{number}");
        refused(&fetch(town, TOKEN, number).await, 409, "standing_not_active");
        refused(&post(town, TOKEN, one).await, 409, "standing_not_active");
    }
    // The key was certified for nobody: under another number it is.
    given(&post(town, TOKEN, &ask("A-4", &lost)).await);
}

#[tokio::test]
async fn c13_a_bad_encryption_pair_is_the_misfortune_of_one_request_alone() {
    let more = format!("{}[kmc]\npool_low = 2\npool_high = 12\n", settings());
    let house = House::open_with(&more).await;
    let town = &house.town;
    let standby = || async {
        let mut reader = house.office.ground.store.read().await.unwrap();
        (count_standby(&mut reader).await.unwrap() == 12).then_some(())
    };
    until("a full pool", standby).await;
    // One is no key at all, and the seal of another is broken.
    tear(
        &house,
        &[
            "UPDATE encryption_pairs SET public_key = x'3003020100', made_at = 1
             WHERE id = (SELECT min(id) FROM encryption_pairs)",
            "UPDATE encryption_pairs SET sealed_key = x'00', made_at = 2
             WHERE id = (SELECT max(id) FROM encryption_pairs)",
        ],
    )
    .await;
    let keys: Vec<SoftwareKey> = (0..8).map(|_| key(KeyKind::Sm2)).collect();
    let bodies: Vec<Value> =
        (0..8).map(|n| asked(&format!("B-{n}"), "organisation", "甲公司", &keys[n])).collect();
    let answers = futures::future::join_all(bodies.iter().map(|body| post(town, TOKEN, body))).await;
    let unlucky: Vec<usize> = (0..8).filter(|n| answers[*n].status != 200).collect();
    assert_eq!(unlucky.len(), 2, "{:?}", answers.iter().map(Answer::text).collect::<Vec<_>>());
    for n in &unlucky {
        refused(&answers[*n], 500, "broken");
    }
    // Without a certificate nothing was recorded, and another pair is taken; without its seal the request waits.
    let again = futures::future::join_all(unlucky.iter().map(|n| post(town, TOKEN, &bodies[*n]))).await;
    let mut codes: Vec<u16> = again.iter().map(|answer| answer.status).collect();
    codes.sort_unstable();
    assert_eq!(codes, [200, 500]);
    town.clock.forward_minutes(11);
    house.office.sweep_once().await.unwrap();
    let waiting = unlucky[again.iter().position(|answer| answer.status == 500).unwrap()];
    assert_eq!(recorded(&house, &format!("B-{waiting}")).await, ["discarded", "discarded"]);
    given(&post(town, TOKEN, &asked("B-9", "organisation", "甲公司", &keys[waiting])).await);
}

/// The signer remembers what it signed for a case, even where the record forgets.
#[tokio::test]
async fn i4_a_case_is_signed_once() {
    let house = House::open_with(&settings()).await;
    let town = &house.town;
    let wanted = asked("S-1", "organisation_p256", "甲公司", &key(KeyKind::P256));
    given(&post(town, TOKEN, &wanted).await);
    tear(&house, &["DELETE FROM certificates WHERE partner_number = 'S-1'"]).await;
    let answer = post(town, TOKEN, &wanted).await;
    refused(&answer, 500, "broken");
    assert_eq!(recorded(&house, "S-1").await, ["reserved"], "meant, and never signed");
    assert_eq!(body(&answer).get("certificates"), None);
    let other = json!("S-2");
    let mut another = wanted.clone();
    another["number"] = other;
    given(&post(town, TOKEN, &another).await);
}
