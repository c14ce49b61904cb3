//! Revocation lists: numbers, schedule, crashes, clocks, many entries, and a root in its safe.

use crate::lone_desk::LoneDesk;
use crate::relying::reason;
use crate::town::until;
use certificate::revocation::{Contents, Reason, RevocationList, assemble, to_be_signed};
use certificate::status::Standing;
use certificate::{Algorithm, Signer, SoftwareKey};
use server::standing::{By, Change, Which, change};
use server::store::revocation_lists;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

const HOUR: i64 = 3600;

/// The list, once it holds what is waited for.
pub async fn until_list(
    desk: &LoneDesk,
    delta: bool,
    what: &str,
    holds: impl Fn(&RevocationList) -> bool,
) -> RevocationList {
    let holds = &holds;
    until(what, || async move { desk.list(delta).filter(holds) }).await
}

fn number(list: &RevocationList) -> u64 {
    list.number().unwrap()
}

#[tokio::test]
async fn numbers_grow_over_restarts_and_the_last_list_is_published_again() {
    let mut desk = LoneDesk::open().await;
    desk.work().await;
    let full = until_list(&desk, false, "the first full list", |_| true).await;
    let delta = until_list(&desk, true, "the first delta", |_| true).await;
    assert_eq!((number(&full), number(&delta), delta.base()), (1, 2, Some(1)));
    assert!(full.this_update() < delta.this_update(), "never of the same second (RFC 5280, 5.2.3)");

    desk.open_again().await;
    let again = desk.list(false).expect("published before anything new is made");
    assert_eq!(again.der(), full.der());
    assert_eq!(desk.list(true).unwrap().der(), delta.der());

    // Recorded and not published, because the office died between the two: the next one publishes it.
    desk.rest().await;
    let serial = desk.issued(1, 365).await.remove(0);
    desk.revoke(&serial).await;
    desk.open_again().await;
    let told = until_list(&desk, true, "the change of before", |list| reason(list, &serial).is_some()).await;
    assert!(number(&told) > number(&delta));

    // Past the middle of its life an office that opens makes a new one.
    desk.rest().await;
    desk.clock.forward_s(18 * HOUR);
    let old = desk.list(false).unwrap();
    desk.open_again().await;
    let new = until_list(&desk, false, "a list past the middle", |list| number(list) > number(&old)).await;
    assert_eq!(reason(&new, &serial), Some(Reason::Superseded));
    let mut reader = desk.ground.store.read().await.unwrap();
    let last = revocation_lists::last_number(&mut reader, "issuing").await.unwrap();
    let lists = [desk.list(false).unwrap(), desk.list(true).unwrap()];
    assert!(lists.iter().all(|list| i64::try_from(number(list)).unwrap() <= last));
    assert_ne!(number(&lists[0]), number(&lists[1]));
}

#[tokio::test]
async fn lists_come_by_the_clock_and_a_clock_that_jumps_stops_nothing() {
    let mut desk = LoneDesk::open().await;
    desk.work().await;
    let first = until_list(&desk, false, "the first full list", |_| true).await;
    assert_eq!(first.next_update().unwrap() - first.this_update(), 36 * HOUR, "with time to spare");
    let delta = until_list(&desk, true, "the first delta", |_| true).await;
    desk.clock.forward_s(HOUR + 1);
    let hourly =
        until_list(&desk, true, "the delta of the next hour", |list| number(list) > number(&delta)).await;
    assert_eq!(hourly.base(), first.number());
    assert_eq!(desk.list(false).unwrap().number(), first.number(), "the full list has its day");
    desk.clock.forward_s(23 * HOUR);
    let second =
        until_list(&desk, false, "the list of the next day", |list| number(list) > number(&first)).await;
    assert!(number(&second) > number(&hourly));
    // A week ahead, and back again.
    desk.clock.forward_s(7 * 24 * HOUR);
    let ahead = until_list(&desk, false, "a list in a week", |list| number(list) > number(&second)).await;
    let fresh = |list: &RevocationList| number(list) > number(&ahead) && list.base() >= ahead.number();
    until_list(&desk, true, "a delta on it: the older ones have ended", fresh).await;
    desk.clock.forward_s(-7 * 24 * HOUR);
    let here = |list: &RevocationList| list.this_update() <= desk.now() && number(list) > number(&ahead);
    until_list(&desk, false, "a list of now", here).await;
    until_list(&desk, true, "a delta of now", here).await;
    assert!(!desk.status.freshness()[0].overdue);
}

#[tokio::test]
async fn what_has_ended_leaves_the_list_one_list_later() {
    let mut desk = LoneDesk::open().await;
    let (short, long) = (desk.issued(1, 2).await.remove(0), desk.issued(1, 30).await.remove(0));
    desk.revoke(&short).await;
    desk.suspend(&long).await;
    desk.work().await;
    let mut last = until_list(&desk, false, "the first full list", |_| true).await;
    assert_eq!(
        (reason(&last, &short), reason(&last, &long)),
        (Some(Reason::Superseded), Some(Reason::CertificateHold))
    );
    let mut held = Vec::new();
    for _ in 0..4 {
        desk.clock.forward_s(24 * HOUR + 2);
        last = until_list(&desk, false, "the next day's", |list| number(list) > number(&last)).await;
        held.push(reason(&last, &short).is_some());
        assert_eq!(reason(&last, &long), Some(Reason::CertificateHold));
    }
    // It ends in the second day, so that the second list is the first one after its end (RFC 5280, 3.3).
    assert_eq!(held, [true, true, false, false]);
    assert_eq!(desk.status.freshness()[0].full.as_ref().unwrap().entries, 1);
}

#[tokio::test]
async fn a_signer_that_fails_is_said_and_tried_again() {
    let mut desk = LoneDesk::open().await;
    let serial = desk.issued(1, 365).await.remove(0);
    desk.pen.broken.store(true, Ordering::SeqCst);
    desk.work().await;
    let trouble = until("the trouble", || async { desk.status.freshness()[0].trouble.clone() }).await;
    assert_eq!((trouble.what, trouble.why.contains("the device is away")), ("publishing", true));
    assert!(desk.status.freshness()[0].overdue && desk.list(false).is_none());
    // internalError, in the words of OCSP.
    let reply = desk.status.answer("issuing", &desk.question(&serial)).await.unwrap();
    assert_eq!((reply.bytes, reply.life), (vec![0x30, 3, 0x0a, 1, 2], None));
    desk.pen.broken.store(false, Ordering::SeqCst);
    desk.clock.forward_s(6);
    until_list(&desk, false, "a list after all", |_| true).await;
    assert_eq!(desk.standing(&serial).await, Standing::Good);
}

#[tokio::test]
async fn ten_thousand_revoked_and_their_lists() {
    let mut desk = LoneDesk::open().await;
    let serials = desk.issued(10_000, 365).await;
    let ground = desk.ground.clone();
    let all = serials.clone();
    let revoked = desk.ground.store.write(move |tx| {
        Box::pin(async move {
            let by = By::new("tester", "试验");
            for serial in all {
                let which = Which::Serial(serial);
                change(tx, &ground, &which, Change::Revoke(Reason::AffiliationChanged), &by).await?;
            }
            Ok::<_, server::fault::Fault>(())
        })
    });
    revoked.await.unwrap();
    let started = Instant::now();
    desk.work().await;
    let full = until_list(&desk, false, "the large list", |_| true).await;
    let took = started.elapsed();
    assert_eq!(full.entries().count(), 10_000);
    assert_eq!(reason(&full, &serials[9_999]), Some(Reason::AffiliationChanged));
    assert!(took < Duration::from_secs(20), "{took:?}");
    let delta = until_list(&desk, true, "its delta", |_| true).await;
    assert_eq!(delta.entries().count(), 0, "the full list knows them");
    let one = desk.issued(1, 365).await.remove(0);
    desk.suspend(&one).await;
    desk.clock.forward_s(2);
    let delta = until_list(&desk, true, "a small delta", |list| reason(list, &one).is_some()).await;
    assert_eq!(delta.entries().count(), 1);
}

/// A full list of this number, signed in the safe by this key.
fn signed_in_the_safe(desk: &LoneDesk, key: &SoftwareKey, number: u64) -> Vec<u8> {
    let contents = Contents {
        number,
        this_update: desk.now(),
        next_update: desk.now() + 90 * 24 * HOUR,
        ..Contents::default()
    };
    let meant = to_be_signed(&desk.root, Algorithm::EcdsaWithSha256, &contents).unwrap();
    assemble(&meant, Algorithm::EcdsaWithSha256, &key.sign(&meant).unwrap())
}

#[tokio::test]
async fn a_root_in_its_safe_publishes_what_is_brought_from_there() {
    let mut desk = LoneDesk::open().await;
    desk.work().await;
    until_list(&desk, false, "the desk at work", |_| true).await;
    let published = || desk.status.list("root", false).map(|list| list.number);
    let of_root = || desk.status.freshness().into_iter().find(|one| one.issuer == "root").unwrap();
    assert!(published().is_none() && of_root().overdue && of_root().trouble.is_some());
    desk.bring(signed_in_the_safe(&desk, &desk.root_key, 7)).await;
    assert_eq!((published(), of_root().overdue), (Some(7), false));
    // What another key signed, what is older, and what is no list change nothing.
    desk.bring(signed_in_the_safe(&desk, &desk.issuing_key, 9)).await;
    assert!(of_root().trouble.unwrap().why.contains("signature"));
    desk.bring(signed_in_the_safe(&desk, &desk.root_key, 6)).await;
    desk.bring("?").await;
    assert_eq!((published(), of_root().trouble.unwrap().what), (Some(7), "the list from elsewhere"));
    let list = signed_in_the_safe(&desk, &desk.root_key, 8);
    desk.bring(der::pem::encode_string("X509 CRL", der::pem::LineEnding::LF, &list).unwrap()).await;
    assert_eq!(desk.status.list("root", false).unwrap().bytes[..], list[..]);
    // Nobody answers for it.
    let reply = desk.status.answer("root", &desk.question("4a00")).await.unwrap();
    assert!(reply.life.is_none());
    desk.clock.forward_s(91 * 24 * HOUR);
    assert!(of_root().overdue);
}
