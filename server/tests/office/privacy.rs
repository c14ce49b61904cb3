//! A person's own data: who looked, what was agreed to, taking it back, and how long it is kept (B15, R142, R151, R160,
//! R161); and the reminders before a certificate ends (J34).

use crate::applicant::Applicant;
use crate::clerk::Clerk;
use crate::house::House;
use crate::review::usual;
use crate::town::Streets;
use crate::workbench::Workbench;
use app::desk::DeskError;
use app::desk::evidence::picture_path;
use app::desk::orders::OrderView;
use app::desk::privacy::PrivacyView;
use app::desk::production::JobView;
use app::desk::review::CaseView;
use journey::moment::Moment;
use journey::order::{RefundState, Standing};
use journey::step::Step;
use serde_json::json;
use server::clock::Clock;
use server::ground::Ground;
use server::orders::forget_kept;
use std::sync::Arc;

const DAY: i64 = 24 * 60;

async fn ledger(applicant: &Applicant) -> PrivacyView {
    applicant.browser.call("privacy/ledger", json!({ "number": applicant.number })).await.given()
}

/// An order whose certificate lies on its key, received.
async fn completed() -> (House, Applicant) {
    let (house, mut applicant) = usual().await;
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let producer = house.producer().await;
    Workbench::set_up().await.make(&producer, &applicant.number).await;
    producer.ship(&applicant.number, "顺丰速运", "SF1234567890").await.given::<()>();
    applicant.see().await;
    applicant.receive().await.given::<OrderView>();
    house.errands_rest().await;
    (house, applicant)
}

async fn number_of(house: &House, what: &str) -> i64 {
    let mut reader = house.office.ground.store.read().await.unwrap();
    sqlx::query_scalar(sqlx::AssertSqlSafe(what.to_owned())).fetch_one(&mut *reader).await.unwrap()
}

async fn write(house: &House, statement: String) {
    let written = house.office.ground.store.write(move |tx| {
        Box::pin(async move {
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(tx).await?;
            Ok::<_, server::store::StoreError>(())
        })
    });
    written.await.unwrap();
}

#[tokio::test]
async fn b15_every_look_of_the_staff_is_told_with_its_reason_and_no_name() {
    let (house, applicant) = usual().await;
    assert!(ledger(&applicant).await.looks.is_empty());
    let reviewer = house.reviewer().await;
    let case: CaseView = reviewer.claim(&applicant.number).await.given();
    assert_eq!(reviewer.reveal(&applicant.number, "").await.refusal(), "reason_missing", "R161");
    reviewer.reveal(&applicant.number, "核对法定代表人").await.given::<CaseView>();
    let file = case.evidence[0].file.clone().unwrap();
    assert_eq!(reviewer.browser.get(&picture_path(&file.id)).await.status, 200);
    // The applicant's own look is none.
    assert_eq!(applicant.browser.get(&picture_path(&file.id)).await.status, 200);

    let answer = applicant.browser.call("privacy/ledger", json!({ "number": applicant.number })).await;
    let view: PrivacyView = answer.given();
    let looks: Vec<(&str, &str, &str)> =
        view.looks.iter().map(|look| (look.role.as_str(), look.what.as_str(), look.why.as_str())).collect();
    let kind = case.evidence[0].kind.code();
    assert_eq!(
        looks,
        [("reviewer", kind, "review"), ("reviewer", "details", "核对法定代表人")],
        "newest first"
    );
    assert!(!answer.text().contains("shenhe"), "by role, not by name: {}", answer.text());
    assert_eq!((view.agreed.len(), view.withdrawn_at, view.kept_until), (1, None, None), "R151");
}

#[tokio::test]
async fn b15_whom_the_parcel_goes_to_is_read_by_who_ships_it_and_that_is_told() {
    let (house, mut applicant) = usual().await;
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let producer = house.producer().await;
    let job = json!({ "number": applicant.number });
    let before: JobView = producer.browser.call("production/job", job.clone()).await.given();
    assert_eq!(before.recipient, None, "nothing to ship yet");
    Workbench::set_up().await.make(&producer, &applicant.number).await;
    let told = |view: &PrivacyView| view.looks.iter().filter(|look| look.what == "recipient").count();
    assert_eq!(told(&ledger(&applicant).await), 0, "making the key shows nobody's address");
    let dispatcher = Clerk::sign_in(&house.town, "fahuo").await;
    let shown: JobView = dispatcher.browser.call("production/job", job).await.given();
    assert!(shown.recipient.is_some());
    let view = ledger(&applicant).await;
    let look = view.looks.iter().find(|look| look.what == "recipient").expect("told");
    assert_eq!((told(&view), look.role.as_str(), look.why.as_str()), (1, "dispatcher", "shipping"));
}

#[tokio::test]
async fn r142_consent_taken_back_before_production_ends_the_order_and_pays_back() {
    let (house, mut applicant) = usual().await;
    assert!(ledger(&applicant).await.ends_the_order, "said before");
    let version = applicant.see().await.version;
    let take_back = |version: i64| {
        let arguments = json!({ "number": applicant.number, "version": version });
        applicant.browser.call("privacy/withdraw", arguments)
    };
    assert_eq!(take_back(version - 1).await.refused(409), DeskError::Changed, "R158");
    assert_eq!(take_back(version).await.given::<OrderView>().standing, Standing::Withdrawn);
    assert!(ledger(&applicant).await.withdrawn_at.is_some());
    applicant.until("the money to be back", |view| view.refund == Some(RefundState::Done)).await;
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn r160_consent_taken_back_later_keeps_the_archive_and_the_archive_ends_after_five_years() {
    let (house, mut applicant) = completed().await;
    let view = ledger(&applicant).await;
    assert!(!view.ends_the_order);
    let version = applicant.see().await.version;
    let arguments = json!({ "number": applicant.number, "version": version });
    let after: OrderView = applicant.browser.call("privacy/withdraw", arguments).await.given();
    assert_eq!(after.standing, Standing::Completed);
    let files = "SELECT count(*) FROM evidence_files WHERE removed_at IS NULL";
    assert_eq!(number_of(&house, files).await, 3, "archive kept");

    // The clock is handed in: a minute before the five years are over, and after them.
    let until = view.kept_until.expect("the holder has a certificate");
    let ends = number_of(&house, "SELECT max(not_after) FROM certificates").await;
    assert!(until.millis() - ends >= 5 * 365 * DAY * 60_000, "five years at the least");
    let at = |moment: Moment| Ground { clock: Arc::new(At(moment)), ..house.office.ground.clone() };
    assert!(forget_kept(&at(until.plus_minutes(-1))).await.unwrap().is_empty());
    assert_eq!(number_of(&house, files).await, 3);
    let gone = forget_kept(&at(until.plus_minutes(1))).await.unwrap();
    assert_eq!((gone.len(), number_of(&house, files).await), (3, 0));
    assert!(house.row(&applicant.number).await.details.is_none());
    assert_eq!(number_of(&house, "SELECT files FROM removals").await, 3, "with a record");
    assert!(forget_kept(&at(until.plus_minutes(2))).await.unwrap().is_empty(), "once");
    house.office.evidence.forget_bytes(&gone).await;
    assert_eq!(std::fs::read_dir(house.town.data().join("evidence")).unwrap().count(), 0);
}

struct At(Moment);

impl Clock for At {
    fn now(&self) -> Moment {
        self.0
    }
}

#[tokio::test]
async fn j34_a_holder_is_reminded_once_a_threshold_and_not_after_the_certificate_is_no_longer_good() {
    let (house, applicant) = completed().await;
    let outside = &house.town.outside;
    outside.faults(json!({ "sms": { "limits_lifted": true } })).await;
    let post = &house.office.post;
    let ends_in = |minutes: i64| {
        let end = house.town.clock.now().plus_minutes(minutes).millis();
        write(&house, format!("UPDATE certificates SET not_after = {end}"))
    };
    ends_in(90 * DAY + 5).await;
    assert_eq!(post.remind_holders().await.unwrap(), 0, "not yet");
    ends_in(90 * DAY - 1).await;
    assert_eq!(post.remind_holders().await.unwrap(), 1);
    assert_eq!(post.remind_holders().await.unwrap(), 0, "once");
    let text = outside.messages_of(&applicant.holder.agent_phone, "expiring", 1).await.remove(0);
    assert!(text.text.contains("90"), "{}", text.text);
    assert!(!text.text.contains(&applicant.holder.name), "R141");
    let mail = outside.mail_about(&applicant.holder.email, "到期").await;
    let calendar = String::from_utf8(outside.attachment(&mail, ".ics").await).unwrap();
    assert!(
        calendar.starts_with("BEGIN:VCALENDAR\r\n") && calendar.contains("DTSTART;VALUE=DATE:"),
        "{calendar}"
    );
    // The office slept over thirty and fifteen days: the nearest alone is told.
    ends_in(6 * DAY).await;
    assert_eq!(post.remind_holders().await.unwrap(), 1);
    assert_eq!(post.remind_holders().await.unwrap(), 0);
    outside.messages_of(&applicant.holder.agent_phone, "expiring", 2).await;
    house.errands_rest().await;
    // The last day, and nothing once it is revoked, on hold, or has ended.
    for state in ["revoked", "on_hold"] {
        write(&house, format!("UPDATE certificates SET state = '{state}'")).await;
        ends_in(DAY - 5).await;
        assert_eq!(post.remind_holders().await.unwrap(), 0, "{state}");
    }
    write(&house, "UPDATE certificates SET state = 'active'".to_owned()).await;
    ends_in(-1).await;
    assert_eq!(post.remind_holders().await.unwrap(), 0, "it has ended");
    ends_in(DAY - 5).await;
    assert_eq!(post.remind_holders().await.unwrap(), 1);
    assert_eq!(outside.messages_of(&applicant.holder.agent_phone, "expiring", 3).await.len(), 3);
}
