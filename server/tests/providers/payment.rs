//! What both channels must do alike. Each scene runs once for WeChat Pay and once for Alipay.

use super::notices::Mailbox;
use super::outside::{Outside, fresh, surroundings, until};
use journey::Fen;
use serde_json::json;
use server::outside::CallError;
use server::till::provider::alipay::Alipay;
use server::till::provider::wechat_pay::WechatPay;
use server::till::provider::{
    CloseOutcome, NewAttempt, NewRefund, NoticeError, NoticeFact, PayChannel, RefundFact, TradeFact,
};
use std::sync::Arc;

pub fn wechat_pay(outside: &Outside) -> Arc<dyn PayChannel> {
    Arc::new(WechatPay::new(&outside.settings("wechat_pay"), surroundings()).unwrap())
}

pub fn alipay(outside: &Outside) -> Arc<dyn PayChannel> {
    Arc::new(Alipay::new(&outside.settings("alipay"), surroundings()).unwrap())
}

type Open = fn(&Outside) -> Arc<dyn PayChannel>;
const BOTH: [(&str, Open); 2] = [("wechat_pay", wechat_pay), ("alipay", alipay)];

pub fn attempt(amount: i64, notify_url: &str) -> NewAttempt {
    NewAttempt {
        out_trade_no: fresh("P"),
        amount: Fen(amount),
        subject: "数字证书服务费 (新办) + 介质".to_owned(),
        expires_at: surroundings().now().plus_minutes(110),
        notify_url: notify_url.to_owned(),
    }
}

pub async fn pay(outside: &Outside, code: &str) {
    outside.post("pay", json!({ "code_or_out_trade_no": code })).await;
}

#[tokio::test]
async fn r130_a_payment_is_heard_of_by_notice_and_by_asking_alike() {
    for (_, open) in BOTH {
        let outside = Outside::start();
        let channel = open(&outside);
        let mut mailbox = Mailbox::open(channel.clone()).await;
        for amount in [1, 29, 110, 20_000, 1_000_000_000] {
            let attempt = attempt(amount, &mailbox.url);
            let qr = channel.create(&attempt).await.unwrap();
            pay(&outside, &qr.0).await;
            let notice = mailbox.next().await.unwrap();
            let NoticeFact::Payment { out_trade_no, transaction, amount: paid, at } = notice.fact else {
                panic!("{:?}", notice.fact);
            };
            assert_eq!((out_trade_no.as_str(), paid), (attempt.out_trade_no.as_str(), Fen(amount)));
            let asked = channel.query(&attempt.out_trade_no).await.unwrap();
            let TradeFact::Paid { transaction: t, amount: a, at: when, .. } = asked else {
                panic!("{asked:?}")
            };
            assert_eq!((t, a, when), (transaction, paid, at));
            assert!((surroundings().now().millis() - at.millis()).abs() < 10_000);
            assert_eq!(channel.close(&attempt.out_trade_no).await, Ok(CloseOutcome::AlreadyPaid));
        }
        assert!(mailbox.quiet_for(1500).await, "an acknowledged notice does not come again");
    }
}

#[tokio::test]
async fn a_trade_that_was_never_made_does_not_exist() {
    for (_, open) in BOTH {
        let outside = Outside::start();
        let channel = open(&outside);
        assert_eq!(channel.query(&fresh("P")).await, Ok(TradeFact::NotExist));
        assert_eq!(channel.query_refund(&fresh("P"), &fresh("R")).await, Ok(RefundFact::NotExist));
    }
}

#[tokio::test]
async fn forged_and_changed_notices_are_told_from_genuine_ones() {
    for (name, open) in BOTH {
        let outside = Outside::start();
        let channel = open(&outside);
        let mut mailbox = Mailbox::open(channel.clone()).await;

        outside.post("faults", json!({ name: { "notice_forged": true } })).await;
        let forged = attempt(100, &mailbox.url);
        pay(&outside, &channel.create(&forged).await.unwrap().0).await;
        let delivery = mailbox.next().await;
        assert!(matches!(delivery, Err(NoticeError::Unverified(_))), "{delivery:?}");

        // Genuinely signed over another amount: the till must compare, the client must tell.
        outside.post("faults", json!({ "clear": true, name: { "notice_tampered_amount": true } })).await;
        let changed = attempt(100, &mailbox.url);
        pay(&outside, &channel.create(&changed).await.unwrap().0).await;
        let amount = loop {
            // A late repetition of the forged one may come in between.
            let Ok(notice) = mailbox.next().await else { continue };
            match notice.fact {
                NoticeFact::Payment { out_trade_no, amount, .. } if out_trade_no == changed.out_trade_no => {
                    break amount;
                }
                _ => {}
            }
        };
        assert_eq!(amount, Fen(101));
    }
}

#[tokio::test]
async fn a_refused_notice_comes_again_and_a_doubled_one_is_the_same_event() {
    for (name, open) in BOTH {
        let outside = Outside::start();
        let channel = open(&outside);
        let mut mailbox = Mailbox::open(channel.clone()).await;
        outside.post("faults", json!({ name: { "notice_copies": 2 } })).await;
        let attempt = attempt(100, &mailbox.url);
        pay(&outside, &channel.create(&attempt).await.unwrap().0).await;
        let first = mailbox.next().await.unwrap();
        for _ in 0..2 {
            assert_eq!(mailbox.next().await.unwrap(), first);
        }
    }
}

#[tokio::test]
async fn a_refund_moves_money_once_however_often_it_is_asked_for() {
    for (name, open) in BOTH {
        let outside = Outside::start();
        let channel = open(&outside);
        let mut mailbox = Mailbox::open(channel.clone()).await;
        let attempt = attempt(20_000, &mailbox.url);
        pay(&outside, &channel.create(&attempt).await.unwrap().0).await;
        mailbox.next().await.unwrap();

        let refund = NewRefund {
            out_trade_no: attempt.out_trade_no.clone(),
            out_refund_no: fresh("R"),
            amount: Fen(5_001),
            total: Fen(20_000),
            reason: "审核未通过".to_owned(),
            notify_url: mailbox.url.clone(),
        };
        for _ in 0..2 {
            let fact = channel.refund(&refund).await.unwrap();
            assert!(matches!(fact, RefundFact::Processing | RefundFact::Succeeded { .. }), "{name} {fact:?}");
        }
        let amount = until("the refund", || async {
            match channel.query_refund(&refund.out_trade_no, &refund.out_refund_no).await.unwrap() {
                RefundFact::Succeeded { amount, .. } => Some(amount),
                fact => {
                    assert_eq!(fact, RefundFact::Processing);
                    None
                }
            }
        })
        .await;
        assert_eq!(amount, Fen(5_001));

        let NoticeFact::Refund { out_refund_no, fact: RefundFact::Succeeded { amount, .. }, .. } =
            mailbox.next().await.unwrap().fact
        else {
            panic!("{name}: the next notice is the refund's");
        };
        assert_eq!((out_refund_no, amount), (refund.out_refund_no.clone(), Fen(5_001)));

        let too_much = NewRefund { out_refund_no: fresh("R"), amount: Fen(15_000), ..refund.clone() };
        let refused = channel.refund(&too_much).await;
        assert!(matches!(refused, Err(CallError::Refused { .. })), "{name} {refused:?}");

        let rest = NewRefund { out_refund_no: fresh("R"), amount: Fen(14_999), ..refund };
        channel.refund(&rest).await.unwrap();
        until("all to be back", || async {
            (channel.query(&attempt.out_trade_no).await.unwrap() == TradeFact::Refunded).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_bad_answer_is_never_taken_for_one() {
    for (name, open) in BOTH {
        let outside = Outside::start();
        let channel = open(&outside);
        let spoiled = |fault: &str| json!({ "clear": true, name: { "answer": { "fault": fault } } });
        outside.post("faults", spoiled("server_error")).await;
        assert!(matches!(
            channel.create(&attempt(100, "http://127.0.0.1:1/n")).await,
            Err(CallError::Unknown(_))
        ));
        outside.post("faults", spoiled("html_page")).await;
        assert!(matches!(
            channel.create(&attempt(100, "http://127.0.0.1:1/n")).await,
            Err(CallError::Unknown(_))
        ));
        outside.post("faults", spoiled("too_many")).await;
        let busy = channel.create(&attempt(100, "http://127.0.0.1:1/n")).await;
        assert!(matches!(busy, Err(CallError::Again(_))), "{name} {busy:?}");
        outside.post("faults", spoiled("bad_signature")).await;
        let forged = channel.create(&attempt(100, "http://127.0.0.1:1/n")).await;
        assert!(matches!(forged, Err(CallError::Untrusted(_))), "{name} {forged:?}");
    }
}

/// Ten seconds each, for that is how long the clients wait: side by side.
#[tokio::test]
async fn an_answer_that_never_came_leaves_the_outcome_unknown_and_a_repetition_finds_the_trade() {
    tokio::join!(lost_answer("wechat_pay", wechat_pay), lost_answer("alipay", alipay));
}

async fn lost_answer(name: &str, open: Open) {
    let outside = Outside::start();
    let channel = open(&outside);
    outside
        .post("faults", json!({ name: { "answer": { "fault": "timeout_after_effect", "count": 1 } } }))
        .await;
    let attempt = attempt(100, "http://127.0.0.1:1/n");
    let lost = channel.create(&attempt).await;
    assert!(matches!(lost, Err(CallError::Unknown(_))), "{name} {lost:?}");
    let qr = channel.create(&attempt).await.unwrap();
    pay(&outside, &qr.0).await;
    assert!(matches!(channel.query(&attempt.out_trade_no).await, Ok(TradeFact::Paid { .. })));
}
