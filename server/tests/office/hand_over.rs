//! 经办人变更 (B11): the legal person approves by the own phone, the agent before is told and has a day, then the codes go to
//! the new agent.

use crate::answer::Answer;
use crate::browser::Browser;
use crate::holder::Organisation;
use crate::house::House;
use crate::loser::{self, Owner};
use crate::query::{check, list};
use crate::town::{Streets, until};
use app::desk::DeskError;
use app::desk::error::CodeRefusal;
use app::desk::hand_over::HandOverView;
use app::desk::orders::{CodeSent, OrderView};
use journey::event::EventKind;
use journey::step::Step;
use serde_json::{Value, json};
use server::errand::Outcome;

const DAY: i64 = 24 * 60;

/// Query by the number, naming this phone; the browser that its code opened the orders to.
async fn opened(house: &House, credit_code: &str, phone: &str) -> Browser {
    let browser = house.town.browser();
    let before = codes(house, phone, "订单查询").await.len();
    let asked = json!({ "party": "organisation", "id_number": credit_code, "phone": phone });
    sent(house, &browser, "query/send", asked).await;
    let code = next(house, phone, "订单查询", before).await;
    check(&browser, credit_code, &code).await.given::<()>();
    browser
}

/// A code is asked for; where that is too soon, after the minute. No longer: the carrier goes by its own clock, and takes
/// nothing from an office that is five minutes ahead.
async fn sent(house: &House, browser: &Browser, function: &str, arguments: Value) -> CodeSent {
    let answer = browser.call(function, arguments.clone()).await;
    if answer.status != 429 {
        return answer.given();
    }
    house.town.clock.forward_s(61);
    browser.call(function, arguments).await.given()
}

async fn codes(house: &House, phone: &str, purpose: &str) -> Vec<String> {
    let all = house.town.outside.messages(phone).await;
    all.into_iter()
        .filter(|sms| sms.kind == "code" && sms.params[1] == purpose)
        .map(|sms| sms.params[0].clone())
        .collect()
}

/// The code that comes after so many.
async fn next(house: &House, phone: &str, purpose: &str, before: usize) -> String {
    until("the code", || async {
        let all = codes(house, phone, purpose).await;
        all.get(before).cloned()
    })
    .await
}

async fn send(browser: &Browser, number: &str, to: Value) -> Answer {
    browser.call("agent/code", json!({ "number": number, "to": to })).await
}

async fn view(browser: &Browser, number: &str) -> HandOverView {
    browser.call("agent/view", json!({ "number": number })).await.given()
}

async fn told(house: &House, phone: &str, words: &str) {
    until("the message", || async {
        let all = house.town.outside.messages(phone).await;
        all.iter().any(|sms| sms.text.contains(words)).then_some(())
    })
    .await;
}

/// The legal person, at the order's page, asks for this agent; with the codes of both phones.
async fn ask(house: &House, legal: &Browser, number: &str, holder: &Organisation, phone: &str) -> Answer {
    let before = (
        codes(house, phone, "担任经办人").await.len(),
        codes(house, &holder.legal_person_phone, "同意变更经办人").await.len(),
    );
    let to_new = json!({ "number": number, "to": { "to": "new_agent", "phone": phone } });
    sent(house, legal, "agent/code", to_new).await;
    let to_legal = json!({ "number": number, "to": { "to": "legal_person" } });
    let told = sent(house, legal, "agent/code", to_legal).await;
    assert!(told.masked_phone.contains("****"), "{}", told.masked_phone);
    let form = json!({
        "name": "周明", "phone": phone,
        "new_agent_code": next(house, phone, "担任经办人", before.0).await,
        "legal_person_code": next(house, &holder.legal_person_phone, "同意变更经办人", before.1).await,
    });
    legal.call("agent/ask", json!({ "number": number, "form": form })).await
}

/// The id of the only change of an agent that there is.
async fn only_one(house: &House) -> String {
    let mut reader = house.office.ground.store.read().await.unwrap();
    sqlx::query_scalar("SELECT id FROM hand_overs").fetch_one(&mut *reader).await.unwrap()
}

/// Its message is on the way.
async fn told_new_agent(house: &House) -> bool {
    let key = format!("{}/agent_changed", only_one(house).await);
    let mut reader = house.office.ground.store.read().await.unwrap();
    let row =
        sqlx::query_scalar::<_, i64>("SELECT count(*) FROM errands WHERE kind = 'text_notice' AND key = $1");
    row.bind(key).fetch_one(&mut *reader).await.unwrap() == 1
}

async fn handed_over(house: &House, number: &str) -> bool {
    let id = house.row(number).await.id;
    let mut reader = house.office.ground.store.read().await.unwrap();
    let journal = server::store::journal::list(&mut reader, &id).await.unwrap();
    journal.iter().any(|entry| entry.event.kind() == EventKind::AgentChanged)
}

/// A holder with a certificate, a draft of the same agent beside it, and the carrier's limits lifted.
async fn staffed() -> (Owner, Organisation, String) {
    let owner = Owner::made().await;
    owner.house.town.outside.faults(json!({ "sms": { "limits_lifted": true } })).await;
    let holder = owner.applicant.holder.clone();
    let new_phone = Organisation::made_up().agent_phone;
    (owner, holder, new_phone)
}

#[tokio::test]
async fn b11_the_legal_person_approves_the_agent_is_told_and_after_a_day_the_codes_go_over() {
    let (owner, holder, new_phone) = Box::pin(staffed()).await;
    let house = &owner.house;
    let number = owner.applicant.number.as_str();
    // Begun by the agent, and still a draft: it goes over too.
    let mut draft = crate::applicant::Applicant::new(house.town.clone(), holder.clone());
    draft.walk_to(Step::Confirm).await;
    let legal = opened(house, &holder.credit_code, &holder.legal_person_phone).await;
    let before = view(&legal, number).await;
    assert_eq!((before.orders, before.waiting), (2, None));
    assert!(before.agent_phone.contains("****"), "R150");
    // Wrong names and phones first.
    let same = send(&legal, number, json!({ "to": "new_agent", "phone": holder.agent_phone })).await;
    assert_eq!(same.fields(), [("new_phone".to_owned(), "agent_phone_same".to_owned())]);
    let form = json!({ "name": "", "phone": new_phone });
    let nameless = legal.call("agent/ask", json!({ "number": number, "form": form })).await;
    assert_eq!(nameless.fields()[0].0, "name");
    // Without the legal person's code nothing waits.
    let form =
        json!({ "name": "周明", "phone": new_phone, "new_agent_code": "", "legal_person_code": "000000" });
    let unapproved = legal.call("agent/ask", json!({ "number": number, "form": form })).await;
    assert_eq!(unapproved.refused(422), DeskError::Code(CodeRefusal::Gone));

    let waits: HandOverView = ask(house, &legal, number, &holder, &new_phone).await.given();
    let waiting = waits.waiting.expect("it waits");
    assert_eq!(waiting.ends_at.millis() - waiting.asked_at.millis(), DAY * 60_000);
    told(house, &holder.agent_phone, "24小时内可提出异议").await;
    house.town.outside.mail_about(&holder.email, "申请变更经办人").await;
    let form = json!({ "name": "周明", "phone": Organisation::made_up().agent_phone });
    let again = legal.call("agent/ask", json!({ "number": number, "form": form })).await;
    assert_eq!(again.refusal(), "hand_over_waits");
    // Until then the codes are the old agent's.
    let agent = opened(house, &holder.credit_code, &holder.agent_phone).await;
    assert_eq!(view(&agent, number).await.waiting.map(|it| it.ends_at), Some(waiting.ends_at));
    house.town.clock.forward_minutes(DAY - 10);
    match house.office.orders.hand_over(&only_one(house).await).await.unwrap() {
        Outcome::Later { at, .. } => assert_eq!(at, waiting.ends_at, "by the office's clock"),
        _ => panic!("ten minutes are left to object"),
    }
    assert!(!handed_over(house, number).await);
    house.town.clock.forward_minutes(11);
    until("the hand-over", || async { handed_over(house, number).await.then_some(()) }).await;
    // Messages go by the clock outside, which did not move.
    house.town.clock.forward_minutes(-DAY - 1);
    assert!(told_new_agent(house).await);
    // Who had it open is asked again; the old phone opens nothing, the new one all of it.
    let gone = agent.call("orders/view", json!({ "number": number })).await;
    assert_eq!(gone.refused(404), DeskError::NotFound);
    let new = new_opens_and_old_does_not(house, &holder, &new_phone).await;
    let numbers: Vec<String> = list(&new).await.into_iter().map(|line| line.number).collect();
    assert_eq!(numbers, [draft.number.clone(), number.to_owned()]);
    // What was confirmed is still what lies there, and the draft goes on.
    let seen: OrderView = new.call("orders/view", json!({ "number": draft.number })).await.given();
    assert_eq!(
        (seen.details.agent_name.as_str(), seen.details.agent_phone.as_str()),
        ("周明", new_phone.as_str())
    );
    let confirmed = json!({ "number": draft.number, "version": seen.version, "act": "confirm_order" });
    new.call("orders/act", confirmed).await.given::<OrderView>();
    codes_of_the_certificate_go_to(house, &holder, &new_phone).await;
    for number in [number, draft.number.as_str()] {
        house.journal_tells_the_row(number).await;
    }
}

async fn new_opens_and_old_does_not(house: &House, holder: &Organisation, new_phone: &str) -> Browser {
    let old = house.town.browser();
    let before = codes(house, &holder.agent_phone, "订单查询").await.len();
    let asked =
        json!({ "party": "organisation", "id_number": holder.credit_code, "phone": holder.agent_phone });
    sent(house, &old, "query/send", asked).await;
    let new = opened(house, &holder.credit_code, new_phone).await;
    let still = codes(house, &holder.agent_phone, "订单查询").await.len();
    assert_eq!(still, before, "and the page says the same (R126)");
    new
}

/// 挂失, 补办.
async fn codes_of_the_certificate_go_to(house: &House, holder: &Organisation, new_phone: &str) {
    let lost = house.town.browser();
    loser::send(&lost, &holder.credit_code).await.given::<CodeSent>();
    told(house, new_phone, "证书挂失补办").await;
    assert!(codes(house, &holder.agent_phone, "证书挂失补办").await.is_empty());
}

#[tokio::test]
async fn b11_an_objection_stops_it() {
    let (owner, holder, new_phone) = Box::pin(staffed()).await;
    let house = &owner.house;
    let number = owner.applicant.number.as_str();
    let legal = opened(house, &holder.credit_code, &holder.legal_person_phone).await;
    ask(house, &legal, number, &holder, &new_phone).await.given::<HandOverView>();
    let agent = opened(house, &holder.credit_code, &holder.agent_phone).await;
    let after: HandOverView = agent.call("agent/object", json!({ "number": number })).await.given();
    assert_eq!(after.waiting, None);
    told(house, &holder.legal_person_phone, "原经办人提出异议").await;
    assert_eq!(agent.call("agent/object", json!({ "number": number })).await.refusal(), "no_hand_over");
    house.town.clock.forward_minutes(DAY + 60);
    until("the errand to end", || async {
        let left = house.errands_left().await;
        left.iter().all(|(kind, ..)| kind != "hand_over").then_some(())
    })
    .await;
    house.town.clock.forward_minutes(-DAY - 60);
    assert!(!handed_over(house, number).await);
    let agent = opened(house, &holder.credit_code, &holder.agent_phone).await;
    assert_eq!(list(&agent).await.len(), 1, "the codes stay where they were");
    // The legal person may ask again.
    let legal = opened(house, &holder.credit_code, &holder.legal_person_phone).await;
    ask(house, &legal, number, &holder, &new_phone).await.given::<HandOverView>();
}

#[tokio::test]
async fn b11_nobody_approves_where_no_reviewed_order_names_the_legal_persons_phone() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Confirm).await;
    // A draft says what it likes: its own legal person's phone approves nothing.
    let seen = view(&applicant.browser, &applicant.number).await;
    assert_eq!(seen.legal_person_phone, None);
    let refused = send(&applicant.browser, &applicant.number, json!({ "to": "legal_person" })).await;
    assert_eq!(refused.refusal(), "legal_person_unknown");
}
