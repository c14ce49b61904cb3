//! Money: notices that lie, come twice, late or never; amounts that differ; two channels at once (R131, R132, R145 to
//! R147).

use crate::applicant::Applicant;
use crate::house::House;
use crate::town::{Streets, until};
use app::desk::DeskError;
use app::desk::orders::OrderView;
use app::desk::payments::PaymentView;
use futures::future::join_all;
use journey::money::Fen;
use journey::order::{RefundState, Standing};
use journey::payment::Channel;
use journey::step::Step;
use reqwest::Method;
use serde_json::json;
use server::outside::rsa::SigningKey;
use server::store::attempts::AttemptState;
use std::collections::BTreeMap;

const BOTH: [Channel; 2] = [Channel::Alipay, Channel::WechatPay];

async fn at_payment(house: &House) -> Applicant {
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Payment).await;
    applicant
}

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

/// The trade as its provider keeps it: (state, given back).
async fn trade(house: &House, out_trade_no: &str) -> (String, i64) {
    let trades = house.town.outside.trades().await;
    let trade = trades.into_iter().find(|trade| trade.out_trade_no == out_trade_no).expect("such a trade");
    (trade.state, trade.refunded_fen)
}

/// Gone back whole, says the provider in its own words.
async fn given_back(house: &House, channel: Channel, out_trade_no: &str) {
    let wanted = match channel {
        Channel::Alipay => ("TRADE_CLOSED".to_owned(), 28_000),
        _ => ("REFUND".to_owned(), 0),
    };
    until("the money to be back", || async { (trade(house, out_trade_no).await == wanted).then_some(()) }).await;
    let refunds: Vec<_> = house.town.outside.history(out_trade_no).await;
    let asked = refunds.iter().filter(|e| e.direction == "in" && e.action == "refund").count();
    assert!(asked >= 1, "asked for by us");
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
        assert_eq!(send(&theirs).await.text(), "failure", "{name}");
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
        let notices: Vec<_> = history.iter().filter(|e| e.direction == "out" && e.action != "refund").collect();
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
async fn r131_r142_money_that_comes_after_the_order_ended_goes_back() {
    for channel in BOTH {
        let house = House::open().await;
        let outside = &house.town.outside;
        let mut applicant = at_payment(&house).await;
        let qr = applicant.qr(channel).await;
        let attempt = house.attempts(&applicant.number).await.remove(0);
        assert_eq!(applicant.withdraw().await.given::<OrderView>().standing, Standing::Withdrawn);
        outside.pay_all_the_same(&qr.code).await;
        let view = applicant.until("the refund", |view| view.refund == Some(RefundState::Done)).await;
        assert_eq!(view.standing, Standing::Withdrawn);
        assert!(view.paid.is_none() && view.invoice.is_none(), "it never counted");
        given_back(&house, channel, &attempt.out_trade_no).await;
        assert_eq!(house.attempts(&applicant.number).await[0].state, AttemptState::Surplus);
        let told = outside.messages_of(&applicant.holder.agent_phone, "notice", 2).await;
        let words: Vec<_> = told.iter().map(|sms| sms.params[1].as_str()).collect();
        assert!(words.contains(&"退款办理中") && words.contains(&"已退款"), "{words:?}");
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

#[tokio::test]
async fn r132_another_amount_is_frozen_and_counts_for_nothing() {
    for channel in BOTH {
        let house = House::open().await;
        let outside = &house.town.outside;
        let mut applicant = at_payment(&house).await;
        // Too much by the notice's word, and too little by the payer's.
        let over = applicant.qr(channel).await;
        outside.faults(json!({ channel.code(): { "notice_tampered_amount": true } })).await;
        outside.pay(&over.code).await;
        let frozen = async |count: usize| {
            until("the attempt to be frozen", || async {
                let attempts = house.attempts(&applicant.number).await;
                (attempts.len() == count && attempts[0].state == AttemptState::Mismatch).then_some(())
            })
            .await;
        };
        frozen(1).await;
        outside.no_faults().await;
        let short = applicant.qr(channel).await;
        assert_ne!(short.code, over.code, "a frozen attempt's QR is not shown again");
        outside.pay_other_amount(&short.code, 1).await;
        frozen(2).await;
        house.town.clock.forward_s(5);
        let view: OrderView = applicant.ask_payment().await.given();
        assert_eq!(view.standing, Standing::Open(Step::Payment));
        assert!(view.paid.is_none() && view.invoice.is_none());
        assert_eq!(view.price, Fen(28_000), "R145");
        // Nothing was given back either: a person decides.
        let asked = outside.history(&house.attempts(&applicant.number).await[0].out_trade_no).await;
        assert!(asked.iter().all(|e| e.action != "refund"));
        // The order itself goes on with the right amount.
        applicant.pay(channel).await;
        house.journal_tells_the_row(&applicant.number).await;
    }
}

#[tokio::test]
async fn r131_paid_by_both_channels_one_is_kept_and_one_goes_back() {
    for (first, second) in [(Channel::Alipay, Channel::WechatPay), (Channel::WechatPay, Channel::Alipay)] {
        let house = House::open().await;
        let outside = &house.town.outside;
        let mut applicant = at_payment(&house).await;
        let old = applicant.qr(first).await;
        let new = applicant.qr(second).await;
        tokio::join!(outside.pay(&new.code), outside.pay_all_the_same(&old.code));
        let view = applicant.until("one refund", |view| view.refund == Some(RefundState::Done)).await;
        assert_eq!(view.standing, Standing::Open(Step::Review));
        let order = house.row(&applicant.number).await.order;
        let kept = order.paid.expect("one counts");
        assert_eq!((kept.refund, order.surplus.len()), (RefundState::Kept, 1));
        let back = &order.surplus[0];
        assert_ne!(kept.channel, back.channel);
        given_back(&house, back.channel, &back.attempt).await;
        let states: Vec<_> = house.attempts(&applicant.number).await.iter().map(|a| a.state).collect();
        assert!(states.contains(&AttemptState::Paid) && states.contains(&AttemptState::Surplus), "{states:?}");
        let (state, refunded) = trade(&house, &kept.attempt).await;
        assert!(["TRADE_SUCCESS", "SUCCESS"].contains(&state.as_str()) && refunded == 0, "{state}");
        house.journal_tells_the_row(&applicant.number).await;
    }
}

#[tokio::test]
async fn r026_changing_the_channel_closes_the_other_attempt() {
    let house = House::open().await;
    let applicant = at_payment(&house).await;
    applicant.qr(Channel::WechatPay).await;
    let wechat_pay = house.attempts(&applicant.number).await.remove(0);
    let alipay = applicant.qr(Channel::Alipay).await;
    assert_eq!(alipay.channel, Channel::Alipay);
    until("the trade to be closed there", || async {
        (trade(&house, &wechat_pay.out_trade_no).await.0 == "CLOSED").then_some(())
    })
    .await;
    let open = async || {
        let attempts = house.attempts(&applicant.number).await;
        attempts.iter().filter(|attempt| attempt.state == AttemptState::Open).count()
    };
    assert_eq!(open().await, 1);
    // And back again: a third attempt, since a closed one cannot be paid.
    let again = applicant.qr(Channel::WechatPay).await;
    assert_eq!((again.channel, open().await), (Channel::WechatPay, 1));
    assert_eq!(house.attempts(&applicant.number).await.len(), 3);
    // A channel that this service does not offer (R106 has the converse).
    assert_eq!(applicant.open_payment(Channel::Transfer).await.refusal(), "channel_not_offered");
}

#[tokio::test]
async fn r146_a_payment_in_the_moment_of_changing_the_channel_counts() {
    let house = House::open().await;
    let mut applicant = at_payment(&house).await;
    house.town.outside.faults(json!({ "alipay": { "notice_dropped": true } })).await;
    house.town.outside.pay(&applicant.qr(Channel::Alipay).await.code).await;
    // The office asks before it makes another QR.
    assert_eq!(applicant.open_payment(Channel::WechatPay).await.refusal(), "nothing_due");
    assert_eq!(applicant.see().await.standing, Standing::Open(Step::Review));
    assert_eq!(house.attempts(&applicant.number).await.len(), 1);
}

#[tokio::test]
async fn r146_many_clicks_at_once_make_one_attempt() {
    for channel in BOTH {
        let house = House::open().await;
        let applicant = at_payment(&house).await;
        let tabs: Vec<_> = (0..8).map(|_| applicant.browser.copy()).collect();
        let wanted = json!({ "number": applicant.number, "channel": channel });
        let answers = join_all(tabs.iter().map(|tab| tab.call("payments/open", wanted.clone()))).await;
        let mut codes: Vec<String> = Vec::new();
        for answer in &answers {
            match answer.status {
                200 => codes.push(answer.given::<PaymentView>().code),
                // The other tab was first; the page asks again.
                _ => assert_eq!(answer.refused(409), DeskError::Changed),
            }
        }
        codes.dedup();
        assert_eq!(codes.len(), 1, "{channel:?}: the same QR for all who got one");
        assert_eq!(house.attempts(&applicant.number).await.len(), 1);
        assert_eq!(house.town.outside.trades().await.len(), 1);
        assert_eq!(applicant.qr(channel).await.code, codes[0]);
    }
}

#[tokio::test]
async fn r146_a_qr_is_replaced_before_its_end() {
    let house = House::open().await;
    let mut applicant = at_payment(&house).await;
    let old = applicant.qr(Channel::Alipay).await;
    let attempt = house.attempts(&applicant.number).await.remove(0);
    let minutes = (old.expires_at.millis() - attempt.opened_at.millis()) / 60_000;
    assert!((60..=120).contains(&minutes), "the providers kill theirs after two hours");
    // As if all but four minutes had passed: the outside world goes by the real time.
    let soon = attempt.opened_at.plus_minutes(4).millis();
    house.office.ground.store.write(move |tx| {
        Box::pin(async move {
            let made = sqlx::query("UPDATE attempts SET ends_at = $1 WHERE id = $2").bind(soon).bind(&attempt.id);
            made.execute(tx).await.map(drop).map_err(server::store::StoreError::from)
        })
    })
    .await
    .unwrap();
    let new = applicant.qr(Channel::Alipay).await;
    assert_ne!(new.code, old.code);
    assert!(new.expires_at > old.expires_at || new.expires_at.millis() - soon > 60 * 60_000);
    // Somebody paid the old one all the same, and then the new one: one counts.
    house.town.outside.pay_all_the_same(&old.code).await;
    applicant.until_at(Step::Review).await;
    house.town.outside.pay_all_the_same(&new.code).await;
    applicant.until("one refund", |view| view.refund == Some(RefundState::Done)).await;
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn r131_money_on_its_way_while_the_form_is_changed_is_kept() {
    let house = House::open().await;
    let mut applicant = at_payment(&house).await;
    let qr = applicant.qr(Channel::WechatPay).await;
    let back: OrderView = applicant.go_back().await.given();
    assert_eq!(back.standing, Standing::Open(Step::Details));
    house.town.outside.pay_all_the_same(&qr.code).await;
    let view = applicant.until("the money", |view| view.paid.is_some()).await;
    assert_eq!(view.standing, Standing::Open(Step::Details));
    // The rest of the way, and nothing is asked for twice.
    let form = applicant.form().await;
    applicant.fill(&form).await.given::<OrderView>();
    applicant.confirm().await.given::<OrderView>();
    applicant.submit().await.given::<OrderView>();
    house.town.clock.forward_s(60);
    applicant.send_code().await.given::<app::desk::orders::CodeSent>();
    let code = applicant.code_from_phone(2).await;
    let view: OrderView = applicant.check_code(&code).await.given();
    assert_eq!(view.standing, Standing::Open(Step::Review));
    assert_eq!(applicant.open_payment(Channel::Alipay).await.refusal(), "nothing_due");
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn a_provider_that_is_away_loses_nothing() {
    for channel in BOTH {
        let house = House::open().await;
        let mut applicant = at_payment(&house).await;
        let broken = json!({ channel.code(): { "answer": { "fault": "server_error" } } });
        house.town.outside.faults(broken).await;
        let away = applicant.open_payment(channel).await.refused(502);
        assert_eq!(away, DeskError::PartnerAway { partner: channel.code().into() });
        assert_eq!(applicant.see().await.standing, Standing::Open(Step::Payment));
        house.town.outside.no_faults().await;
        applicant.pay(channel).await;
        assert_eq!(house.attempts(&applicant.number).await.len(), 1, "the same attempt, asked for again");
    }
}
