//! 密钥管理中心: every order a pair of its own, whatever happens in between, under a key of the centre's own (R139,
//! GM/T 0034).

use crate::house::House;
use crate::lone_desk::ground;
use crate::town::until;
use certificate::{KeyPair, PublicKey, envelope};
use server::clock::{Dice, SystemEntropy};
use server::fault::Fault;
use server::kmc::{Kmc, KmcSettings, Pair, Want};
use server::sealing::Sealing;
use server::store::encryption_pairs::{Owner, count_standby, find_taken, list_in_use, list_seals};
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::watch;

/// A holder's signing key.
pub fn signing_key() -> KeyPair {
    KeyPair::generate(&mut Dice::new(Arc::new(SystemEntropy::default()))).unwrap()
}

pub fn want(number: &str, signing_key: PublicKey) -> Want {
    let owner = Owner::Partner { name: "partner".into(), number: number.into() };
    Want { owner, signing_key, key_serial: String::new() }
}

pub async fn assign(kmc: &Kmc, house: &House, wants: Vec<Want>) -> Result<Vec<Pair>, Fault> {
    let kmc = kmc.clone();
    let assigned =
        house.office.ground.store.write(move |tx| Box::pin(async move { kmc.assign(tx, &wants).await }));
    assigned.await
}

async fn record(kmc: &Kmc, house: &House, pairs: Vec<Pair>) -> Vec<Pair> {
    let kmc = kmc.clone();
    let recorded =
        house.office.ground.store.write(move |tx| Box::pin(async move { kmc.record(tx, pairs).await }));
    recorded.await.unwrap()
}

async fn standby(house: &House) -> i64 {
    count_standby(&mut house.office.ground.store.read().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn c12_fifty_at_once_take_fifty_pairs_from_a_pool_that_holds_twenty() {
    let house = House::open_with("[kmc]\npool_low = 10\npool_high = 20").await;
    until("a full pool", || async { (standby(&house).await == 20).then_some(()) }).await;
    let kmc = &house.office.kmc;
    let key = signing_key().public_key();
    let one = |number: usize| assign(kmc, &house, vec![want(&format!("single {number}"), key)]);
    let taken = futures::future::try_join_all((0..50).map(one)).await.unwrap();
    let keys: BTreeSet<Vec<u8>> = taken.iter().map(|pairs| pairs[0].public_key.clone()).collect();
    assert_eq!(keys.len(), 50);
    // One call for many, some of whom have one already: each gets its own, in the order of the wants.
    let wants: Vec<Want> = (40..104).map(|number| want(&format!("single {number}"), key)).collect();
    let batch = assign(kmc, &house, wants).await.unwrap();
    assert_eq!(batch.len(), 64);
    for (again, first) in batch.iter().zip(&taken[40..]) {
        assert_eq!(again.id, first[0].id);
    }
    let all: BTreeSet<&str> = taken.iter().flatten().chain(&batch).map(|pair| pair.id.as_str()).collect();
    assert_eq!(all.len(), 104);
    until("a pool that fills again", || async { (standby(&house).await >= 10).then_some(()) }).await;
}

#[tokio::test]
async fn c12_between_taking_and_keeping_a_crash_gives_the_same_pair_again() {
    let house = House::open().await;
    let kmc = &house.office.kmc;
    let holder = signing_key();
    let wants = || vec![want("one", holder.public_key())];
    let first = assign(kmc, &house, wants()).await.unwrap();
    assert!(first[0].envelope.is_none(), "nothing is sealed while the writer waits");
    // The office died here: nothing but the row knows of it. Two runs go on from there.
    let again = assign(kmc, &house, wants()).await.unwrap();
    assert_eq!(again[0].id, first[0].id);
    let (one, other) = (kmc.seal(first).await.unwrap(), kmc.seal(again).await.unwrap());
    assert_ne!(one[0].envelope, other[0].envelope, "each has dice of its own");
    let kept = record(kmc, &house, one).await;
    assert_eq!(record(kmc, &house, other).await[0].envelope, kept[0].envelope, "the first one stands");
    let later = assign(kmc, &house, wants()).await.unwrap();
    assert_eq!(later[0].envelope, kept[0].envelope);
    let opened = envelope::open(kept[0].envelope.as_ref().unwrap(), &holder).unwrap();
    assert_eq!(opened.public_key().to_spki_der(), kept[0].public_key);
    // Another signing key gets neither this pair nor, behind its back, a second one.
    let other = assign(kmc, &house, vec![want("one", signing_key().public_key())]).await;
    assert!(matches!(other, Err(Fault::Certificate(_))), "{other:?}");
}

#[tokio::test]
async fn c12_what_is_undone_goes_back_to_the_pool() {
    let house = House::open_with("[kmc]\npool_low = 2\npool_high = 2").await;
    until("a full pool", || async { (standby(&house).await == 2).then_some(()) }).await;
    let (kmc, key) = (house.office.kmc.clone(), signing_key().public_key());
    let undone = house.office.ground.store.write(move |tx| {
        Box::pin(async move {
            kmc.assign(tx, &[want("one", key), want("other", key)]).await?;
            Err::<(), _>(Fault::Changed)
        })
    });
    assert!(undone.await.is_err());
    let mut reader = house.office.ground.store.read().await.unwrap();
    assert_eq!(count_standby(&mut reader).await.unwrap(), 2);
    let owners = [want("one", key).owner, want("other", key).owner];
    assert!(list_in_use(&mut reader, &owners).await.unwrap().is_empty());
}

/// Migration 0003 over a store of before: its pairs lay under the office's own seal.
#[tokio::test]
async fn c12_pairs_from_before_the_centre_had_a_key_move_under_its_key() {
    let (folder, before) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    for file in ["0001_office.sql", "0002_certificates.sql"] {
        std::fs::copy(all.join(file), before.path().join(file)).unwrap();
    }
    let old = SqliteConnectOptions::new().filename(folder.path().join("office.db")).create_if_missing(true);
    let mut old = old.foreign_keys(true).connect().await.unwrap();
    Migrator::new(before.path()).await.unwrap().run(&mut old).await.unwrap();
    // As `ground` has it.
    let seal = Sealing::new(&[7; 32], Dice::new(Arc::new(SystemEntropy::default())));
    let kept: Vec<KeyPair> = (0..2).map(|_| signing_key()).collect();
    let order =
        "INSERT INTO orders (id, number, service, party, standing, version, state, opened_at, changed_at)
                 VALUES ('o1', 'o1', 'application', 'person', 'completed', 1, '{}', 1, 1)";
    sqlx::query(order).execute(&mut old).await.unwrap();
    for (id, state, pair) in [("p1", "in_use", &kept[0]), ("p2", "history", &kept[1])] {
        let insert = "INSERT INTO encryption_pairs (id, order_id, public_key, sealed_key, state, recorded_at)
                      VALUES ($1, 'o1', $2, $3, $4, 5)";
        let sealed = seal.seal(&format!("encryption_pairs.sealed_key/{id}"), pair.to_bytes().as_ref());
        let row = sqlx::query(insert).bind(id).bind(pair.public_key().to_spki_der()).bind(sealed).bind(state);
        row.execute(&mut old).await.unwrap();
    }
    old.close().await.unwrap();
    let ground = ground(&folder, Arc::default()).await;
    let seals = async || list_seals(&mut ground.store.read().await.unwrap()).await.unwrap();
    assert_eq!(seals().await, ["office"]);
    let kmc = Kmc::open(ground.clone(), &KmcSettings::default(), folder.path()).await.unwrap();
    let (_tell, stop) = watch::channel(false);
    assert_eq!(kmc.reseal_all(&stop).await.unwrap().moved, 2);
    let now = seals().await;
    assert!(now.len() == 1 && now[0] != "office", "{now:?}");
    // The pair is still the order's, and still opens.
    let (holder, centre) = (signing_key(), kmc.clone());
    let key = holder.public_key();
    let pair =
        ground.store.write(move |tx| Box::pin(async move { centre.pair_for(tx, "o1", &key).await })).await;
    let pair = pair.unwrap();
    assert_eq!(pair.id, "p1");
    let opened = envelope::open(pair.envelope.as_ref().unwrap(), &holder).unwrap();
    assert_eq!(opened.to_bytes().as_ref(), kept[0].to_bytes().as_ref());
    let mut reader = ground.store.read().await.unwrap();
    let history = find_taken(&mut reader, &kept[1].public_key().to_spki_der()).await.unwrap().unwrap();
    assert!(history.id == "p2" && history.retired_at.is_some());
}
