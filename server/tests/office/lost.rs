//! 证书挂失 without the key: the same answer to everybody, both certificates on hold for everybody who asks, and nothing for
//! who holds another phone (B01, R126, R134, A37, A49).

use crate::answer::Answer;
use crate::applicant::Applicant;
use crate::holder::Organisation;
use crate::loser::{Owner, check, hold, lost_code, records, send};
use crate::relying::{Relying, reason};
use crate::town::until;
use app::desk::DeskError;
use app::desk::error::CodeRefusal;
use app::desk::lost::LostLine;
use app::desk::orders::CodeSent;
use certificate::revocation::Reason;
use journey::step::Step;
use std::time::{Duration, Instant};

/// Everything of an answer but the moment it was given.
fn seen(answer: &Answer) -> (u16, Vec<u8>, Vec<(String, String)>) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (answer.status, answer.body.clone(), headers.collect())
}

#[tokio::test]
async fn b01_a_code_to_the_reserved_phone_puts_both_certificates_on_hold_within_a_minute() {
    let owner = Owner::made().await;
    let relying = Relying::on(&owner.house, "issuing");
    assert_eq!(relying.reason(&owner.sign).await, None);
    let browser = owner.proven().await;
    let lines = records(&browser).await;
    assert_eq!((lines.len(), lines[0].serial.as_str(), lines[0].on_hold), (1, owner.sign.as_str(), false));
    assert_eq!(lines[0].replace_refused, None);
    let started = Instant::now();
    let held: Vec<LostLine> = hold(&browser, &[&owner.sign]).await.given();
    assert!(held[0].on_hold);
    for serial in [&owner.sign, &owner.encrypt] {
        let on_hold =
            || async { (relying.reason(serial).await == Some(Reason::CertificateHold)).then_some(()) };
        until("OCSP to say so", on_hold).await;
        // The full list waits thirty seconds for more changes; a minute is what is promised.
        let listed = async || {
            let list = relying.list(false).await;
            list.is_some_and(|list| reason(&list, serial) == Some(Reason::CertificateHold))
        };
        while !listed().await {
            assert!(started.elapsed().as_secs() < 60, "the list says nothing of {serial}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    println!("挂失 until OCSP and the full list say so: {:?}", started.elapsed());
    // Told to the reserved phone and mailbox; a second tick changes nothing and tells nobody.
    let phone = &owner.applicant.holder.agent_phone;
    let told = || async {
        let all = owner.house.town.outside.messages(phone).await;
        Some(all.iter().filter(|sms| sms.text.contains("原证书已挂失")).count()).filter(|count| *count > 0)
    };
    assert_eq!(until("the message", told).await, 1);
    owner.house.town.outside.mail_about(&owner.applicant.holder.email, "原证书已挂失").await;
    hold(&browser, &[&owner.sign]).await.given::<Vec<LostLine>>();
    owner.house.errands_rest().await;
    assert_eq!(until("the message", told).await, 1);
    let mut reader = owner.house.office.ground.store.read().await.unwrap();
    let life = server::store::status::list_life(&mut reader, &owner.sign).await.unwrap();
    let life: Vec<_> = life.iter().map(|line| (line.status.as_str(), line.by.as_str())).collect();
    assert_eq!(life, [("on_hold", owner.applicant.number.as_str())], "audited, once");
}

#[tokio::test]
async fn r126_known_and_unknown_holders_get_the_same_answers() {
    let owner = Owner::made().await;
    let house = &owner.house;
    let (known, unknown) = (owner.credit_code().to_owned(), Organisation::made_up().credit_code);
    let browser = house.town.browser();
    let before = (check(&browser, &known, "111111").await, check(&browser, &unknown, "111111").await);
    assert_eq!(seen(&before.0), seen(&before.1));
    // The first question of all begins the visit.
    send(&browser, &Organisation::made_up().credit_code).await.given::<CodeSent>();
    let sent = (send(&browser, &known).await, send(&browser, &unknown).await);
    assert_eq!(seen(&sent.0), seen(&sent.1));
    assert_eq!(sent.0.given::<CodeSent>().masked_phone, "");
    let again = (send(&browser, &known).await, send(&browser, &unknown).await);
    assert_eq!((again.0.status, again.1.status), (429, 429));
    let right = lost_code(house, &owner.applicant.holder.agent_phone, 2).await;
    let wrong = if right == "222222" { "333333" } else { "222222" };
    for left in [4, 3, 2, 1, 0, 0] {
        let tried = (check(&browser, &known, wrong).await, check(&browser, &unknown, wrong).await);
        assert_eq!(seen(&tried.0), seen(&tried.1));
        let refusal = if left == 0 { CodeRefusal::Gone } else { CodeRefusal::Wrong { left } };
        assert_eq!(tried.0.refused(422), DeskError::Code(refusal));
    }
    assert_eq!(
        check(&browser, &known, &right).await.refused(422),
        DeskError::Code(CodeRefusal::Gone),
        "R125"
    );
    assert_eq!(records(&browser).await, []);
    assert_eq!(send(&browser, "123").await.fields()[0].0, "id_number");
}

#[tokio::test]
async fn a_code_is_good_for_the_visit_that_asked_and_nobody_else_burns_it() {
    let owner = Owner::made().await;
    let (asking, guessing) = (owner.house.town.browser(), owner.house.town.browser());
    send(&asking, owner.credit_code()).await.given::<CodeSent>();
    let code = lost_code(&owner.house, &owner.applicant.holder.agent_phone, 2).await;
    // Without a visit, then with one that asked for somebody else's: not even the right code, as often as one likes.
    for _ in 0..7 {
        let guessed = check(&guessing, owner.credit_code(), &code).await;
        assert_eq!(guessed.refused(422), DeskError::Code(CodeRefusal::Gone));
        send(&guessing, &Organisation::made_up().credit_code).await.given::<CodeSent>();
    }
    check(&asking, owner.credit_code(), &code).await.given::<()>();
    assert_eq!(records(&asking).await.len(), 1);
    // Once.
    assert_eq!(
        check(&asking, owner.credit_code(), &code).await.refused(422),
        DeskError::Code(CodeRefusal::Gone)
    );
}

#[tokio::test]
async fn a_code_opens_the_certificates_of_its_phone_and_of_no_other() {
    let owner = Owner::made().await;
    // A draft with the same public number and a stranger's phone gives the stranger nothing (A49).
    let stranger_phone = Organisation::made_up().agent_phone;
    let holder = Organisation { agent_phone: stranger_phone.clone(), ..owner.applicant.holder.clone() };
    let mut stranger = Applicant::new(owner.house.town.clone(), holder);
    stranger.walk_to(Step::Confirm).await;
    let browser = owner.proven().await;
    let codes = owner.house.town.outside.messages(&stranger_phone).await;
    assert!(codes.is_empty(), "{codes:?}");
    assert_eq!(records(&browser).await.len(), 1);
    // Who applied for it in this browser has not shown the phone: an order that is seen opens no certificate.
    assert_eq!(records(&owner.applicant.browser).await, []);
    for visitor in [&stranger.browser, &owner.applicant.browser] {
        assert_eq!(hold(visitor, &[&owner.sign]).await.refused(404), DeskError::NotFound);
    }
    assert_eq!(hold(&owner.house.town.browser(), &[&owner.sign]).await.refused(401), DeskError::SignInAgain);
    // One of two is somebody else's: none is put on hold.
    assert_eq!(hold(&browser, &[&owner.sign, "4a00"]).await.refused(404), DeskError::NotFound);
    assert!(!records(&browser).await[0].on_hold);
    // A code for the orders is none for the certificates.
    let asked = serde_json::json!({ "party": "organisation", "id_number": owner.credit_code() });
    owner.house.town.clock.forward_s(61);
    let other = owner.house.town.browser();
    other.call("query/send", asked).await.given::<CodeSent>();
    let phone = &owner.applicant.holder.agent_phone;
    let codes = owner.house.town.outside.messages_of(phone, "code", 3).await;
    let answer = check(&other, owner.credit_code(), &codes[2].params[0]).await;
    assert_eq!(answer.refused(422), DeskError::Code(CodeRefusal::Gone));
}

#[tokio::test]
async fn a_revoked_certificate_is_no_longer_shown() {
    let owner = Owner::made().await;
    let browser = owner.proven().await;
    let by = server::standing::By::new("tester", "试验");
    let which = server::standing::Which::PairOf(owner.sign.clone());
    owner.house.office.status.revoke(which, Reason::KeyCompromise, by).await.unwrap();
    assert_eq!(records(&browser).await, []);
    assert_eq!(hold(&browser, &[&owner.sign]).await.refused(404), DeskError::NotFound);
}
