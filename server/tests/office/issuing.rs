//! Issuing that a crash breaks off, at every line of the road: orders and partners (I4, I16).

use crate::partners::{TOKEN, asked, body, certificates, fetch, given, key, post, settings};
use crate::program::Program;
use crate::town::Streets;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::{KeyKind, SoftwareKey, envelope};
use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeMap;

#[tokio::test]
async fn i16_what_a_crash_leaves_of_a_partners_request_is_ended_or_asked_again() {
    let mut office = Program::open(settings().split_once('\n').unwrap().1).await;
    let keys: Vec<SoftwareKey> = (0..24)
        .map(|n| key(if usize::is_multiple_of(n, 3) { KeyKind::Sm2 } else { KeyKind::P256 }))
        .collect();
    let ask = |n: usize| {
        let profile = if usize::is_multiple_of(n, 3) { "organisation" } else { "organisation_p256" };
        asked(&format!("K-{n}"), profile, "甲公司", &keys[n])
    };
    let mut answered: BTreeMap<usize, Value> = BTreeMap::new();
    for after_ms in [3, 8, 15, 25, 40, 60] {
        let town = office.town().clone();
        let flood = (0..keys.len()).map(|n| {
            let (town, body) = (town.clone(), ask(n));
            tokio::spawn(async move {
                let browser = town.browser();
                let request = browser.bare(Method::POST, "/ra/v1/certificates").bearer_auth(TOKEN);
                browser.try_send(request.body(body.to_string())).await.ok()
            })
        });
        let flood: Vec<_> = flood.collect();
        tokio::time::sleep(std::time::Duration::from_millis(after_ms)).await;
        office.kill();
        for (n, one) in flood.into_iter().enumerate() {
            if let Some(answer) = one.await.unwrap().filter(|answer| answer.status == 200) {
                let body = body(&answer);
                assert_eq!(answered.entry(n).or_insert_with(|| body.clone()), &body, "answered twice alike");
            }
        }
        office.start_again().await;
    }
    let town = office.town().clone();
    for n in 0..keys.len() {
        let again = given(&post(&town, TOKEN, &ask(n)).await);
        if let Some(first) = answered.get(&n) {
            assert_eq!(&again, first, "what was answered stands");
        }
        assert_eq!(given(&fetch(&town, TOKEN, &format!("K-{n}")).await), again);
    }
    office.kill();
    let store = server::store::Store::open(&town.data().join("office.db")).await.unwrap();
    let mut reader = store.read().await.unwrap();
    let rows: Vec<(String, i64)> = sqlx::query_as("SELECT state, count(*) FROM certificates GROUP BY state")
        .fetch_all(&mut *reader)
        .await
        .unwrap();
    assert_eq!(
        rows,
        [("active".to_owned(), 8 * 2 + 16)],
        "one certificate a number and slot, none forgotten"
    );
    drop(reader);
    store.close().await;
}

/// The rows as a crash between two lines of the road leaves them.
#[tokio::test]
async fn i16_every_line_of_a_partners_road_can_be_the_last() {
    for (line, torn) in [
        // Recorded as meant; the envelope was not made, nothing was signed (or it was, and nobody heard).
        ("meant", "UPDATE encryption_pairs SET envelope = NULL"),
        // The envelope was kept by a run that went no further.
        ("enveloped", "SELECT 1"),
    ] {
        for asks_again in [false, true] {
            let mut office = Program::open(settings().split_once('\n').unwrap().1).await;
            let town = office.town().clone();
            let key = key(KeyKind::Sm2);
            let wanted = asked("T-1", "organisation", "甲公司", &key);
            let first = given(&post(&town, TOKEN, &wanted).await);
            office.kill();
            let store = server::store::Store::open(&town.data().join("office.db")).await.unwrap();
            let torn = torn.to_owned();
            store
                .write(move |tx| {
                    Box::pin(async move {
                        let unsign = "UPDATE certificates SET state = 'reserved', certificate = NULL,
                                      signed_at = NULL, not_after = NULL WHERE partner = 'acme'";
                        sqlx::query(unsign).execute(&mut *tx).await?;
                        sqlx::query(sqlx::AssertSqlSafe(torn)).execute(tx).await?;
                        Ok::<_, server::store::StoreError>(())
                    })
                })
                .await
                .unwrap();
            store.close().await;
            office.start_again().await;
            let serials = |given: &Value| {
                let all = given["certificates"].as_array().unwrap().iter();
                all.map(|one| one["certificate"].clone()).collect::<Vec<_>>()
            };
            let again = if asks_again {
                given(&post(&town, TOKEN, &wanted).await)
            } else {
                given(&fetch(&town, TOKEN, "T-1").await)
            };
            assert_eq!(serials(&again), serials(&first), "{line}: what was meant, to the last octet");
            let envelope = BASE64.decode(again["envelope"].as_str().unwrap()).unwrap();
            let now = server::clock::Clock::now(&server::clock::SystemClock).millis() / 1000;
            let pair = certificates(&again, now);
            let SoftwareKey::Sm2(holder) = &key else { panic!("an SM2 key") };
            let opened = envelope::open(&envelope, holder).unwrap();
            assert_eq!(opened.public_key(), pair["encrypt"].public_key().unwrap());
        }
    }
}
