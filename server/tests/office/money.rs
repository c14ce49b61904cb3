//! Money: late, of another amount, by two channels, at a QR's end, while the form is changed (R131, R132, R145, R146).

use crate::applicant::Applicant;
use crate::house::House;
use crate::town::{Streets, until};
use app::desk::DeskError;
use app::desk::orders::OrderView;
use app::desk::payments::PaymentView;
use futures::future::join_all;
use journey::money::Fen;
use journey::order::{Order, RefundState, Standing};
use journey::payment::Channel;
use journey::step::Step;
use serde_json::json;
use server::store::attempts::AttemptState;

pub const BOTH: [Channel; 2] = [Channel::Alipay, Channel::WechatPay];

pub async fn at_payment(house: &House) -> Applicant {
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Payment).await;
    applicant
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
    until("the money to be back", || async { (trade(house, out_trade_no).await == wanted).then_some(()) })
        .await;
    let refunds: Vec<_> = house.town.outside.history(out_trade_no).await;
    let asked = refunds.iter().filter(|e| e.direction == "in" && e.action == "refund").count();
    assert!(asked >= 1, "asked for by us");
}

/// The order once money that was too much has gone back.
async fn surplus_back(house: &House, number: &str) -> Order {
    until("what was too much to be back", || async {
        let order = house.row(number).await.order;
        order.surplus.iter().any(|paid| paid.refund == RefundState::Done).then_some(order)
    })
    .await
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
        let applicant = at_payment(&house).await;
        let old = applicant.qr(first).await;
        let new = applicant.qr(second).await;
        tokio::join!(outside.pay(&new.code), outside.pay_all_the_same(&old.code));
        let order = surplus_back(&house, &applicant.number).await;
        assert_eq!(order.standing, Standing::Open(Step::Review));
        let kept = order.paid.expect("one counts");
        assert_eq!((kept.refund, order.surplus.len()), (RefundState::Kept, 1));
        let back = &order.surplus[0];
        assert_ne!(kept.channel, back.channel);
        given_back(&house, back.channel, &back.attempt).await;
        let states: Vec<_> = house.attempts(&applicant.number).await.iter().map(|a| a.state).collect();
        assert!(
            states.contains(&AttemptState::Paid) && states.contains(&AttemptState::Surplus),
            "{states:?}"
        );
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
        let mut applicant = at_payment(&house).await;
        let tabs: Vec<_> = (0..8).map(|_| applicant.browser.copy()).collect();
        let wanted = json!({ "number": applicant.number, "channel": channel });
        let click = || join_all(tabs.iter().map(|tab| tab.call("payments/open", wanted.clone())));
        // While the provider is away nobody gets a QR; once it is back all ask for the same attempt's.
        let away = json!({ channel.code(): { "answer": { "fault": "server_error" } } });
        house.town.outside.faults(away).await;
        assert!(click().await.iter().all(|answer| matches!(answer.status, 409 | 502)));
        house.town.outside.no_faults().await;
        let answers = click().await;
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
        // And it is alive: a provider that is asked again for the same trade kills the QR of before.
        house.town.outside.pay(&codes[0]).await;
        applicant.until_at(Step::Review).await;
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
    house
        .office
        .ground
        .store
        .write(move |tx| {
            Box::pin(async move {
                let made = sqlx::query("UPDATE attempts SET ends_at = $1 WHERE id = $2")
                    .bind(soon)
                    .bind(&attempt.id);
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
    surplus_back(&house, &applicant.number).await;
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
