//! What the payment providers tell us: forged, for somebody else, twenty times, never, too early (R131, R147; threat 7).

use crate::house::House;
use crate::money::{BOTH, at_payment};
use crate::town::until;
use app::desk::orders::OrderView;
use journey::order::{RefundState, Standing};
use journey::payment::Channel;
use journey::step::Step;
use reqwest::Method;
use serde_json::json;
use server::outside::rsa::SigningKey;
use server::store::attempts::AttemptState;
use std::collections::BTreeMap;

/// The notice about this trade has been tried and was not acknowledged.
async fn notice_refused(house: &House, out_trade_no: &str) {
    until("a notice to be refused", || async {
        let history = house.town.outside.history(out_trade_no).await;
        history.iter().any(|e| e.direction == "out" && e.verdict == "not acknowledged").then_some(())
    })
    .await;
}

fn count(view: &OrderView, event: &str) -> usize {
    view.history.iter().filter(|line| line.event == event).count()
}

#[tokio::test]
async fn a_forged_notice_moves_nothing_and_the_genuine_one_does() {
    for channel in BOTH {
        let house = House::open().await;
        let outside = &house.town.outside;
        let mut applicant = at_payment(&house).await;
        outside.faults(json!({ channel.code(): { "notice_forged": true } })).await;
        let before = applicant.see().await;
        outside.pay(&applicant.qr(channel).await.code).await;
        let attempt = house.attempts(&applicant.number).await.remove(0);
        notice_refused(&house, &attempt.out_trade_no).await;
        assert_eq!(applicant.see().await, before, "{channel:?}: nothing has moved");
        // Its next repetition is genuine.
        outside.no_faults().await;
        assert_eq!(count(&applicant.until_at(Step::Review).await, "payment_received"), 1);
        house.journal_tells_the_row(&applicant.number).await;
    }
}

#[tokio::test]
async fn a_notice_for_another_merchant_is_not_ours() {
    let house = House::open().await;
    let outside = &house.town.outside;
    let mut applicant = at_payment(&house).await;
    outside.faults(json!({ "alipay": { "notice_dropped": true } })).await;
    let qr = applicant.qr(Channel::Alipay).await;
    let attempt = house.attempts(&applicant.number).await.remove(0);
    let genuine = BTreeMap::from([
        ("app_id", "2021000121684210"),
        ("seller_id", "2088102169481042"),
        ("notify_id", "2026112200222000000000000000000001"),
        ("trade_no", "2026112222001000000000000001"),
        ("trade_status", "TRADE_SUCCESS"),
        ("total_amount", "280.00"),
        ("gmt_payment", "2026-11-22 12:00:00"),
        ("out_trade_no", attempt.out_trade_no.as_str()),
    ]);
    let alipays_own = SigningKey::read(&outside.provider_file("alipay.pem")).unwrap();
    let send = async |form: &BTreeMap<&str, &str>| {
        let text = form.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form).append_pair("sign_type", "RSA2");
        body.append_pair("sign", &alipays_own.sign(text.as_bytes()));
        let request = applicant.browser.bare(Method::POST, "/notify/alipay");
        let request = request.header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        house.town.browser().send(request.body(body.finish())).await
    };
    // Alipay signs for all its merchants: the signature alone says nothing about whom the money is for.
    for (name, other) in [("app_id", "2021000199999999"), ("seller_id", "2088000000000000")] {
        let mut theirs = genuine.clone();
        theirs.insert(name, other);
        assert_eq!(send(&theirs).await.text(), "fail", "{name}");
        assert_eq!(applicant.view().await.given::<OrderView>().standing, Standing::Open(Step::Payment));
    }
    // Ours, but for nobody's order: kept, and nothing moves.
    let mut unknown = genuine.clone();
    unknown.insert("out_trade_no", "202611220000000000000000");
    assert_eq!(send(&unknown).await.text(), "success");
    assert_eq!(applicant.see().await.standing, Standing::Open(Step::Payment));
    assert_eq!(house.attempts(&applicant.number).await[0].state, AttemptState::Open);
    assert!(!qr.code.is_empty());
    for channel in ["transfer", "paypal"] {
        let request = applicant.browser.bare(Method::POST, &format!("/notify/{channel}")).body("{}");
        assert_eq!(applicant.browser.send(request).await.status, 404, "{channel}");
    }
}

#[tokio::test]
async fn r131_twenty_notices_at_once_and_one_again_count_once() {
    for channel in BOTH {
        let house = House::open().await;
        let outside = &house.town.outside;
        let mut applicant = at_payment(&house).await;
        outside.faults(json!({ channel.code(): { "notice_copies": 19 } })).await;
        applicant.pay(channel).await;
        let attempt = house.attempts(&applicant.number).await.remove(0);
        outside.no_faults().await;
        outside.notices_again(&attempt.out_trade_no).await;
        house.errands_rest().await;
        let history = outside.history(&attempt.out_trade_no).await;
        let notices: Vec<_> =
            history.iter().filter(|e| e.direction == "out" && e.action != "refund").collect();
        assert_eq!(notices.len(), 21, "{channel:?}");
        assert!(notices.iter().all(|notice| notice.verdict == "ok"), "each was acknowledged");
        let view = applicant.see().await;
        assert_eq!((count(&view, "payment_received"), view.refund), (1, Some(RefundState::Kept)));
        let letters = outside.mails(&applicant.holder.email).await;
        assert_eq!(letters.len(), 1, "one invoice: {letters:?}");
        house.journal_tells_the_row(&applicant.number).await;
    }
}

#[tokio::test]
async fn r147_a_lost_notice_loses_nothing() {
    for channel in BOTH {
        let house = House::open().await;
        house.town.outside.faults(json!({ channel.code(): { "notice_dropped": true } })).await;
        // The browser is closed: nobody asks but the office.
        let mut closed = at_payment(&house).await;
        house.town.outside.pay(&closed.qr(channel).await.code).await;
        house.town.clock.forward_s(21);
        closed.until_at(Step::Review).await;
        // 「我已支付」: the person asks.
        let mut impatient = at_payment(&house).await;
        let qr = impatient.qr(channel).await;
        let unpaid: OrderView = impatient.ask_payment().await.given();
        assert_eq!(unpaid.standing, Standing::Open(Step::Payment));
        house.town.outside.pay(&qr.code).await;
        house.town.clock.forward_s(4);
        let paid: OrderView = impatient.ask_payment().await.given();
        assert_eq!(paid.standing, Standing::Open(Step::Review), "{channel:?}");
        house.journal_tells_the_row(&impatient.number).await;
    }
}

#[tokio::test]
async fn r147_a_notice_may_come_before_the_qr() {
    for channel in BOTH {
        let house = House::open().await;
        let mut applicant = at_payment(&house).await;
        house.town.outside.faults(json!({ channel.code(): { "notice_before_answer": true } })).await;
        applicant.open_payment(channel).await;
        assert_eq!(count(&applicant.until_at(Step::Review).await, "payment_received"), 1);
    }
}
