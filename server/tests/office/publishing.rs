//! Revocation lists: numbers, schedule, crashes, clocks, many entries, and OpenSSL as the judge.

use crate::judge::Judge;
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
async fn until_list(
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

/// OpenSSL with the issuer of the desk, for whom it signs leaves of its own.
struct Court(Judge);

impl Court {
    fn of(desk: &LoneDesk) -> Court {
        let judge = Judge::new("published_lists");
        judge.write("root.pem", desk.root.to_pem());
        judge.write("issuing.pem", desk.issuing.to_pem());
        judge.write("issuing.der", desk.issuing_key.to_pkcs8_der().unwrap());
        judge.must(&["pkcs8", "-inform", "DER", "-in", "issuing.der", "-nocrypt", "-out", "issuing.key"]);
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "leaf.key"];
        judge.must(&[&["req", "-new", "-subj", "/CN=leaf", "-out", "leaf.req"], &key[..]].concat());
        Court(judge)
    }

    fn leaf(&self, serial: &str, file: &str) {
        let serial = format!("0x{serial}");
        let issuer = ["-CA", "issuing.pem", "-CAkey", "issuing.key", "-set_serial", &serial, "-days", "30"];
        self.0.must(&[&["x509", "-req", "-in", "leaf.req", "-out", file], &issuer[..]].concat());
    }

    /// Its signature holds; kept as PEM.
    fn take(&self, list: &RevocationList, file: &str) {
        self.0.write("list.der", list.der());
        let issuer = ["-CAfile", "issuing.pem"];
        let verdict =
            self.0.run(&[&["crl", "-inform", "DER", "-in", "list.der", "-out", file], &issuer[..]].concat());
        assert!(verdict.good && verdict.said.contains("verify OK"), "{}", verdict.said);
    }

    /// Whether the leaf is good at this moment by these lists; what is said if it is not.
    fn verify(&self, now: i64, lists: &[&str], leaf: &str) -> Result<(), String> {
        let pem: Vec<u8> = lists.iter().flat_map(|file| self.0.read(file)).collect();
        self.0.write("lists.pem", pem);
        let now = now.to_string();
        let rules = ["-crl_check", "-use_deltas", "-extended_crl", "-CRLfile", "lists.pem", "-attime", &now];
        let chain = ["-CAfile", "root.pem", "-untrusted", "issuing.pem", leaf];
        let verdict = self.0.run(&[&["verify"], &rules[..], &chain].concat());
        if verdict.good { Ok(()) } else { Err(verdict.said) }
    }
}

/// Stock OpenSSL on P-256: signature, chain, a revoked leaf by the full list, and by the old full list with its delta.
#[tokio::test]
async fn r162_openssl_judges_the_lists() {
    let mut desk = LoneDesk::open().await;
    let court = Court::of(&desk);
    let [revoked, held] = [desk.issued(1, 365).await.remove(0), desk.issued(1, 365).await.remove(0)];
    court.leaf(&revoked, "revoked.pem");
    court.leaf(&held, "held.pem");
    desk.work().await;
    court.take(&until_list(&desk, false, "the first full list", |_| true).await, "full.pem");
    for leaf in ["revoked.pem", "held.pem"] {
        assert_eq!(court.verify(desk.now(), &["full.pem"], leaf), Ok(()));
    }
    desk.suspend(&held).await;
    desk.revoke(&revoked).await;
    desk.clock.forward_s(1);
    let both = |list: &RevocationList| reason(list, &held).is_some() && reason(list, &revoked).is_some();
    court.take(&until_list(&desk, true, "the delta", both).await, "delta.pem");
    desk.clock.forward_s(6);
    court.take(&until_list(&desk, false, "the next full list", both).await, "next.pem");
    for lists in [&["next.pem"][..], &["full.pem", "delta.pem"]] {
        for leaf in ["revoked.pem", "held.pem"] {
            let said = court.verify(desk.now(), lists, leaf).unwrap_err();
            assert!(said.contains("certificate revoked"), "{lists:?}: {said}");
        }
    }
    // Resumed: the list with the hold and the delta after it.
    desk.status.resume(Which::Serial(held.clone()), By::new("tester", "试验")).await.unwrap();
    desk.clock.forward_s(1);
    let removed = |list: &RevocationList| reason(list, &held) == Some(Reason::RemoveFromCrl);
    court.take(&until_list(&desk, true, "the delta that takes it off", removed).await, "off.pem");
    assert_eq!(court.verify(desk.now(), &["next.pem", "off.pem"], "held.pem"), Ok(()));
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
    let published = || desk.status.list("root", false).map(|list| list.number);
    let of_root = || desk.status.freshness().into_iter().find(|one| one.issuer == "root").unwrap();
    assert!(published().is_none() && of_root().overdue && of_root().trouble.is_some());
    desk.bring(signed_in_the_safe(&desk, &desk.root_key, 7));
    until("the list from the safe", || async { (published() == Some(7)).then_some(()) }).await;
    assert!(!of_root().overdue);
    // What another key signed, what is older, and what is no list change nothing.
    let refused = [
        signed_in_the_safe(&desk, &desk.issuing_key, 9),
        signed_in_the_safe(&desk, &desk.root_key, 6),
        b"?".to_vec(),
    ];
    for (file, said) in refused.into_iter().zip([true, false, true]) {
        let before = desk.now();
        desk.bring(file);
        let looked = || of_root().trouble.is_some_and(|trouble| trouble.at.millis() / 1000 > before + 600);
        if said {
            until("the trouble", || async { looked().then_some(()) }).await;
        }
        assert_eq!(published(), Some(7));
    }
    let list = signed_in_the_safe(&desk, &desk.root_key, 8);
    desk.bring(der::pem::encode_string("X509 CRL", der::pem::LineEnding::LF, &list).unwrap());
    until("the list in PEM", || async { (published() == Some(8)).then_some(()) }).await;
    assert_eq!(desk.status.list("root", false).unwrap().bytes[..], list[..]);
    // Nobody answers for it.
    let reply = desk.status.answer("root", &desk.question("4a00")).await.unwrap();
    assert!(reply.life.is_none());
    desk.clock.forward_s(91 * 24 * HOUR);
    assert!(of_root().overdue);
}

/// SM2 signatures of lists are judged where the GM/T identity can be said: `openssl dgst`.
#[tokio::test]
async fn openssl_checks_an_sm2_list_under_the_gmt_identity() {
    let house = crate::house::House::open().await;
    let relying = crate::relying::Relying::on(&house, "issuing");
    let list = relying.until_list(false, "the first full list", |_| true).await;
    let judge = Judge::new("sm2_list");
    judge.write("public.der", relying.issuer.spki());
    judge.write("signature.der", list.signature());
    judge.write("tbs.der", list.tbs_der());
    judge.must(&["pkey", "-pubin", "-inform", "DER", "-in", "public.der", "-out", "public.pem"]);
    judge.must(&[
        "dgst",
        "-sm3",
        "-sigopt",
        crate::judge::DISTID,
        "-verify",
        "public.pem",
        "-signature",
        "signature.der",
        "tbs.der",
    ]);
}
