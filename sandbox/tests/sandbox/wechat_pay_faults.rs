//! The fault switches, shown on WeChat Pay.

use std::time::Duration;

use serde_json::json;

use crate::{
    office::Office,
    outside::{Outside, until},
    shop::{Shop, now},
};

#[tokio::test]
async fn forged_stale_and_tampered_notices_are_what_they_say() {
    let (outside, office) = (Outside::start_at_speed("0.001"), Office::open(&[(200, "")]).await);
    let shop = Shop(&outside);
    for number in ["WXFORGED", "WXSTALE0", "WXTAMPER"] {
        shop.create(number, 100, &office.url).await;
    }
    outside.faults(json!({ "only": "WXFORGED", "wechat_pay": { "notice_forged": true } })).await;
    outside.faults(json!({ "only": "WXSTALE0", "wechat_pay": { "notice_stale": true } })).await;
    outside.faults(json!({ "only": "WXTAMPER", "wechat_pay": { "notice_tampered_amount": true } })).await;

    outside.pay("WXFORGED").await;
    let forged = office.next().await;
    assert!(!shop.signed_by_platform(&forged.headers, &forged.body));

    outside.pay("WXSTALE0").await;
    let stale = office.next().await;
    assert!(shop.signed_by_platform(&stale.headers, &stale.body));
    assert!(stale.header("wechatpay-timestamp").parse::<i64>().unwrap() < now() - 300);

    outside.pay("WXTAMPER").await;
    let tampered = office.next().await;
    assert!(shop.signed_by_platform(&tampered.headers, &tampered.body));
    assert_eq!(shop.open(&tampered).1["amount"]["total"], 101);
    assert_eq!(shop.query("WXTAMPER").await.json()["amount"]["total"], 100);
}

#[tokio::test]
async fn copies_come_together_and_a_dropped_notice_comes_on_demand() {
    let (outside, office) = (Outside::start_at_speed("0.001"), Office::open(&[(200, "")]).await);
    let shop = Shop(&outside);
    shop.create("WX000001", 100, &office.url).await;
    outside.faults(json!({ "wechat_pay": { "notice_copies": 2 } })).await;
    outside.pay("WX000001").await;
    let bodies = [office.next().await.body, office.next().await.body, office.next().await.body];
    assert!(bodies.iter().all(|body| body.contains("TRANSACTION.SUCCESS")));

    outside.faults(json!({ "clear": true, "wechat_pay": { "notice_dropped": true } })).await;
    shop.create("WX000002", 100, &office.url).await;
    outside.pay("WX000002").await;
    until(async || {
        let history = outside.control("history?about=WX000002").await;
        history["entries"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["verdict"] == "dropped by fault switch")
            .then_some(())
    })
    .await;
    assert!(office.is_quiet().await);
    outside.faults(json!({ "clear": true })).await;
    assert_eq!(outside.tell("notices/again", json!({ "out_trade_no": "WX000002" })).await.1["sent"], 1);
    assert_eq!(shop.open(&office.next().await).1["out_trade_no"], "WX000002");
}

#[tokio::test]
async fn a_notice_can_overtake_the_answer() {
    let (outside, office) = (Outside::start(), Office::open(&[(200, "")]).await);
    outside.faults(json!({ "wechat_pay": { "notice_before_answer": true } })).await;
    let shop = Shop(&outside);
    shop.create("WX000001", 100, &office.url).await;
    assert!(!office.is_quiet().await, "when the answer is there the notice already was");
    assert_eq!(shop.query("WX000001").await.json()["trade_state"], "SUCCESS");
}

#[tokio::test]
async fn answers_break_as_often_as_told() {
    let outside = Outside::start();
    let shop = Shop(&outside);
    outside
        .faults(
            json!({ "wechat_pay": { "answer": { "fault": "server_error", "on": ["query"], "count": 1 } } }),
        )
        .await;
    shop.create("WX000001", 100, "http://127.0.0.1:1/n").await;
    assert_eq!(shop.query("WX000001").await.status, 500);
    assert_eq!(shop.query("WX000001").await.status, 200);

    outside.faults(json!({ "wechat_pay": { "answer": { "fault": "bad_signature" } } })).await;
    let unsound = shop.query("WX000001").await;
    assert_eq!((unsound.status, unsound.genuine), (200, false));

    outside.faults(json!({ "wechat_pay": { "answer": { "fault": "too_many" } } })).await;
    let many = shop.query("WX000001").await;
    assert_eq!((many.status, &many.json()["code"]), (429, &json!("FREQUENCY_LIMITED")));
}

#[tokio::test]
async fn a_timeout_after_the_effect_leaves_the_trade_behind() {
    let outside = Outside::start();
    let shop = Shop(&outside);
    outside
        .faults(json!({ "wechat_pay": { "answer": { "fault": "timeout_after_effect", "on": ["create"] } } }))
        .await;
    let order = shop.order("WX000001", 100, "http://127.0.0.1:1/n");
    let waiting = shop.ask("POST", "/v3/pay/transactions/native", &order);
    assert!(tokio::time::timeout(Duration::from_millis(500), waiting).await.is_err());
    assert_eq!(shop.query("WX000001").await.json()["trade_state"], "NOTPAY");
}

#[tokio::test]
async fn an_unknown_switch_is_refused_and_changes_nothing() {
    let outside = Outside::start();
    let (status, _) =
        outside.tell("faults", json!({ "wechat_pay": { "notice_forged": true, "notice_lost": true } })).await;
    assert_eq!(status, 400);
    assert_eq!(outside.control("faults").await["everywhere"]["wechat_pay"]["notice_forged"], false);
}

#[tokio::test]
async fn a_closed_trade_can_be_paid_by_force_as_when_both_cross() {
    let (outside, office) = (Outside::start(), Office::open(&[(200, "")]).await);
    let shop = Shop(&outside);
    shop.create("WX000001", 100, &office.url).await;
    let body = json!({ "mchid": outside.setting("wechat_pay.mch_id") }).to_string();
    shop.ask("POST", "/v3/pay/transactions/out-trade-no/WX000001/close", &body).await;
    let pay = json!({ "code_or_out_trade_no": "WX000001", "force": true, "amount_fen": 99 });
    assert_eq!(outside.tell("pay", pay).await.0, 200);
    assert_eq!(shop.open(&office.next().await).1["amount"]["total"], 99);
}
