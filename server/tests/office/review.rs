//! 审核: who decides, on what, and what of a person they see (R030, R137, R148, R158, R161).

use crate::applicant::Applicant;
use crate::clerk::{Clerk, mismatch, unreadable};
use crate::house::House;
use crate::town::Streets;
use app::desk::DeskError;
use app::desk::review::{CaseView, QueueLine, Verdict};
use journey::event::ReturnItem;
use journey::evidence::EvidenceKind;
use journey::identity::IdentityMethod;

use journey::step::Step;
use serde_json::json;
use server::store;
use server::store::staff::StaffRow;

/// An office with its staff, and an order that waits for review.
pub async fn waiting(method: IdentityMethod) -> (House, Applicant) {
    let house = House::open().await;
    house.staffed().await;
    let mut applicant = house.applicant().choosing(method);
    applicant.walk_to(Step::Review).await;
    (house, applicant)
}

pub async fn usual() -> (House, Applicant) {
    waiting(IdentityMethod::LegalPersonPhone).await
}

#[tokio::test]
async fn r137_r158_two_reviewers_at_once() {
    let (house, applicant) = usual().await;
    let number = &applicant.number;
    let (one, other) = (house.reviewer().await, house.second_reviewer().await);
    assert_eq!(one.decide(number, applicant.version, Verdict::Pass).await.refusal(), "not_claimed");
    let (a, b) = tokio::join!(one.claim(number), other.claim(number));
    let (winner, loser, claimed, refused) =
        if a.status == 200 { (one, other, a, b) } else { (other, one, b, a) };
    let case: CaseView = claimed.given();
    assert!(case.mine);
    assert_eq!(refused.refusal(), "claimed_by_another");
    // The other one sees whose it is and can do nothing.
    let queue: Vec<QueueLine> = loser.browser.call("review/queue", json!({})).await.given();
    assert!(queue[0].claimed_by.is_some() && !queue[0].mine);
    for verdict in [Verdict::Pass, Verdict::Reject { reason: "资料不实".into() }] {
        assert_eq!(loser.decide(number, case.version, verdict).await.refusal(), "claimed_by_another");
    }
    let release = json!({ "number": number });
    assert_eq!(loser.browser.call("review/release", release.clone()).await.refusal(), "claimed_by_another");
    // Laid back, it is the other's.
    winner.browser.call("review/release", release).await.given::<()>();
    let case: CaseView = loser.claim(number).await.given();
    assert_eq!(winner.decide(number, case.version, Verdict::Pass).await.refusal(), "claimed_by_another");
    // On what was seen, not on what came after (R158).
    let stale = loser.decide(number, case.version - 1, Verdict::Pass).await;
    assert_eq!(stale.refused(409), DeskError::Changed);
    // A double click on 通过 decides once.
    let (a, b) = tokio::join!(
        loser.decide(number, case.version, Verdict::Pass),
        loser.decide(number, case.version, Verdict::Pass)
    );
    assert_eq!([a.status, b.status].iter().filter(|status| **status == 200).count(), 1);
    house.errands_rest().await;
    let passcodes = house.town.outside.messages(&applicant.holder.legal_person_phone).await;
    assert_eq!(passcodes.len(), 1, "{passcodes:?}");
    house.journal_tells_the_row(number).await;
}

#[tokio::test]
async fn r137_who_reviewed_may_not_produce() {
    let (house, mut applicant) = usual().await;
    // Somebody with two hats: roles alone do not keep the four eyes.
    let ground = house.office.ground.clone();
    let mut reader = ground.store.read().await.unwrap();
    let known = store::staff::find_by_name(&mut reader, "shenhe").await.unwrap().unwrap();
    drop(reader);
    let secret = ground.sealing.open(&format!("staff.sealed_totp/{}", known.id), &known.sealed_totp).unwrap();
    let both = StaffRow {
        sealed_totp: ground.sealing.seal("staff.sealed_totp/both", &secret),
        id: "both".into(),
        name: "both".into(),
        roles: "reviewer producer dispatcher".into(),
        ..known
    };
    ground
        .store
        .write(move |tx| Box::pin(async move { store::staff::record(tx, &both).await }))
        .await
        .unwrap();
    let file = house.town.data().join("staff.txt");
    let text = std::fs::read_to_string(&file).unwrap();
    let line = text.lines().find(|line| line.contains("\tshenhe\t")).unwrap();
    std::fs::write(&file, format!("{text}{}\n", line.replace("\tshenhe\t", "\tboth\t"))).unwrap();

    let both = Clerk::sign_in(&house.town, "both").await;
    both.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    assert_eq!(both.take(&applicant.number).await.refusal(), "reviewer_may_not_produce");
    let producer = house.producer().await;
    producer.take(&applicant.number).await.given::<app::desk::production::JobView>();
    assert_eq!(both.take(&applicant.number).await.refusal(), "reviewer_may_not_produce");
    // Each to the own desk.
    let reviewer = house.second_reviewer().await;
    assert_eq!(reviewer.take(&applicant.number).await.refused(403), DeskError::NotYourDesk);
    assert_eq!(producer.claim(&applicant.number).await.refused(403), DeskError::NotYourDesk);
    assert_eq!(reviewer.ship(&applicant.number, "EMS", "123456").await.refused(403), DeskError::NotYourDesk);
}

#[tokio::test]
async fn r148_a_return_names_what_and_a_rejection_why() {
    let (house, applicant) = usual().await;
    let reviewer = house.reviewer().await;
    let case: CaseView = reviewer.claim(&applicant.number).await.given();
    let asked = |verdict| reviewer.decide(&applicant.number, case.version, verdict);
    assert_eq!(asked(Verdict::Return { items: Vec::new() }).await.refusal(), "reason_missing");
    assert_eq!(asked(Verdict::Reject { reason: "  ".into() }).await.refusal(), "reason_missing");
    let foreign = unreadable(EvidenceKind::SealSample, "");
    assert_eq!(asked(Verdict::Return { items: vec![foreign] }).await.refusal(), "evidence_not_asked");
    let nameless: ReturnItem = mismatch(" ");
    assert_eq!(asked(Verdict::Return { items: vec![nameless] }).await.refusal(), "reason_missing");
    assert_eq!(house.row(&applicant.number).await.version, case.version, "nothing moved");
}

#[tokio::test]
async fn r161_staff_see_masked_data_until_they_say_why() {
    let (house, applicant) = usual().await;
    let holder = &applicant.holder;
    let (reviewer, colleague) = (house.reviewer().await, house.second_reviewer().await);
    let clear = [&holder.legal_person_id, &holder.legal_person_phone, &holder.agent_phone, &holder.email];
    let masked = |text: &str| clear.iter().all(|word| !text.contains(word.as_str()));
    let claimed = reviewer.claim(&applicant.number).await;
    assert!(masked(&claimed.text()) && !claimed.given::<CaseView>().revealed, "{}", claimed.text());
    let queue = reviewer.browser.call("review/queue", json!({})).await;
    assert!(masked(&queue.text()));
    for reason in ["", " ", "x"] {
        assert_eq!(reviewer.reveal(&applicant.number, reason).await.refusal(), "reason_missing");
    }
    let shown = reviewer.reveal(&applicant.number, "核对法人身份证号").await;
    assert!(
        clear.iter().all(|word| shown.text().contains(word.as_str())) && shown.given::<CaseView>().revealed
    );
    assert!(masked(&colleague.case(&applicant.number).await.text()), "shown to who asked, not to others");
    // A picture that was looked at stands in the book too.
    let file = shown.given::<CaseView>().evidence[0].file.clone().unwrap();
    let seen = colleague.browser.get(&app::desk::evidence::picture_path(&file.id)).await;
    assert_eq!(seen.status, 200);
    let mut reader = house.office.ground.store.read().await.unwrap();
    let looks: Vec<(String, String)> = sqlx::query_as(
        "SELECT staff.name, looks.what || ' ' || looks.reason FROM looks JOIN staff ON staff.id = looks.staff_id",
    )
    .fetch_all(&mut *reader)
    .await
    .unwrap();
    let looked = |name: &str, what: &str| looks.iter().any(|(who, why)| who == name && why.starts_with(what));
    assert!(
        looked("shenhe", "details 核对法人身份证号") && looked("shenhe2", "business_licence"),
        "{looks:?}"
    );
    // After an hour it is masked again.
    house.town.clock.forward_minutes(9);
    assert!(reviewer.case(&applicant.number).await.given::<CaseView>().revealed);
}

#[tokio::test]
async fn nobody_reviews_a_draft_or_without_signing_in() {
    let house = House::open().await;
    house.staffed().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Payment).await;
    let reviewer = house.reviewer().await;
    assert_eq!(reviewer.case(&applicant.number).await.refused(404), DeskError::NotFound);
    assert_eq!(reviewer.claim(&applicant.number).await.refusal(), "not_here", "R030: not before it is paid");
    let queue: Vec<QueueLine> = reviewer.browser.call("review/queue", json!({})).await.given();
    assert!(queue.is_empty());
    // An applicant is no clerk, and a clerk no applicant.
    let number = json!({ "number": applicant.number });
    for function in ["review/queue", "review/case", "review/claim", "production/queue", "dispatch/queue"] {
        let answer = applicant.browser.call(function, number.clone()).await;
        assert_eq!(answer.refused(401), DeskError::SignInAgain, "{function}");
    }
    assert_eq!(reviewer.browser.call("orders/view", number).await.refused(401), DeskError::SignInAgain);
    reviewer.browser.call("staff/sign_out", json!({})).await.given::<()>();
    let queue = reviewer.browser.call("review/queue", json!({})).await;
    assert_eq!(queue.refused(401), DeskError::SignInAgain);
}
