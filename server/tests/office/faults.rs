//! What a second look at the office found: each of these went wrong once.

use crate::answer::Answer;
use crate::applicant::Applicant;
use crate::clerk::{Clerk, mismatch, unreadable};
use crate::house::House;
use crate::review::usual;
use crate::town::Streets;
use crate::workbench::Workbench;
use app::desk::orders::{CodeSent, DraftKept, OrderView};
use app::desk::production::{IssuedPair, JobView, KeyRequest, Personalisation};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::Request;
use certificate::request::{assemble, to_be_signed};
use journey::evidence::EvidenceKind;
use journey::order::Standing;
use journey::step::Step;
use serde_json::json;
use server::fault::Fault;
use server::store;
use server::store::orders::OrderRow;

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
    keep_draft(&applicant, &form).await.given::<DraftKept>();
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
        keep_draft(&stranger, &form).await.given::<DraftKept>();
    }
    house.town.clock.forward_s(61);
    let asked = json!({ "party": "organisation", "id_number": applicant.holder.credit_code });
    house.town.browser().call("query/send", asked).await.given::<CodeSent>();
    let codes = house.town.outside.messages_of(&applicant.holder.agent_phone, "code", 2).await;
    assert_eq!(codes.len(), 2, "one for the phone check, one for the query");
}

/// An order at production, its pair issued, and the key it is made on.
async fn issued() -> (House, OrderRow, Clerk, Workbench, KeyRequest, IssuedPair) {
    let (house, mut applicant) = usual().await;
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let producer = house.producer().await;
    producer.take(&applicant.number).await.given::<JobView>();
    let mut bench = Workbench::set_up().await;
    let given: Personalisation = bench.ask(&producer, &applicant.number).await.given();
    let request = bench.personalise(&given).await;
    let pair: IssuedPair = bench.hand_in(&producer, &applicant.number, Some(&request)).await.given();
    let row = house.row(&applicant.number).await;
    (house, row, producer, bench, request, pair)
}

#[tokio::test]
async fn i4_what_is_signed_for_nobody_does_not_count() {
    let (house, row, ..) = issued().await;
    // As if the pair had been put aside between the authority's signature and its report.
    let (id, now) = (row.id.clone(), house.office.ground.now());
    let put_aside = house
        .office
        .ground
        .store
        .write(move |tx| Box::pin(async move { store::certificates::discard(tx, &id, now).await }));
    put_aside.await.unwrap();
    assert!(matches!(house.office.issuing.issue(&row.id).await, Err(Fault::Refused(_))));
    let mut reader = house.office.ground.store.read().await.unwrap();
    let states: Vec<(String, bool)> =
        sqlx::query_as("SELECT state, certificate IS NULL FROM certificates WHERE order_id = $1")
            .bind(&row.id)
            .fetch_all(&mut *reader)
            .await
            .unwrap();
    // All four are on record, with what was signed, and none counts.
    assert_eq!(states, vec![("discarded".to_owned(), false); 4]);
    assert_eq!(house.row(&row.number).await.order, row.order);
}

#[tokio::test]
async fn r067_the_same_pair_may_sign_its_request_anew() {
    let (house, row, producer, mut bench, first, pair) = issued().await;
    let request = Request::verify(&BASE64.decode(&first.request).unwrap()).unwrap();
    // This key signs the same bytes the same way; others throw dice. An attribute makes them other bytes.
    let info = with_an_attribute(&to_be_signed(&request.subject, &request.spki).unwrap());
    let anew = assemble(&info, &bench.sign(&info).await).unwrap();
    let given: Personalisation = bench.ask(&producer, &row.number).await.given();
    let proof = bench.sign(&key::statement::personalised(&given.nonce, &bench.serial, &anew)).await;
    let anew =
        KeyRequest { request: BASE64.encode(anew), proof: BASE64.encode(proof), sealed_admin_pin: None };
    assert_ne!(anew.request, first.request, "another signature");
    let same: IssuedPair = bench.hand_in(&producer, &row.number, Some(&anew)).await.given();
    assert_eq!(same.sign_certificate, pair.sign_certificate);
    assert_eq!(same.enveloped_key, pair.enveloped_key);
    bench.install(&same).await;
    let proof = bench.read_back(&same).await;
    bench.prove(&producer, &row.number, &proof).await.given::<JobView>();
    house.journal_tells_the_row(&row.number).await;
}

/// The request's inner part with a challengePassword (PKCS#9) in its empty attributes.
fn with_an_attribute(info: &[u8]) -> Vec<u8> {
    let [0x30, 0x81, _, content @ .., 0xa0, 0x00] = info else { panic!("another form of request") };
    let attribute = b"\xa0\x12\x30\x10\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x07\x31\x03\x0c\x01a";
    let content = [content, attribute].concat();
    let length = u16::try_from(content.len()).expect("a short request").to_be_bytes();
    let header =
        if length[0] == 0 { vec![0x30, 0x81, length[1]] } else { vec![0x30, 0x82, length[0], length[1]] };
    [header, content].concat()
}

/// As if so many days had passed: outside parties go by the real time, so the clock cannot.
pub async fn set_changed_days_ago(house: &House, number: &str, days: i64) {
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
    keep_draft(&applicant, &form).await.given::<DraftKept>();
}
