//! WeChat Pay v3 Native.

use serde_json::{Value, json};

use crate::{
    office::Office,
    outside::{Outside, until},
    shop::{Shop, now},
};

#[tokio::test]
async fn a_paid_trade_is_told_by_an_encrypted_and_signed_notice() {
    let (outside, office) = (Outside::start(), Office::open(&[(204, "")]).await);
    let shop = Shop(&outside);
    let code = shop.create("WX000001", 12_800, &office.url).await;
    assert_eq!(shop.query("WX000001").await.json()["trade_state"], "NOTPAY");

    outside.pay(&code).await;
    let notice = office.next().await;
    assert!(shop.signed_by_platform(&notice.headers, &notice.body));
    assert_eq!(notice.header("wechatpay-signature-type"), "WECHATPAY2-SHA256-RSA2048");
    let (event, told) = shop.open(&notice);
    assert_eq!((event.as_str(), &told["out_trade_no"]), ("TRANSACTION.SUCCESS", &json!("WX000001")));
    assert_eq!(told["amount"]["total"], 12_800);

    let asked = shop.query("WX000001").await;
    assert_eq!(asked.json()["trade_state"], "SUCCESS");
    assert_eq!(asked.json()["transaction_id"], told["transaction_id"]);
    let (status, again) = outside.tell("pay", json!({ "code_or_out_trade_no": code })).await;
    assert_eq!((status, &again["refused"]), (409, &json!("AlreadyPaid")));
}

#[tokio::test]
async fn a_wrong_signature_is_refused_in_the_vendors_form_and_without_effect() {
    let outside = Outside::start();
    let shop = Shop(&outside);
    let (signed, sent) =
        (shop.order("WX000001", 1, "http://127.0.0.1/n"), shop.order("WX000001", 2, "http://127.0.0.1/n"));
    let refused = shop.ask_as("POST", "/v3/pay/transactions/native", &signed, &sent, now(), "nonce-1").await;
    assert_eq!((refused.status, &refused.json()["code"]), (401, &json!("SIGN_ERROR")));
    assert_eq!(refused.json()["detail"]["field"], "signature");
    assert!(refused.genuine, "refusals are signed too");
    assert_eq!(shop.query("WX000001").await.json()["code"], "ORDER_NOT_EXIST");
}

#[tokio::test]
async fn a_replayed_or_old_request_is_refused() {
    let outside = Outside::start();
    let shop = Shop(&outside);
    let target =
        format!("/v3/pay/transactions/out-trade-no/WX1?mchid={}", outside.setting("wechat_pay.mch_id"));
    let first = shop.ask_as("GET", &target, "", "", now(), "once").await;
    assert_eq!(first.status, 404);
    let replayed = shop.ask_as("GET", &target, "", "", now(), "once").await;
    assert_eq!((replayed.status, &replayed.json()["code"]), (401, &json!("SIGN_ERROR")));
    let old = shop.ask_as("GET", &target, "", "", now() - 301, "twice").await;
    assert_eq!((old.status, &old.json()["code"]), (401, &json!("SIGN_ERROR")));
}

#[tokio::test]
async fn the_same_order_again_gives_a_new_code_and_kills_the_old_one() {
    let outside = Outside::start();
    let shop = Shop(&outside);
    let old = shop.create("WX000001", 100, "http://127.0.0.1:1/n").await;
    let new = shop.create("WX000001", 100, "http://127.0.0.1:1/n").await;
    assert_ne!(old, new);
    assert_eq!(outside.tell("pay", json!({ "code_or_out_trade_no": old })).await.0, 404);

    let other = shop
        .ask("POST", "/v3/pay/transactions/native", &shop.order("WX000001", 101, "http://127.0.0.1:1/n"))
        .await;
    assert_eq!((other.status, &other.json()["code"]), (400, &json!("INVALID_REQUEST")));

    outside.tell("clock", json!({ "ahead_seconds": 7201 })).await;
    let (status, late) = outside.tell("pay", json!({ "code_or_out_trade_no": new })).await;
    assert_eq!((status, &late["refused"]), (409, &json!("Expired")));
    assert_eq!(shop.query("WX000001").await.json()["trade_state"], "NOTPAY");
    outside.tell("clock", json!({ "ahead_seconds": 7 * 24 * 3600 })).await;
    assert_eq!(shop.query("WX000001").await.json()["trade_state"], "CLOSED");
}

#[tokio::test]
async fn closing_answers_an_empty_signed_204_and_never_closes_a_paid_trade() {
    let outside = Outside::start();
    let shop = Shop(&outside);
    let code = shop.create("WX000001", 100, "http://127.0.0.1:1/n").await;
    for _ in 0..2 {
        let closed = shop.close("WX000001").await;
        assert_eq!((closed.status, closed.body.as_str(), closed.genuine), (204, "", true));
    }
    assert_eq!(shop.query("WX000001").await.json()["trade_state"], "CLOSED");
    assert_eq!(outside.tell("pay", json!({ "code_or_out_trade_no": code })).await.1["refused"], "Closed");

    shop.create("WX000002", 100, "http://127.0.0.1:1/n").await;
    outside.pay("WX000002").await;
    let paid = shop.close("WX000002").await;
    assert_eq!((paid.status, &paid.json()["code"]), (400, &json!("ORDER_PAID")));
    assert_eq!(shop.close("WX000003").await.status, 404);
}

#[tokio::test]
async fn refunds_are_idempotent_bounded_and_told() {
    let (outside, office) = (Outside::start(), Office::open(&[(200, "")]).await);
    let shop = Shop(&outside);
    shop.create("WX000001", 100, "http://127.0.0.1:1/n").await;
    assert_eq!(shop.refund("WX000001", "R1", 30, 100, &office.url).await.status, 400);
    outside.pay("WX000001").await;

    let first = shop.refund("WX000001", "R1", 30, 100, &office.url).await;
    let again = shop.refund("WX000001", "R1", 30, 100, &office.url).await;
    assert_eq!(first.json()["refund_id"], again.json()["refund_id"]);
    assert_eq!(shop.refund("WX000001", "R1", 31, 100, &office.url).await.json()["code"], "INVALID_REQUEST");
    assert_eq!(shop.refund("WX000001", "R2", 71, 100, &office.url).await.json()["code"], "INVALID_REQUEST");

    let (event, told) = shop.open(&office.next().await);
    assert_eq!((event.as_str(), &told["amount"]["refund"]), ("REFUND.SUCCESS", &json!(30)));
    assert_eq!(shop.ask("GET", "/v3/refund/domestic/refunds/R1", "").await.json()["status"], "SUCCESS");
    assert_eq!(shop.query("WX000001").await.json()["trade_state"], "REFUND");

    outside.faults(json!({ "wechat_pay": { "refund_fails": true } })).await;
    shop.refund("WX000001", "R3", 70, 100, &office.url).await;
    assert_eq!(shop.open(&office.next().await).0, "REFUND.ABNORMAL");
}

#[tokio::test]
async fn fields_are_checked_strictly() {
    let outside = Outside::start();
    let shop = Shop(&outside);
    let good: Value = serde_json::from_str(&shop.order("WX000001", 1, "https://a.example/n")).unwrap();
    for (pointer, wrong, code) in [
        ("/appid", json!("wx0"), "APPID_MCHID_NOT_MATCH"),
        ("/out_trade_no", json!("short"), "PARAM_ERROR"),
        ("/amount/total", json!(0), "PARAM_ERROR"),
        ("/amount/currency", json!("USD"), "PARAM_ERROR"),
        ("/notify_url", json!("https://a.example/n?x=1"), "PARAM_ERROR"),
        ("/description", json!(""), "PARAM_ERROR"),
    ] {
        let mut body = good.clone();
        *body.pointer_mut(pointer).unwrap() = wrong;
        let refused = shop.ask("POST", "/v3/pay/transactions/native", &body.to_string()).await;
        assert_eq!((refused.status, &refused.json()["code"]), (400, &json!(code)), "{pointer}");
    }
}

#[tokio::test]
async fn a_notice_comes_again_with_the_same_id_until_it_is_acknowledged() {
    let (outside, office) = (Outside::start(), Office::open(&[(500, ""), (404, ""), (200, "")]).await);
    let shop = Shop(&outside);
    shop.create("WX000001", 100, &office.url).await;
    outside.pay("WX000001").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let event: Value = serde_json::from_str(&office.next().await.body).unwrap();
        ids.push(event["id"].clone());
    }
    assert!(ids[0] == ids[1] && ids[1] == ids[2]);
    let told = until(async || {
        let history = outside.control("history?about=WX000001").await;
        let verdicts: Vec<String> = history["entries"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["direction"] == "out")
            .map(|one| one["verdict"].as_str().unwrap().to_owned())
            .collect();
        (verdicts.len() == 3).then_some(verdicts)
    })
    .await;
    assert_eq!(told, ["not acknowledged", "not acknowledged", "ok"]);
}
