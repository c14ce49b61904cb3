//! What an applicant follows after the review: the password, the invoice once more, the parcel; and the way out (R123, R142,
//! R149, R152, B24, B27).

use crate::applicant::Applicant;
use crate::house::House;
use crate::review::usual;
use crate::town::Streets;
use crate::workbench::Workbench;
use app::desk::DeskError;
use app::desk::error::CodeRefusal;
use app::desk::follow_up::{Delivery, WithdrawReason};
use app::desk::orders::{CodeSent, OrderView};
use app::desk::parcels::{ParcelLine, ScanState};
use journey::order::{RefundState, Standing};
use journey::step::Step;
use reqwest::Method;
use serde_json::{Value, json};

/// What the carrier posts to the office; a stranger could as well.
async fn report(house: &House, carrier: &str, reports: Value) -> u16 {
    let browser = house.town.browser();
    let request = browser.bare(Method::POST, &format!("/notify/sms/{carrier}"));
    browser.send(request.header("content-type", "application/json").body(reports.to_string())).await.status
}

async fn deliveries(applicant: &mut Applicant) -> Vec<Delivery> {
    let passcode = applicant.see().await.passcode.unwrap();
    passcode.sendings.iter().map(|sending| sending.delivery).collect()
}

async fn again(applicant: &Applicant) -> crate::answer::Answer {
    applicant.browser.call("orders/passcode/again", json!({ "number": applicant.number })).await
}

/// For what was sent; the carrier would not believe a clock that is so far ahead.
async fn five_minutes_pass(house: &House) {
    let passed = house.office.ground.store.write(|tx| {
        Box::pin(async move {
            sqlx::query("UPDATE texts SET sent_at = sent_at - 300000").execute(tx).await?;
            Ok::<_, server::store::StoreError>(())
        })
    });
    passed.await.unwrap();
}

#[tokio::test]
async fn b27_r149_the_password_is_followed_and_sent_again_so_often() {
    let (house, mut applicant) = usual().await;
    // The carrier's own limits go by the real time.
    house.town.outside.faults(json!({ "sms": { "limits_lifted": true } })).await;
    assert_eq!(applicant.see().await.passcode, None);
    assert_eq!(again(&applicant).await.refusal(), "not_here", "there is none yet");
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let phone = applicant.holder.legal_person_phone.clone();
    let first = house.town.outside.messages_of(&phone, "passcode", 1).await.remove(0);
    assert_eq!(deliveries(&mut applicant).await, [Delivery::Sent]);

    // Nonsense and messages of others change nothing; the carrier is told that it was heard.
    assert_eq!(report(&house, "tencent", json!({})).await, 400);
    assert_eq!(report(&house, "nobody", json!([])).await, 400);
    assert_eq!(report(&house, "tencent", json!([{ "sid": "1:2", "report_status": "SUCCESS" }])).await, 200);
    assert_eq!(deliveries(&mut applicant).await, [Delivery::Sent]);
    let failed = json!([{ "sid": first.serial, "report_status": "FAIL", "errmsg": "UNDELIV" }]);
    assert_eq!(report(&house, "tencent", failed).await, 200);
    assert_eq!(deliveries(&mut applicant).await, [Delivery::Failed]);
    // The first report counts: another one under the same number is not the carrier's.
    report(&house, "tencent", json!([{ "sid": first.serial, "report_status": "SUCCESS" }])).await;
    assert_eq!(deliveries(&mut applicant).await, [Delivery::Failed]);

    assert!(matches!(again(&applicant).await.refused(429), DeskError::SlowDown { retry_after_s: 1..=300 }));
    for sent in 2..=4 {
        five_minutes_pass(&house).await;
        again(&applicant).await.given::<OrderView>();
        // Twice pressed is once sent.
        again(&applicant).await;
        let all = house.town.outside.messages_of(&phone, "passcode", sent).await;
        assert_eq!(
            (all.len(), &all[sent - 1].params),
            (sent, &first.params),
            "the same, by the same channel"
        );
        applicant
            .until("the message to be noted", |view| view.passcode.as_ref().unwrap().sendings.len() == sent)
            .await;
    }
    five_minutes_pass(&house).await;
    assert_eq!(again(&applicant).await.refusal(), "not_here", "four in all");
    assert_eq!(house.town.outside.messages_of(&applicant.holder.agent_phone, "passcode", 0).await.len(), 0);
    // R129: nowhere on the page.
    let page = applicant.browser.get(&format!("/orders/{}", applicant.number)).await.text();
    assert!(page.contains("未送达") && !page.contains(&first.params[0]), "{page}");
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn r123_r152_the_invoice_goes_again_and_elsewhere_after_a_code() {
    let (house, mut applicant) = usual().await;
    let outside = &house.town.outside;
    outside.mail_about(&applicant.holder.email, "电子发票").await;
    let call = |function: &'static str, arguments: Value| applicant.browser.call(function, arguments);
    let number = json!({ "number": applicant.number });
    call("orders/invoice/again", number.clone()).await.given::<OrderView>();
    house.errands_rest().await;
    let mails = outside.mails(&applicant.holder.email).await;
    assert_eq!(mails.iter().filter(|mail| mail.subject.contains("电子发票")).count(), 2);

    let elsewhere = |mailbox: &str, code: &str| {
        let arguments = json!({ "number": applicant.number, "mailbox": mailbox, "code": code });
        call("orders/invoice/elsewhere", arguments)
    };
    let boss = "boss@example.cn";
    assert_eq!(elsewhere(boss, "000000").await.refused(422), DeskError::Code(CodeRefusal::Gone));
    let sent: CodeSent = call("orders/invoice/code", number.clone()).await.given();
    assert!(sent.masked_phone.contains("****"));
    let codes = outside.messages_of(&applicant.holder.agent_phone, "code", 2).await;
    let right = codes.last().unwrap().params[0].clone();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    assert_eq!(elsewhere(boss, wrong).await.refused(422), DeskError::Code(CodeRefusal::Wrong { left: 4 }));
    assert_eq!(elsewhere("no mailbox", &right).await.fields()[0].0, "email");
    let view: OrderView = elsewhere(boss, &right).await.given();
    assert_eq!(view.invoice.unwrap().copies[0].mailbox, "b****@example.cn");
    let mail = outside.mail_about(boss, "电子发票").await;
    assert!(outside.attachment(&mail, ".pdf").await.starts_with(b"%PDF-"));
    // Once: the code is used, and the reserved mailbox is what it was (R157).
    assert_eq!(elsewhere("other@example.cn", &right).await.refused(422), DeskError::Code(CodeRefusal::Gone));
    let form = server::details::open(&house.office.ground, &house.row(&applicant.number).await).unwrap();
    assert_eq!(form.email, applicant.holder.email);
    for _ in 0..3 {
        call("orders/invoice/again", number.clone()).await.given::<OrderView>();
    }
    assert!(
        matches!(call("orders/invoice/again", number).await.refused(429), DeskError::SlowDown { .. }),
        "five a day"
    );
    house.errands_rest().await;
    let copies = applicant.see().await.invoice.unwrap().copies;
    assert!(copies.len() == 5 && copies.iter().all(|copy| copy.sent_at.is_some()), "{copies:?}");
}

#[tokio::test]
async fn r034_b24_the_parcel_is_followed_and_never_goes_back() {
    let (house, mut applicant) = usual().await;
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let producer = house.producer().await;
    Workbench::set_up().await.make(&producer, &applicant.number).await;
    let track = |state: ScanState, place: &str| {
        let arguments = json!({ "number": applicant.number, "state": state, "place": place });
        producer.browser.call("dispatch/track", arguments)
    };
    assert_eq!(track(ScanState::Collected, "").await.refusal(), "not_here", "not shipped yet");
    producer.ship(&applicant.number, "顺丰速运", "SF1234567890").await.given::<()>();
    track(ScanState::InTransit, "北京转运中心").await.given::<()>();
    track(ScanState::InTransit, "广州转运中心").await.given::<()>();
    assert_eq!(track(ScanState::Collected, "").await.fields()[0].1, "parcel_was_further");
    let lines: Vec<ParcelLine> = producer.browser.call("dispatch/under_way", json!({})).await.given();
    assert_eq!(lines[0].last.as_ref().unwrap().place, "广州转运中心");
    track(ScanState::Delivered, "前台").await.given::<()>();
    assert_eq!(
        track(ScanState::OutForDelivery, "").await.fields()[0].1,
        "parcel_was_further",
        "签收 then 派件"
    );
    let scans = applicant.see().await.parcel.unwrap().scans;
    assert_eq!(
        scans.iter().map(|scan| (scan.state, scan.place.as_str())).collect::<Vec<_>>(),
        [
            (ScanState::Delivered, "前台"),
            (ScanState::InTransit, "广州转运中心"),
            (ScanState::InTransit, "北京转运中心")
        ]
    );
    applicant.receive().await.given::<OrderView>();
    let lines: Vec<ParcelLine> = producer.browser.call("dispatch/under_way", json!({})).await.given();
    assert!(lines.is_empty(), "it has arrived");
}

/// A53: what was invoiced is taken back by a document that its bookkeeper gets (R123).
async fn reversed_by_a_red_letter(house: &House, applicant: &mut Applicant) {
    let view = applicant
        .until("the red letter to be mailed", |view| {
            let invoice = view.invoice.as_ref();
            invoice.is_some_and(|invoice| invoice.reversed.is_some() && invoice.mailed_at.is_some())
        })
        .await;
    let invoice = view.invoice.unwrap();
    let red = invoice.reversed.unwrap().red.expect("a document");
    let outside = &house.town.outside;
    let mail = outside.mail_about(&applicant.holder.email, "红字电子发票").await;
    assert!(mail.text.contains(&red.number) && mail.text.contains(&invoice.number), "{}", mail.text);
    assert!(mail.text.contains("-280.00 元"), "{}", mail.text);
    let xml = applicant.browser.get(&red.xml_path).await;
    let text = xml.text();
    assert!(text.contains("<TotalTax-includedAmount>-280.00</TotalTax-includedAmount>"), "{text}");
    assert!(text.contains(&format!("被红冲蓝字发票号码 {}", invoice.number)), "{text}");
    assert_eq!(outside.attachment(&mail, ".xml").await, xml.body, "the same as was mailed");
    assert!(applicant.browser.get(&red.pdf_path).await.body.starts_with(b"%PDF-"));
    assert!(applicant.browser.get(&invoice.pdf_path).await.body.starts_with(b"%PDF-"), "the first stays");
    let stranger = house.town.browser().get(&red.pdf_path).await.status;
    assert!(matches!(stranger, 401 | 403 | 404), "{stranger}");
    // 重新发送 sends the red letter once more.
    let again = json!({ "number": applicant.number });
    applicant.browser.call("orders/invoice/again", again).await.given::<OrderView>();
    house.errands_rest().await;
    let mails = outside.mails(&applicant.holder.email).await;
    assert_eq!(mails.iter().filter(|mail| mail.subject.contains("红字电子发票")).count(), 2);
    // The page says so by itself.
    let page = applicant.browser.get(&format!("/orders/{}", applicant.number)).await.text();
    assert!(page.contains("已红冲") && page.contains(&red.number), "{page}");
}

#[tokio::test]
async fn r142_a54_an_order_is_withdrawn_with_a_reason_or_without_one_and_paid_back() {
    for reason in [Some(WithdrawReason::TooSlow), None] {
        let (house, mut applicant) = usual().await;
        // Withdrawn before it is made, there is no invoice, and nothing to take back.
        let mailed = |view: &OrderView| view.invoice.as_ref().is_some_and(|one| one.mailed_at.is_some());
        applicant.until("the invoice to be mailed", mailed).await;
        let arguments =
            json!({ "number": applicant.number, "version": applicant.see().await.version, "reason": reason });
        let view: OrderView = applicant.browser.call("orders/withdraw", arguments.clone()).await.given();
        assert_eq!(view.standing, Standing::Withdrawn);
        applicant.until("the money to be back", |view| view.refund == Some(RefundState::Done)).await;
        assert_eq!(applicant.browser.call("orders/withdraw", arguments).await.status, 409, "once");
        reversed_by_a_red_letter(&house, &mut applicant).await;
        let mut reader = house.office.ground.store.read().await.unwrap();
        let kept: Vec<String> =
            sqlx::query_scalar("SELECT reason FROM withdrawals").fetch_all(&mut *reader).await.unwrap();
        assert_eq!(kept, reason.map(|reason| reason.code().to_owned()).into_iter().collect::<Vec<_>>());
    }
}
