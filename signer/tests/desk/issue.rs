//! What the ring signs, and what it refuses with which code (C18).

use std::sync::atomic::Ordering;

use certificate::profile::{ISSUING_AUTHORITY, ORGANISATION_ENCRYPTION, ROOT};
use certificate::{KeyKind, ToBeSigned};
use signer::{Grant, SharedSecret, SigningDesk, Slot, TokenMaker, Work};

use crate::house::{House, NOW, grant, subject_key};

async fn code(house: &House, ring: &dyn SigningDesk, work: Work) -> &'static str {
    let _ = house;
    ring.sign("issuing", vec![work]).await.remove(0).map_or_else(|e| e.code(), |_| "signed")
}

/// A draft, its grant changed, its token made anew: what does the ring say?
async fn with(change: impl FnOnce(&mut Grant)) -> &'static str {
    let house = House::new(KeyKind::Sm2);
    let draft = house.draft();
    let mut grant = grant(&draft, "order 1");
    change(&mut grant);
    code(&house, &house.open(), house.work_with(&draft, grant)).await
}

#[tokio::test]
async fn a_batch_is_signed_in_its_order() {
    for kind in [KeyKind::Sm2, KeyKind::P256] {
        let house = House::new(kind);
        let ring = house.open();
        let drafts: Vec<ToBeSigned> = (0..5).map(|_| house.draft()).collect();
        let work = drafts.iter().enumerate().map(|(n, draft)| house.work(draft, &format!("order {n}")));
        let signed = ring.sign("issuing", work.collect()).await;
        for (draft, signature) in drafts.into_iter().zip(signed) {
            let certificate = draft.attach(&signature.unwrap()).unwrap().into_certificate();
            certificate.verify(&house.certificate("issuing")).unwrap();
        }
    }
}

#[tokio::test]
async fn one_refusal_does_not_hold_up_the_others() {
    let house = House::new(KeyKind::Sm2);
    let ring = house.open();
    let (good, bad, also) = (house.draft(), house.draft(), house.draft());
    let mut other = grant(&bad, "order 2");
    other.spki_digest = [7; 32];
    let work = vec![house.work(&good, "order 1"), house.work_with(&bad, other), house.work(&also, "order 3")];
    let answers = ring.sign("issuing", work).await;
    assert!(answers[0].is_ok() && answers[2].is_ok());
    assert_eq!(answers[1].as_ref().unwrap_err().code(), "signer_token_public_key");
}

#[tokio::test]
async fn an_unknown_key_signs_nothing() {
    let house = House::new(KeyKind::Sm2);
    let answer = house.open().sign("issuing_p256", vec![house.work(&house.draft(), "order 1")]).await;
    assert_eq!(answer[0].as_ref().unwrap_err().code(), "signer_unknown_key");
}

#[tokio::test]
async fn every_part_of_the_token_counts() {
    assert_eq!(with(|_| ()).await, "signed");
    assert_eq!(with(|grant| grant.issuer = "root".into()).await, "signer_token_issuer");
    assert_eq!(with(|grant| grant.profile = "person_signing".into()).await, "signer_token_profile");
    assert_eq!(with(|grant| grant.spki_digest = [0; 32]).await, "signer_token_public_key");
    assert_eq!(with(|grant| grant.slot = Slot::Encrypt).await, "signer_token_slot");
    assert_eq!(with(|grant| grant.slot = Slot::Single).await, "signed");
    assert_eq!(with(|grant| grant.expires_at = NOW - 1).await, "signer_token_expired");
    assert_eq!(with(|grant| grant.case = "x".repeat(201)).await, "signer_token_forged");
}

#[tokio::test]
async fn a_token_of_another_office_or_changed_on_the_way_is_forged() {
    let house = House::new(KeyKind::Sm2);
    let ring = house.open();
    let draft = house.draft();
    let stranger = TokenMaker::new(&SharedSecret::generate().unwrap());
    let changed = |change: &dyn Fn(&mut Work)| {
        let mut work = house.work(&draft, "order 1");
        change(&mut work);
        work
    };
    let token = |work: &mut Work, change: &dyn Fn(&mut signer::OrderToken)| {
        if let Work::Certificate { token, .. } = work {
            change(token);
        }
    };
    let foreign = changed(&|work| token(work, &|token| *token = stranger.make(grant(&draft, "order 1"))));
    let renamed = changed(&|work| token(work, &|token| token.grant.case = "order 2".into()));
    let prolonged = changed(&|work| token(work, &|token| token.grant.expires_at += 1));
    for work in [foreign, renamed, prolonged] {
        assert_eq!(code(&house, &ring, work).await, "signer_token_forged");
    }
}

#[tokio::test]
async fn a_token_lives_until_its_second() {
    let house = House::new(KeyKind::Sm2);
    let ring = house.open();
    let draft = house.draft();
    house.now.store(NOW + 300, Ordering::Relaxed);
    assert_eq!(code(&house, &ring, house.work(&draft, "order 1")).await, "signed");
    house.now.store(NOW + 301, Ordering::Relaxed);
    assert_eq!(code(&house, &ring, house.work(&draft, "order 1")).await, "signer_token_expired");
}

/// The bytes are linted again under the profile that the work names.
#[tokio::test]
async fn the_profile_must_exist_be_allowed_and_fit_the_bytes() {
    let house = House::new(KeyKind::Sm2);
    let ring = house.open();
    let spki = subject_key();
    let draft = house.draft_of(&ORGANISATION_ENCRYPTION, &spki);
    let work = |name: &str| {
        let mut grant = grant(&draft, "order 1");
        grant.profile = name.to_owned();
        grant.slot = Slot::Single;
        let (profile, to_be_signed) = (name.to_owned(), draft.bytes().to_vec());
        Work::Certificate { profile, to_be_signed, token: house.token(grant) }
    };
    assert_eq!(code(&house, &ring, work("organisation_sealing")).await, "signer_unknown_profile");
    for forbidden in [ISSUING_AUTHORITY.name, ROOT.name] {
        assert_eq!(code(&house, &ring, work(forbidden)).await, "signer_profile_not_allowed");
    }
    assert_eq!(code(&house, &ring, work("organisation_signing")).await, "signer_lint");
    assert_eq!(code(&house, &ring, work("organisation_encryption")).await, "signed");
}

#[tokio::test]
async fn settings_narrow_what_a_key_signs() {
    let mut house = House::new(KeyKind::Sm2);
    let only = vec!["person_signing".to_owned()];
    house.settings.keys.entry("issuing".into()).or_default().profiles = Some(only.clone());
    let ring = house.open();
    assert_eq!(code(&house, &ring, house.work(&house.draft(), "o")).await, "signer_profile_not_allowed");
    let keys = ring.list_keys().await.unwrap();
    let issuing = keys.iter().find(|key| key.name == "issuing").unwrap();
    assert_eq!((issuing.profiles.clone(), issuing.demo), (only, true));
}

#[tokio::test]
async fn foreign_bytes_and_another_issuers_certificate_are_refused() {
    let house = House::new(KeyKind::Sm2);
    let other = House::new(KeyKind::Sm2);
    let ring = house.open();
    let draft = other.draft();
    assert_eq!(code(&house, &ring, house.work(&draft, "order 1")).await, "signer_lint");
    let mut work = house.work(&house.draft(), "order 2");
    if let Work::Certificate { to_be_signed, .. } = &mut work {
        to_be_signed.truncate(40);
    }
    assert_eq!(code(&house, &ring, work).await, "signer_lint");
}

/// One certificate for a case and slot, over restarts too; the same bytes may be asked for again.
#[tokio::test]
async fn a_case_is_signed_once() {
    let house = House::new(KeyKind::Sm2);
    let (first, second) = (house.draft(), house.draft());
    let ring = house.open();
    let signature = ring.sign("issuing", vec![house.work(&first, "order 1")]).await.remove(0).unwrap();
    assert_eq!(code(&house, &ring, house.work(&second, "order 1")).await, "signer_signed_before");
    drop(ring);
    let ring = house.open();
    assert_eq!(code(&house, &ring, house.work(&second, "order 1")).await, "signer_signed_before");
    let again = ring.sign("issuing", vec![house.work(&first, "order 1")]).await.remove(0).unwrap();
    assert_eq!(again, signature);
    assert_eq!(code(&house, &ring, house.work(&second, "order 2")).await, "signed");
    // Within one batch too.
    let batch = vec![house.work(&house.draft(), "order 3"), house.work(&house.draft(), "order 3")];
    let answers = ring.sign("issuing", batch).await;
    assert!(answers[0].is_ok());
    assert_eq!(answers[1].as_ref().unwrap_err().code(), "signer_signed_before");
}

#[tokio::test]
async fn a_root_signs_authorities_and_nobody_else() {
    let house = House::new(KeyKind::Sm2);
    let keys = house.open().list_keys().await.unwrap();
    let root = keys.iter().find(|key| key.name == "root").unwrap();
    assert!(root.profiles.contains(&ISSUING_AUTHORITY.name.to_owned()));
    assert!(!root.profiles.iter().any(|name| name == ROOT.name || name.contains("signing")));
}

/// A draft at hand is proof of its lints and of nothing else: token, profile, issuer and case are looked at.
#[tokio::test]
async fn a_linted_draft_is_checked_like_its_bytes() {
    let house = House::new(KeyKind::Sm2);
    let ring = house.open();
    let draft = house.draft();
    let work = |draft: &ToBeSigned, change: &dyn Fn(&mut Grant)| {
        let mut grant = grant(draft, "order 1");
        change(&mut grant);
        Work::certificate(draft, house.token(grant))
    };
    let said = async |work| code(&house, &ring, work).await;
    assert_eq!(said(work(&draft, &|grant| grant.spki_digest = [0; 32])).await, "signer_token_public_key");
    assert_eq!(said(work(&draft, &|grant| grant.slot = Slot::Encrypt)).await, "signer_token_slot");
    assert_eq!(
        said(work(&draft, &|grant| grant.profile = "person_signing".into())).await,
        "signer_token_profile"
    );
    assert_eq!(said(work(&draft, &|grant| grant.expires_at = NOW - 1)).await, "signer_token_expired");
    let stranger = House::new(KeyKind::Sm2).draft();
    assert_eq!(said(work(&stranger, &|_| ())).await, "signer_other_issuer");
    let signed = ring.sign("issuing", vec![work(&draft, &|_| ())]).await.remove(0).unwrap();
    assert_eq!(said(work(&house.draft(), &|_| ())).await, "signer_signed_before");
    draft.attach(&signed).unwrap().certificate().verify(&house.certificate("issuing")).unwrap();
}
