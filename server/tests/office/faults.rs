//! What a second look at the office found: each of these went wrong once.

use crate::answer::Answer;
use crate::applicant::Applicant;
use crate::clerk::{mismatch, unreadable};
use crate::house::House;
use crate::town::Streets;
use app::desk::orders::{CodeSent, OrderView};
use journey::evidence::EvidenceKind;
use journey::order::Standing;
use journey::step::Step;
use serde_json::json;
use server::store;

async fn keep_draft(applicant: &Applicant, form: &journey::details::DetailsForm) -> Answer {
    let arguments = json!({ "number": applicant.number, "details": form });
    applicant.browser.call("orders/draft", arguments).await
}

#[tokio::test]
async fn r157_a_code_opens_nothing_for_a_phone_that_came_later() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::PhoneCheck).await;
    applicant.send_code().await.given::<CodeSent>();
    let code = applicant.code_from_phone(1).await;
    applicant.go_back().await.given::<OrderView>();
    let mut form = applicant.form().await;
    form.agent_phone = "13912345678".to_owned();
    applicant.fill(&form).await.given::<OrderView>();
    while applicant.see().await.standing != Standing::Open(Step::PhoneCheck) {
        let here = applicant.see().await.standing;
        match here {
            Standing::Open(Step::Confirm) => drop(applicant.confirm().await.given::<OrderView>()),
            Standing::Open(Step::Evidence) => drop(applicant.submit().await.given::<OrderView>()),
            other => panic!("{}", other.code()),
        }
    }
    let refused = applicant.check_code(&code).await;
    assert_eq!(refused.status, 422);
    assert_eq!(applicant.see().await.standing, Standing::Open(Step::PhoneCheck));
}

#[tokio::test]
async fn r157_a_returned_order_keeps_the_phone_that_was_checked() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Review).await;
    let reviewer = house.staffed().await.reviewer().await;
    reviewer.send_back(&applicant.number, vec![mismatch("street")]).await;
    applicant.until_at(Step::Details).await;
    let mut form = applicant.form().await;
    let checked = std::mem::replace(&mut form.agent_phone, "13912345678".to_owned());
    keep_draft(&applicant, &form).await.given::<journey::moment::Moment>();
    assert_eq!(applicant.see().await.details.agent_phone, checked, "notices go on to the checked phone");
    let refused = applicant.fill(&form).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("agent_phone_fixed"), "{}", refused.text());
    form.agent_phone = checked;
    applicant.fill(&form).await.given::<OrderView>();
}

#[tokio::test]
async fn a53_a_correction_waits_fifteen_days_and_then_the_money_goes_back() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Review).await;
    let reviewer = house.staffed().await.reviewer().await;
    let item = unreadable(EvidenceKind::BusinessLicence, "看不清");
    reviewer.send_back(&applicant.number, vec![item]).await;
    applicant.until_at(Step::Evidence).await;
    house.office.sweep_once().await.unwrap();
    assert_eq!(house.row(&applicant.number).await.order.standing, Standing::Open(Step::Evidence));
    set_changed_days_ago(&house, &applicant.number, 14).await;
    house.office.sweep_once().await.unwrap();
    assert_eq!(house.row(&applicant.number).await.order.standing, Standing::Open(Step::Evidence));
    set_changed_days_ago(&house, &applicant.number, 16).await;
    house.office.sweep_once().await.unwrap();
    let row = house.row(&applicant.number).await;
    assert_eq!(row.order.standing, Standing::Expired);
    assert_ne!(row.order.refund_state(), journey::order::RefundState::Kept);
    assert!(row.details.is_some(), "a paid order keeps what it was paid for");
}

#[tokio::test]
async fn r160_of_a_draft_that_ended_nothing_personal_stays() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Evidence).await;
    applicant.upload_all().await;
    let evidence = house.town.data().join("evidence");
    assert_eq!(std::fs::read_dir(&evidence).unwrap().count(), 3);
    applicant.withdraw().await.given::<OrderView>();
    house.office.sweep_once().await.unwrap();
    assert!(house.row(&applicant.number).await.details.is_some(), "not on the same day");
    set_changed_days_ago(&house, &applicant.number, 2).await;
    house.office.sweep_once().await.unwrap();
    assert!(house.row(&applicant.number).await.details.is_none());
    assert_eq!(std::fs::read_dir(&evidence).unwrap().count(), 0);
    assert_eq!(applicant.see().await.standing, Standing::Withdrawn);
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn r119_drafts_of_strangers_do_not_keep_the_agents_code_away() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Review).await;
    for digit in 1..=4 {
        let mut stranger = house.applicant();
        stranger.start().await.given::<String>();
        let mut form = stranger.form().await;
        form.holder_id = applicant.holder.credit_code.clone();
        form.agent_phone = format!("1391234567{digit}");
        keep_draft(&stranger, &form).await.given::<journey::moment::Moment>();
    }
    house.town.clock.forward_s(61);
    let asked = json!({ "party": "organisation", "id_number": applicant.holder.credit_code });
    house.town.browser().call("query/send", asked).await.given::<CodeSent>();
    let codes = house.town.outside.messages_of(&applicant.holder.agent_phone, "code", 2).await;
    assert_eq!(codes.len(), 2, "one for the phone check, one for the query");
}

/// As if so many days had passed: outside parties go by the real time, so the clock cannot.
async fn set_changed_days_ago(house: &House, number: &str, days: i64) {
    let row = house.row(number).await;
    let at = house.office.ground.now().plus_days(-days).millis();
    let set = house.office.ground.store.write(move |tx| {
        Box::pin(async move {
            sqlx::query("UPDATE orders SET changed_at = $1 WHERE id = $2")
                .bind(at)
                .bind(&row.id)
                .execute(tx)
                .await
                .map_err(store::StoreError::from)
        })
    });
    set.await.expect("the row is there");
}

#[tokio::test]
async fn a_draft_is_no_place_to_store_things() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.start().await.given::<String>();
    let mut form = applicant.form().await;
    form.street = "长".repeat(301);
    let refused = keep_draft(&applicant, &form).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("too_long") && refused.text().contains("street"), "{}", refused.text());
    form.street = "长".repeat(300);
    keep_draft(&applicant, &form).await.given::<journey::moment::Moment>();
}
