//! Alipay's gateway 1.0, asked by an app of the test's own making.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use time::{OffsetDateTime, UtcOffset, macros::format_description};

use crate::{
    office::{Notice, Office},
    outside::{Outside, rsa_sign, rsa_verifies},
};

struct App<'a>(&'a Outside);

impl App<'_> {
    /// The answer's inner object, when the signature over its raw text is genuine.
    async fn ask(&self, method: &str, content: Value, notify_url: &str) -> (Value, bool, String) {
        self.ask_tampered(method, content, notify_url, |_| {}).await
    }

    async fn ask_tampered(
        &self,
        method: &str,
        content: Value,
        notify_url: &str,
        tamper: impl FnOnce(&mut BTreeMap<&str, String>),
    ) -> (Value, bool, String) {
        let beijing = OffsetDateTime::now_utc().to_offset(UtcOffset::from_hms(8, 0, 0).unwrap());
        let form = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
        let mut params = BTreeMap::from([
            ("app_id", self.0.setting("alipay.app_id")),
            ("method", method.to_owned()),
            ("charset", "utf-8".to_owned()),
            ("sign_type", "RSA2".to_owned()),
            ("timestamp", beijing.format(&form).unwrap()),
            ("version", "1.0".to_owned()),
            ("biz_content", content.to_string()),
        ]);
        if !notify_url.is_empty() {
            params.insert("notify_url", notify_url.to_owned());
        }
        let text = params.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        params.insert("sign", rsa_sign(&self.0.file("alipay.app_key_file"), &text));
        tamper(&mut params);
        // System parameters in the query, the content in the body, as the Node SDK does.
        let content = params.remove("biz_content").unwrap();
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&params).finish();
        let url = format!("{}?{query}", self.0.setting("alipay.gateway_url"));
        let answer = self.0.client.post(url).form(&[("biz_content", content)]).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let body = answer.text().await.unwrap();

        let start = format!("{{\"{}_response\":", method.replace('.', "_"));
        let inner = body.strip_prefix(&start).unwrap();
        let (inner, sign) = inner.rsplit_once(",\"sign\":\"").unwrap();
        let sign = sign.strip_suffix("\"}").unwrap();
        let genuine = rsa_verifies(&self.0.file("alipay.alipay_key_file"), inner, sign);
        (serde_json::from_str(inner).unwrap(), genuine, inner.to_owned())
    }

    async fn precreate(&self, number: &str, yuan: &str, notify_url: &str) -> String {
        let content = json!({ "out_trade_no": number, "total_amount": yuan, "subject": "证书 & + % 费😀" });
        let (answer, genuine, _) = self.ask("alipay.trade.precreate", content, notify_url).await;
        assert_eq!((&answer["code"], genuine), (&json!("10000"), true), "{answer}");
        answer["qr_code"].as_str().unwrap().to_owned()
    }

    async fn code_of(&self, method: &str, content: Value) -> String {
        let (answer, genuine, _) = self.ask(method, content, "").await;
        assert!(genuine);
        answer["sub_code"].as_str().or(answer["code"].as_str()).unwrap().to_owned()
    }

    /// The fields of a notice and whether it is genuine.
    fn open(&self, notice: &Notice) -> (BTreeMap<String, String>, bool) {
        let mut fields: BTreeMap<String, String> =
            form_urlencoded::parse(notice.body.as_bytes()).into_owned().collect();
        let sign = fields.remove("sign").unwrap();
        fields.remove("sign_type");
        let text = fields.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        let genuine = rsa_verifies(&self.0.file("alipay.alipay_key_file"), &text, &sign);
        (fields, genuine)
    }
}

#[tokio::test]
async fn the_raw_text_of_the_answer_is_signed_with_its_escaped_slashes() {
    let outside = Outside::start();
    let content = json!({ "out_trade_no": "A1", "total_amount": "0.01", "subject": "费" });
    let (answer, genuine, raw) = App(&outside).ask("alipay.trade.precreate", content, "").await;
    assert!(genuine);
    assert!(raw.contains(r"https:\/\/qr.alipay.com\/"), "{raw}");
    assert!(answer["qr_code"].as_str().unwrap().starts_with("https://qr.alipay.com/"));
}

#[tokio::test]
async fn a_trade_comes_to_be_when_the_code_is_scanned() {
    let (outside, office) = (Outside::start(), Office::open(&[(200, "success")]).await);
    let app = App(&outside);
    let code = app.precreate("A1", "128.00", &office.url).await;
    let number = json!({ "out_trade_no": "A1" });
    assert_eq!(app.code_of("alipay.trade.query", number.clone()).await, "ACQ.TRADE_NOT_EXIST");
    assert_eq!(app.code_of("alipay.trade.close", number.clone()).await, "ACQ.TRADE_NOT_EXIST");

    let cashier = outside.client.get(format!("{}/scan", outside.http)).query(&[("code", &code)]);
    assert!(cashier.send().await.unwrap().text().await.unwrap().contains("¥128.00"));
    let (scanned, _, _) = app.ask("alipay.trade.query", number.clone(), "").await;
    assert_eq!(scanned["trade_status"], "WAIT_BUYER_PAY");

    outside.pay(&code).await;
    let (told, genuine) = app.open(&office.next().await);
    assert!(genuine);
    assert_eq!((told["trade_status"].as_str(), told["total_amount"].as_str()), ("TRADE_SUCCESS", "128.00"));
    assert_eq!(
        (&told["app_id"], &told["seller_id"]),
        (&outside.setting("alipay.app_id"), &outside.setting("alipay.seller_id"))
    );
    assert_eq!(told["subject"], "证书 & + % 费😀");
    assert_eq!(app.code_of("alipay.trade.close", number).await, "ACQ.TRADE_STATUS_ERROR");
}

#[tokio::test]
async fn a_scanned_unpaid_trade_closes_and_can_no_longer_be_paid() {
    let outside = Outside::start();
    let app = App(&outside);
    let code = app.precreate("A1", "1.00", "").await;
    outside.client.get(format!("{}/scan", outside.http)).query(&[("code", &code)]).send().await.unwrap();
    assert_eq!(app.code_of("alipay.trade.close", json!({ "out_trade_no": "A1" })).await, "10000");
    assert_eq!(outside.tell("pay", json!({ "code_or_out_trade_no": code })).await.1["refused"], "Closed");
}

#[tokio::test]
async fn a_code_dies_and_a_scanned_trade_closes_when_their_time_is_over() {
    let outside = Outside::start();
    let app = App(&outside);
    let content = json!({ "out_trade_no": "A1", "total_amount": "1.00", "subject": "费", "qr_code_timeout_express": "5m", "timeout_express": "10m" });
    let (made, _, _) = app.ask("alipay.trade.precreate", content.clone(), "").await;
    let scan = json!({ "code_or_out_trade_no": made["qr_code"] });
    outside.tell("clock", json!({ "ahead_seconds": 301 })).await;
    assert_eq!(outside.tell("pay", scan).await.1["refused"], "Expired");

    let (again, _, _) = app.ask("alipay.trade.precreate", content, "").await;
    assert_ne!(again["qr_code"], made["qr_code"]);
    let page = outside
        .client
        .get(format!("{}/scan", outside.http))
        .query(&[("code", again["qr_code"].as_str().unwrap())]);
    page.send().await.unwrap();
    let number = json!({ "out_trade_no": "A1" });
    assert_eq!(app.ask("alipay.trade.query", number.clone(), "").await.0["trade_status"], "WAIT_BUYER_PAY");
    outside.tell("clock", json!({ "ahead_seconds": 600 })).await;
    assert_eq!(app.ask("alipay.trade.query", number, "").await.0["trade_status"], "TRADE_CLOSED");
}

#[tokio::test]
async fn a_tampered_request_gets_invalid_signature_and_no_effect() {
    let outside = Outside::start();
    let app = App(&outside);
    let content = json!({ "out_trade_no": "A1", "total_amount": "100.00", "subject": "费" });
    let (refused, genuine, _) = app
        .ask_tampered("alipay.trade.precreate", content, "", |params| {
            let cheaper = params["biz_content"].replace("100.00", "1.00");
            params.insert("biz_content", cheaper);
        })
        .await;
    assert!(genuine);
    assert_eq!((&refused["code"], &refused["sub_code"]), (&json!("40002"), &json!("isv.invalid-signature")));
    assert_eq!(outside.tell("pay", json!({ "code_or_out_trade_no": "A1" })).await.0, 404);
}

#[tokio::test]
async fn only_the_seven_bytes_success_end_the_notices() {
    let (outside, office) = (
        Outside::start_at_speed("5000"),
        Office::open(&[(200, "SUCCESS"), (200, "success\n"), (200, "success")]).await,
    );
    let app = App(&outside);
    app.precreate("A1", "1.10", &office.url).await;
    outside.pay("A1").await;
    let ids = [office.next().await, office.next().await, office.next().await]
        .map(|one| app.open(&one).0["notify_id"].clone());
    assert!(ids[0] == ids[1] && ids[1] == ids[2]);
}

#[tokio::test]
async fn refunds_add_up_and_are_told_to_the_same_address() {
    let (outside, office) = (Outside::start(), Office::open(&[(200, "success")]).await);
    let app = App(&outside);
    app.precreate("A1", "1.10", &office.url).await;
    outside.pay("A1").await;
    office.next().await;
    let refund = |number: &str, yuan: &str| json!({ "out_trade_no": "A1", "refund_amount": yuan, "out_request_no": number });

    let (part, _, _) = app.ask("alipay.trade.refund", refund("q1", "0.29"), "").await;
    assert_eq!((&part["fund_change"], &part["refund_fee"]), (&json!("Y"), &json!("0.29")));
    let (again, _, _) = app.ask("alipay.trade.refund", refund("q1", "0.29"), "").await;
    assert_eq!((&again["fund_change"], &again["refund_fee"]), (&json!("N"), &json!("0.29")));
    let (told, genuine) = app.open(&office.next().await);
    assert!(genuine && told.contains_key("gmt_refund"));
    assert_eq!((told["trade_status"].as_str(), told["out_biz_no"].as_str()), ("TRADE_SUCCESS", "q1"));

    assert_eq!(
        app.code_of("alipay.trade.refund", refund("q1", "0.30")).await,
        "ACQ.DISCORDANT_REPEAT_REQUEST"
    );
    assert_eq!(
        app.code_of("alipay.trade.refund", refund("q2", "0.82")).await,
        "ACQ.REASON_TRADE_REFUND_FEE_ERR"
    );
    let (rest, _, _) = app.ask("alipay.trade.refund", refund("q3", "0.81"), "").await;
    assert_eq!(rest["refund_fee"], "1.10");
    assert_eq!(app.open(&office.next().await).0["trade_status"], "TRADE_CLOSED");

    let (asked, _, _) = app
        .ask("alipay.trade.fastpay.refund.query", json!({ "out_trade_no": "A1", "out_request_no": "q1" }), "")
        .await;
    assert_eq!(
        (&asked["refund_status"], &asked["refund_amount"]),
        (&json!("REFUND_SUCCESS"), &json!("0.29"))
    );
    let (unknown, _, _) = app
        .ask("alipay.trade.fastpay.refund.query", json!({ "out_trade_no": "A1", "out_request_no": "q9" }), "")
        .await;
    assert_eq!((&unknown["code"], &unknown["refund_status"]), (&json!("10000"), &Value::Null));
}

#[tokio::test]
async fn forged_notices_and_badly_signed_answers_do_not_verify() {
    let (outside, office) = (Outside::start_at_speed("0.001"), Office::open(&[(200, "success")]).await);
    let app = App(&outside);
    app.precreate("A1", "1.00", &office.url).await;
    outside
        .faults(json!({ "alipay": { "notice_forged": true, "answer": { "fault": "bad_signature" } } }))
        .await;
    outside.pay("A1").await;
    assert!(!app.open(&office.next().await).1);
    let (_, genuine, _) = app.ask("alipay.trade.query", json!({ "out_trade_no": "A1" }), "").await;
    assert!(!genuine);
}
