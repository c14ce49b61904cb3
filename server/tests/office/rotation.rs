//! 更换主密钥: a new key of the centre takes over, and nobody is told to destroy the old one while it still opens
//! something.

use crate::custodian::{Custodians, refusal};
use crate::house::House;
use crate::kmc::{assign, signing_key, want};
use app::desk::recovery::{CaseStanding, RecoveryCase, RecoveryRefusal};
use certificate::envelope;
use ring::digest::{SHA256, digest};
use serde_json::json;
use server::clock::{Dice, SystemEntropy};
use server::fault::Fault;
use server::kmc::{Kmc, KmcSettings, Resealed};
use server::sealing::Sealing;
use server::store::StoreError;
use server::store::encryption_pairs::list_seals;
use server::store::recoveries::{self, CaseRow, LineRow};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::watch;

/// The centre of the same house under other key files.
async fn reopened(house: &House, key_file: &Path, next: Option<&Path>) -> Result<Kmc, Fault> {
    let settings = KmcSettings {
        key_file: Some(key_file.to_owned()),
        next_key_file: next.map(Path::to_owned),
        ..KmcSettings::default()
    };
    Kmc::open(house.office.ground.clone(), &settings, &house.town.data()).await
}

/// The keys that pairs lie under.
async fn seals(house: &House) -> Vec<String> {
    list_seals(&mut house.office.ground.store.read().await.unwrap()).await.unwrap()
}

/// An office that makes no pairs of its own accord.
async fn quiet() -> House {
    House::open_with("[kmc]\npool_low = 0\npool_high = 0").await
}

#[tokio::test]
async fn c12_a_new_key_takes_over_while_the_old_one_still_opens() {
    let house = quiet().await;
    let holder = signing_key();
    let wants = |number: &str| vec![want(number, holder.public_key())];
    let before = assign(&house.office.kmc, &house, wants("before")).await.unwrap();
    let (old, new) = (house.town.data().join("kmc.key"), house.town.folder().join("next.key"));
    let moving = reopened(&house, &old, Some(&new)).await.unwrap();
    // Under both keys at once, and each opens.
    let meanwhile = assign(&moving, &house, wants("meanwhile")).await.unwrap();
    let made = (0..200).map(|number| want(&format!("many {number}"), holder.public_key())).collect();
    assign(&house.office.kmc, &house, made).await.unwrap();
    assert_eq!(seals(&house).await.len(), 2);
    moving.seal([before.clone(), meanwhile].concat()).await.unwrap();
    let (_tell, stop) = watch::channel(false);
    let resealed = moving.reseal_all(&stop).await.unwrap();
    assert_eq!(resealed, Resealed { moved: 201, ..Resealed::default() });
    let nothing_left = Resealed::default();
    assert_eq!((moving.reseal_all(&stop).await.unwrap(), seals(&house).await.len()), (nothing_left, 1));
    let moved = assign(&moving, &house, wants("before")).await.unwrap();
    let sealed = reopened(&house, &new, None).await.unwrap().seal(moved).await.unwrap();
    let opened = envelope::open(sealed[0].envelope.as_ref().unwrap(), &holder).unwrap();
    assert_eq!(opened.public_key().to_spki_der(), before[0].public_key);
    // The old key alone opens nothing any more, and the office's own is no key of the centre.
    assert!(matches!(reopened(&house, &old, None).await, Err(Fault::Seal(_))));
    let master = house.town.data().join("master.key");
    assert!(matches!(reopened(&house, &new, Some(&master)).await, Err(Fault::Seal(_))));
}

#[tokio::test]
async fn c12_while_a_pair_is_left_behind_the_old_key_is_still_wanted() {
    let house = quiet().await;
    let holder = signing_key().public_key();
    let pairs = (0..70).map(|number| want(&format!("many {number}"), holder)).collect();
    let pairs = assign(&house.office.kmc, &house, pairs).await.unwrap();
    let old_name = seals(&house).await;
    let (old, new) = (house.town.data().join("kmc.key"), house.town.folder().join("next.key"));
    let moving = reopened(&house, &old, Some(&new)).await.unwrap();

    // Told to stop before the first batch: nothing has moved, and it does not claim that.
    let (_tell, stop) = watch::channel(true);
    let stopped = moving.reseal_all(&stop).await.unwrap();
    assert_eq!(stopped, Resealed { moved: 0, skipped: 0, still_under: old_name.clone() });

    // One that does not open, in the first batch: all others move, and the old key stays named.
    spoil(&house, "UPDATE encryption_pairs SET sealed_key = x'00' WHERE id = $1", pairs[0].id.clone()).await;
    let (_tell, stop) = watch::channel(false);
    let resealed = moving.reseal_all(&stop).await.unwrap();
    assert_eq!(resealed, Resealed { moved: 69, skipped: 1, still_under: old_name });
    assert!(
        matches!(reopened(&house, &new, None).await, Err(Fault::Seal(_))),
        "no start without the old key"
    );
}

#[tokio::test]
async fn c12_a_pair_whose_public_half_was_exchanged_goes_into_no_envelope() {
    let house = quiet().await;
    let holder = signing_key().public_key();
    let pairs = assign(&house.office.kmc, &house, vec![want("mine", holder), want("yours", holder)]).await;
    let yours = pairs.unwrap()[1].id.clone();
    let stranger = hex::encode(signing_key().public_key().to_spki_der());
    let exchange = format!("UPDATE encryption_pairs SET public_key = x'{stranger}' WHERE id = $1");
    spoil(&house, exchange.leak(), yours).await;
    let pairs = assign(&house.office.kmc, &house, vec![want("mine", holder), want("yours", holder)]).await;
    let pairs = pairs.unwrap();
    assert!(house.office.kmc.envelope(&pairs[0]).is_ok());
    let refused = house.office.kmc.envelope(&pairs[1]).unwrap_err().to_string();
    assert!(refused.contains("do not belong together"), "{refused}");
}

async fn spoil(house: &House, statement: &'static str, which: String) {
    let done = house.office.ground.store.write(move |tx| {
        Box::pin(async move {
            assert_eq!(sqlx::query(statement).bind(which).execute(tx).await?.rows_affected(), 1);
            Ok::<_, StoreError>(())
        })
    });
    done.await.unwrap();
}

#[tokio::test]
async fn c12_a_broken_case_holds_up_no_other_and_its_key_must_be_here() {
    let desk = Custodians::come_in().await;
    let house = &desk.holder.house;
    let (good, broken) = (desk.file().await, desk.file().await);
    desk.approve(1, &good).await.given::<RecoveryCase>();
    desk.tamper("UPDATE recovery_cases SET package = x'00' WHERE number = $1", &broken).await;
    let old_name = seals(house).await;
    let (old, new) = (house.town.data().join("kmc.key"), house.town.folder().join("next.key"));
    let moving = reopened(house, &old, Some(&new)).await.unwrap();
    let (_tell, stop) = watch::channel(false);
    let resealed = moving.reseal_all(&stop).await.unwrap();
    assert_eq!((resealed.skipped, &resealed.still_under), (1, &old_name), "{resealed:?}");
    // No pair lies under the old key any more, but the broken case does.
    let pairs_under = seals(house).await;
    assert!(pairs_under.len() == 1 && pairs_under != old_name);
    assert_eq!(row(house, &good).await.0.body.under, pairs_under[0]);
    assert_eq!(row(house, &broken).await.0.body.under, old_name[0]);
    let missing = reopened(house, &new, None).await.err().unwrap().to_string();
    assert!(missing.contains(&old_name[0]), "{missing}");
    reopened(house, &new, Some(&old)).await.unwrap();
}

async fn row(house: &House, number: &str) -> (CaseRow, Vec<LineRow>) {
    let mut reader = house.office.ground.store.read().await.unwrap();
    let row = recoveries::find_case(&mut reader, number).await.unwrap().unwrap();
    let lines = recoveries::list_lines(&mut reader, &row.id).await.unwrap();
    (row, lines)
}

/// Writes a case and its record anew as somebody does who holds this key.
async fn forge(house: &House, number: &str, clear: &[u8], sealing: &Sealing, under: &str) {
    let (row, mut lines) = row(house, number).await;
    let digest = hex::encode(digest(&SHA256, clear));
    let mut before = String::new();
    for line in &mut lines {
        let case = (&row.id, &row.number, &digest);
        let text = json!([case, (line.seq, line.at, &line.by, &line.what, &line.note), before]).to_string();
        let code = sealing.digest("recovery_line", &text);
        before = hex::encode(&code);
        line.code = Some(code);
    }
    let (body, under) = (sealing.seal(&format!("recovery_cases.body/{}", row.id), clear), under.to_owned());
    let written = house.office.ground.store.write(move |tx| {
        Box::pin(async move {
            sqlx::query("UPDATE recovery_cases SET body = $1, sealed_under = $2 WHERE id = $3")
                .bind(body)
                .bind(under)
                .bind(&row.id)
                .execute(&mut *tx)
                .await?;
            for line in &lines {
                recoveries::keep_code(tx, &row.id, line).await?;
            }
            Ok::<_, StoreError>(())
        })
    });
    written.await.unwrap();
}

#[tokio::test]
async fn c12_the_offices_own_master_key_makes_no_case() {
    let desk = Custodians::come_in().await;
    let house = &desk.holder.house;
    let number = desk.file().await;
    let dice = Dice::new(Arc::new(SystemEntropy::default()));
    let centres = Sealing::from_file(&house.town.data().join("kmc.key"), dice).unwrap();
    let (case, _) = row(house, &number).await;
    let clear = centres.open(&format!("recovery_cases.body/{}", case.id), &case.body.bytes).unwrap();
    // So it is done with the centre's key: the record is whole.
    forge(house, &number, &clear, &centres, &case.body.under).await;
    assert_eq!(desk.see(&number).await.line.standing, CaseStanding::Waiting);
    forge(house, &number, &clear, &house.office.ground.sealing, "office").await;
    let answer = desk.clerks[1].browser.call("recovery/case", json!({ "number": number })).await;
    assert_eq!(refusal(&answer), RecoveryRefusal::RecordBroken);
    assert_eq!(refusal(&desk.approve(1, &number).await), RecoveryRefusal::RecordBroken);
}
