//! How certificates stand, as those see it who rely on them: OCSP at once, lists within the minute (R134, R135, R162).

use crate::house::House;
use crate::relying::{Relying, entry, pairs, reason};
use app::desk::error::StandingRefusal;
use certificate::revocation::Reason;
use certificate::status::{Hash, Standing};
use journey::Refusal;
use journey::Route;
use journey::eligibility::{may_modify, may_renew, may_replace};
use server::fault::Fault;
use server::standing::{By, Which};

/// Lists follow a change after one second (a full one after six).
pub async fn prompt() -> House {
    House::open_with("codes_per_address_hour = 1000\n[status]\ngather_seconds = 1").await
}

pub fn by() -> By {
    By::new("tester", "试验")
}

fn refused(result: Result<Vec<String>, Fault>) -> StandingRefusal {
    match result {
        Err(Fault::Standing(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn r134_r162_suspended_resumed_revoked_and_everybody_sees_it() {
    let house = prompt().await;
    let relying = Relying::on(&house, "issuing");
    let (sign, encrypt) = pairs(&house, "issuing", 1).await.remove(0);
    let status = &house.office.status;
    assert_eq!(relying.standing(&sign).await, Standing::Good);
    assert_eq!(relying.standing(&encrypt).await, Standing::Good);
    let before = relying.until_list(true, "the first delta", |_| true).await;

    // 挂失: both of the pair, and OCSP says so at once.
    let mut changed = status.suspend(Which::PairOf(sign.clone()), by()).await.unwrap();
    changed.sort();
    assert_eq!(changed, [sign.clone(), encrypt.clone()]);
    assert_eq!(relying.reason(&sign).await, Some(Reason::CertificateHold));
    assert_eq!(relying.reason(&encrypt).await, Some(Reason::CertificateHold));
    let delta =
        relying.until_list(true, "the delta with the hold", |list| entry(list, &sign).is_some()).await;
    assert_eq!(reason(&delta, &encrypt), Some(Reason::CertificateHold));
    assert!(delta.number() > before.number());
    let full = relying.until_list(false, "the full list with it", |list| entry(list, &sign).is_some()).await;
    assert!(full.number() > delta.number(), "one row of numbers for both");
    assert_eq!(
        refused(status.suspend(Which::PairOf(sign.clone()), by()).await),
        StandingRefusal::AlreadyOnHold
    );

    // R134: suspended, it is not renewed or changed; replaced it may be.
    let now = house.office.ground.now();
    let facts = status.facts(&sign).await.unwrap().unwrap();
    assert_eq!(may_renew(facts, Route::Usual, now), Err(Refusal::CertificateSuspended));
    assert_eq!(may_modify(facts, now), Err(Refusal::CertificateSuspended));
    assert_eq!(may_replace(facts, now), Ok(()));

    // 解挂: good again, and the delta takes it off the list.
    status.resume(Which::PairOf(sign.clone()), by()).await.unwrap();
    assert_eq!(relying.standing(&sign).await, Standing::Good);
    let removed = |list: &_| reason(list, &sign) == Some(Reason::RemoveFromCrl);
    let delta = relying.until_list(true, "the delta that takes it off", removed).await;
    assert_eq!(reason(&delta, &encrypt), Some(Reason::RemoveFromCrl));
    relying.until_list(false, "the full list without it", |list| entry(list, &sign).is_none()).await;
    assert_eq!(refused(status.resume(Which::PairOf(sign.clone()), by()).await), StandingRefusal::NotOnHold);

    // 吊销: for ever.
    status.revoke(Which::PairOf(sign.clone()), Reason::KeyCompromise, by()).await.unwrap();
    assert_eq!(relying.reason(&sign).await, Some(Reason::KeyCompromise));
    let revoked = |list: &_| reason(list, &sign) == Some(Reason::KeyCompromise);
    relying.until_list(true, "the delta with the revocation", revoked).await;
    relying.until_list(false, "the full list with the revocation", revoked).await;
    for again in [
        status.resume(Which::PairOf(sign.clone()), by()).await,
        status.suspend(Which::Serial(sign.clone()), by()).await,
        status.supersede(Which::Serial(sign.clone()), by()).await,
    ] {
        assert_eq!(refused(again), StandingRefusal::AlreadyRevoked);
    }
    let facts = status.facts(&sign).await.unwrap().unwrap();
    assert_eq!(may_renew(facts, Route::Usual, now), Err(Refusal::CertificateRevoked));
    assert_eq!(may_replace(facts, now), Err(Refusal::CertificateRevoked));
    let life: Vec<_> =
        status.life(&sign).await.unwrap().into_iter().map(|line| (line.status, line.by)).collect();
    assert_eq!(life, ["on_hold", "good", "revoked"].map(|status| (status.to_owned(), "tester".to_owned())));
}

#[tokio::test]
async fn r162_an_unknown_serial_is_unknown_in_every_form() {
    let house = prompt().await;
    let relying = Relying::on(&house, "issuing");
    for hash in Hash::ALL {
        let response = relying.response(hash, "4a00000000000000000000000000beef").await;
        assert_eq!(response.answers[0].standing, Standing::Unknown);
        assert_eq!(response.answers[0].next_update, None);
    }
    let by_address =
        relying.get(&relying.question(Hash::Sha1, "4a00000000000000000000000000beef", None)).await;
    assert_eq!((by_address.status, by_address.headers["cache-control"].to_str().unwrap()), (200, "no-store"));
    let status = &house.office.status;
    let unknown = Which::PairOf("4a00000000000000000000000000beef".into());
    assert!(matches!(status.suspend(unknown, by()).await, Err(Fault::NotFound)));
    assert_eq!(status.freshness()[0].answers, 0, "nothing is kept of what nobody issued");
}
