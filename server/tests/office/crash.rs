//! kill -9 (I16): the office dies in the middle of everything, comes back, and the journey goes on. What was answered
//! stands; what was not is done or not done, never half.

use crate::answer::Answer;
use crate::applicant::{Applicant, EVIDENCE};
use crate::program::Program;
use crate::town::Streets;
use crate::workbench::Workbench;
use app::desk::orders::{CodeSent, OrderView};
use app::desk::production::{IssuedPair, JobView, Personalisation};
use app::desk::review::{CaseView, Verdict};
use journey::Calendar;
use journey::order::Standing;
use journey::payment::Channel;
use journey::replay::replay;
use journey::step::Step;
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use server::store::{self, Store};
use std::time::Duration;

/// Dies after this answer and comes back; the order stands as it was answered, or further on by the office's own work.
async fn dies(office: &mut Program, applicant: &mut Applicant, at: Step) {
    office.kill();
    office.start_again().await;
    let view = applicant.see().await;
    let reached = |step: Step| view.steps.iter().position(|one| one.step == step);
    let Standing::Open(now) = view.standing else { panic!("{:?}", view.standing) };
    assert!(reached(now) >= reached(at), "answered {}, stands at {}", at.code(), now.code());
}

/// What was sent before a death is sent again after it, and a carrier takes the same text once in half a minute.
async fn lift_the_carriers_limits(office: &Program) {
    office.town().outside.faults(json!({ "sms": { "limits_lifted": true } })).await;
}

#[tokio::test]
async fn i16_after_every_answer_the_office_dies_and_the_journey_goes_on() {
    let mut office = Program::open("").await;
    lift_the_carriers_limits(&office).await;
    let (reviewer, producer) = (office.reviewer().await, office.producer().await);
    let mut applicant = office.applicant();
    applicant.start().await.given::<String>();
    dies(&mut office, &mut applicant, Step::Details).await;
    let form = applicant.form().await;
    applicant.fill(&form).await.given::<OrderView>();
    dies(&mut office, &mut applicant, Step::Confirm).await;
    assert_eq!(applicant.see().await.details.agent_phone, form.agent_phone);
    applicant.confirm().await.given::<OrderView>();
    dies(&mut office, &mut applicant, Step::Evidence).await;
    applicant.upload_all().await;
    dies(&mut office, &mut applicant, Step::Evidence).await;
    applicant.submit().await.given::<OrderView>();
    dies(&mut office, &mut applicant, Step::PhoneCheck).await;
    applicant.send_code().await.given::<CodeSent>();
    dies(&mut office, &mut applicant, Step::PhoneCheck).await;
    let code = applicant.code_from_phone(1).await;
    applicant.check_code(&code).await.given::<OrderView>();
    dies(&mut office, &mut applicant, Step::Payment).await;
    let qr = applicant.qr(Channel::Alipay).await;
    dies(&mut office, &mut applicant, Step::Payment).await;
    assert_eq!(applicant.qr(Channel::Alipay).await, qr);
    // Paid while nobody is there: the provider repeats its notice, or the office asks.
    office.kill();
    applicant.town.outside.pay(&qr.code).await;
    office.start_again().await;
    applicant.until_at(Step::Review).await;
    dies(&mut office, &mut applicant, Step::Review).await;
    reviewer.pass(&applicant.number).await;
    dies(&mut office, &mut applicant, Step::Passcode).await;
    applicant.until_at(Step::Production).await;

    let mut bench = Workbench::set_up().await;
    producer.take(&applicant.number).await.given::<JobView>();
    let given: Personalisation = bench.ask(&producer, &applicant.number).await.given();
    let request = bench.personalise(&given).await;
    dies(&mut office, &mut applicant, Step::Production).await;
    let pair: IssuedPair = bench.hand_in(&producer, &applicant.number, Some(&request)).await.given();
    dies(&mut office, &mut applicant, Step::Production).await;
    bench.install(&pair).await;
    let proof = bench.read_back(&pair).await;
    bench.prove(&producer, &applicant.number, &proof).await.given::<JobView>();
    dies(&mut office, &mut applicant, Step::Dispatch).await;
    producer.ship(&applicant.number, "顺丰速运", "SF1234567890").await.given::<()>();
    dies(&mut office, &mut applicant, Step::Receipt).await;
    applicant.receive().await.given::<OrderView>();
    office.kill();
    office.start_again().await;
    assert_eq!(applicant.see().await.standing, Standing::Completed);
    whole(&office, &applicant).await;
}

/// What must hold of a whole journey, however often the office died.
async fn whole(office: &Program, applicant: &Applicant) {
    let outside = &applicant.town.outside;
    outside.mail_about(&applicant.holder.email, "电子发票").await;
    outside.messages_of(&applicant.holder.agent_phone, "shipped", 1).await;
    // A message may be sent twice by an office that died before it could write that it was sent, never another one.
    let sent = outside.messages_of(&applicant.holder.legal_person_phone, "passcode", 1).await;
    assert!(sent.iter().all(|sms| sms.params == sent[0].params), "{sent:?}");
    let trades = outside.trades().await;
    assert_eq!(trades.iter().filter(|trade| trade.state == "TRADE_SUCCESS").count(), 1, "{trades:?}");

    let store = Store::open(&office.town().data().join("office.db")).await.unwrap();
    let mut reader = store.read().await.unwrap();
    let row = store::orders::find_by_number(&mut reader, &applicant.number).await.unwrap().unwrap();
    let journal = store::journal::list(&mut reader, &row.id).await.unwrap();
    assert_eq!(replay(&journal, &Calendar::official()).unwrap(), row.order);
    assert_eq!(i64::try_from(journal.len()).unwrap(), row.version);
    assert!(row.order.surplus.is_empty(), "paid once");
    let states: Vec<(String,)> =
        sqlx::query_as("SELECT state FROM certificates ORDER BY slot").fetch_all(&mut *reader).await.unwrap();
    assert_eq!(states, [("active".to_owned(),), ("active".to_owned(),)], "I4");
    let invoices: Vec<(i64,)> =
        sqlx::query_as("SELECT amount FROM invoices").fetch_all(&mut *reader).await.unwrap();
    assert_eq!(invoices, [(28_000,)], "I18");
    drop(reader);
    let mut left: Vec<(String, i64, Option<String>)> = Vec::new();
    for _ in 0..400 {
        let open = "SELECT kind, tries, last_error FROM errands \
                    WHERE state <> 'done' AND kind NOT IN ('ask_provider', 'ask_courier')";
        let mut reader = store.read().await.unwrap();
        left = sqlx::query_as(open).fetch_all(&mut *reader).await.unwrap();
        if left.is_empty() {
            break;
        }
        drop(reader);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(left.is_empty(), "all is done but the questions to provider and courier: {left:?}");
    store.close().await;
}

/// A request, and a kill that meets it on the way. `None`: no answer came.
async fn cut_off(
    office: &mut Program,
    applicant: &Applicant,
    request: RequestBuilder,
    after_ms: u64,
) -> Option<Answer> {
    let answer = {
        let sending = applicant.browser.try_send(request);
        tokio::pin!(sending);
        tokio::select! {
            answer = &mut sending => answer.ok(),
            () = tokio::time::sleep(Duration::from_millis(after_ms)) => {
                office.kill();
                sending.await.ok()
            }
        }
    };
    office.kill();
    office.start_again().await;
    answer
}

/// Goes on by one step, however often the office dies on the way: later and later, so that each part of the work is met.
async fn struggle(
    office: &mut Program,
    applicant: &mut Applicant,
    next: Step,
    request: impl Fn(&Applicant) -> RequestBuilder,
) {
    for after_ms in [0, 1, 2, 4, 7, 12, 20, 40, 80] {
        let request = request(applicant);
        let answer = cut_off(office, applicant, request, after_ms).await;
        let view = applicant.see().await;
        let moved = view.standing == Standing::Open(next);
        match answer {
            Some(answer) if answer.status == 200 => assert!(moved, "answered, and lost at {}", next.code()),
            _ => {}
        }
        if moved {
            return;
        }
    }
    panic!("never came to {}", next.code());
}

fn function(applicant: &Applicant, name: &str, arguments: Value) -> RequestBuilder {
    let request = applicant.browser.ours(reqwest::Method::POST, &format!("/api/{name}"));
    request.header("content-type", "application/json").body(arguments.to_string())
}

#[tokio::test]
async fn i16_killed_in_the_middle_of_an_answer_a_step_is_taken_or_not_taken() {
    let mut office = Program::open("").await;
    lift_the_carriers_limits(&office).await;
    let mut applicant = office.applicant();
    applicant.start().await.given::<String>();
    let form = serde_json::to_value(applicant.form().await).unwrap();
    let act = |word: &'static str| {
        move |a: &Applicant| {
            function(a, "orders/act", json!({ "number": a.number, "version": a.version, "act": word }))
        }
    };
    let fill = |a: &Applicant| {
        function(a, "orders/details", json!({ "number": a.number, "version": a.version, "details": form }))
    };
    struggle(&mut office, &mut applicant, Step::Confirm, fill).await;
    struggle(&mut office, &mut applicant, Step::Evidence, act("confirm_order")).await;
    for kind in EVIDENCE {
        uploads(&mut office, &mut applicant, kind).await;
    }
    struggle(&mut office, &mut applicant, Step::PhoneCheck, act("submit_evidence")).await;
    applicant.send_code().await.given::<CodeSent>();
    let code = applicant.code_from_phone(1).await;
    let check =
        |a: &Applicant| function(a, "orders/phone/check", json!({ "number": a.number, "code": code }));
    struggle(&mut office, &mut applicant, Step::Payment, check).await;
    applicant.pay(Channel::Alipay).await;
    // The verdict, and with it the passcode's errands.
    let reviewer = office.reviewer().await;
    for after_ms in [0, 2, 5, 10, 30, 60] {
        let claimed = reviewer.claim(&applicant.number).await;
        if claimed.status != 200 {
            assert_eq!(claimed.refusal(), "not_here", "it is decided");
            break;
        }
        let case: CaseView = claimed.given();
        let verdict = json!({ "number": case.number, "version": case.version, "verdict": Verdict::Pass });
        let request = function(&applicant, "review/decide", verdict);
        let cookie = format!("certhall-staff={}", reviewer.browser.cookie("certhall-staff").unwrap());
        let request = request.header("cookie", cookie);
        let sent = tokio::spawn(request.send());
        tokio::time::sleep(Duration::from_millis(after_ms)).await;
        office.kill();
        let _ = sent.await;
        office.start_again().await;
    }
    applicant.until_at(Step::Production).await;
    let producer = office.producer().await;
    Workbench::set_up().await.make(&producer, &applicant.number).await;
    producer.ship(&applicant.number, "顺丰速运", "SF1234567890").await.given::<()>();
    applicant.until_at(Step::Receipt).await;
    let receive = act("confirm_receipt")(&applicant);
    let answer = cut_off(&mut office, &applicant, receive, 3).await;
    let view = applicant.see().await;
    if answer.is_some_and(|answer| answer.status == 200) {
        assert_eq!(view.standing, Standing::Completed);
    }
    if view.standing != Standing::Completed {
        applicant.receive().await.given::<OrderView>();
    }
    whole(&office, &applicant).await;
}

async fn uploads(office: &mut Program, applicant: &mut Applicant, kind: journey::evidence::EvidenceKind) {
    // Before, in and after the writing; the last ones for a machine that has other things to do.
    for after_ms in [1, 10, 40, 90, 200, 800, 3000] {
        let path = app::desk::evidence::upload_path(&applicant.number, kind);
        let request = applicant.browser.ours(reqwest::Method::POST, &path);
        let request = request.header("x-order-version", applicant.version).body(crate::picture::scan());
        let answer = cut_off(office, applicant, request, after_ms).await;
        let view = applicant.see().await;
        let file = view.evidence.iter().find(|one| one.kind == kind).and_then(|one| one.file.clone());
        assert!(file.is_some() || answer.is_none_or(|answer| answer.status != 200), "answered, and lost");
        if let Some(file) = file {
            // A name in the database has its bytes on the disk.
            let shown = applicant.browser.get(&app::desk::evidence::picture_path(&file.id)).await;
            assert_eq!((shown.status, shown.body.len() as u64), (200, file.bytes));
            return;
        }
    }
    panic!("never uploaded {}", kind.code());
}
