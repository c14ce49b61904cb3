use super::*;
use crate::outside::testing::{NOW, key, surroundings};
use crate::till::provider::NoticeFact;
use journey::Fen;

const NOTICE: &str = include_str!("../../../../tests/providers/vectors/wechat_notice.json");
const NOTICE_SIGNATURE: &str = include_str!("../../../../tests/providers/vectors/wechat_notice.signature");
const REFUND_NOTICE: &str = include_str!("../../../../tests/providers/vectors/wechat_refund_notice.json");
const REQUEST_SIGNATURE: &str = include_str!("../../../../tests/providers/vectors/wechat_request.signature");

fn settings() -> WechatPaySettings {
    WechatPaySettings {
        base_url: "http://127.0.0.1:1".to_owned(),
        app_id: "wx0123456789abcdef".to_owned(),
        mch_id: "1600000001".to_owned(),
        merchant_serial: "5157F09EFDC096DE15EBE81A47057A7232F1B8E1".to_owned(),
        merchant_key_file: key("ours_private.pem"),
        platform_key_id: "PUB_KEY_ID_0116000000012024".to_owned(),
        platform_key_file: key("theirs_public.pem"),
        api_v3_key_file: key("api_v3_key.txt"),
    }
}

fn client() -> WechatPay {
    WechatPay::new(&settings(), surroundings()).unwrap()
}

/// The headers that WeChat sends, with this signature.
fn headers(signature: &str) -> Vec<(String, String)> {
    [
        ("Wechatpay-Timestamp", "1795335480"),
        ("Wechatpay-Nonce", "EpQ9zNjWeS6o"),
        ("Wechatpay-Signature", signature),
        ("Wechatpay-Serial", "PUB_KEY_ID_0116000000012024"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// Signs as WeChat would, for bodies that have no independent vector.
fn signed(body: &str) -> Vec<(String, String)> {
    let theirs = SigningKey::read(&key("theirs_private.pem")).unwrap();
    headers(&theirs.sign(format!("1795335480\nEpQ9zNjWeS6o\n{body}\n").as_bytes()))
}

#[test]
fn the_request_signature_equals_an_independent_one() {
    let header = signature::Authorization {
        mch_id: "1600000001",
        serial: "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
        nonce: "593BEC0C930BF1AFEB40B4A08C8FB242",
        timestamp: 1_795_335_480,
    }
    .header(
        &client().merchant_key,
        "POST",
        "/v3/pay/transactions/native",
        r#"{"amount":{"currency":"CNY","total":20000}}"#,
    );
    assert_eq!(
        header,
        format!(
            r#"WECHATPAY2-SHA256-RSA2048 mchid="1600000001",nonce_str="593BEC0C930BF1AFEB40B4A08C8FB242",signature="{REQUEST_SIGNATURE}",timestamp="1795335480",serial_no="5157F09EFDC096DE15EBE81A47057A7232F1B8E1""#
        )
    );
}

#[test]
fn r130_a_notice_made_elsewhere_is_read() {
    let notice = client().parse_notice(&headers(NOTICE_SIGNATURE), NOTICE.as_bytes(), NOW).unwrap();
    assert_eq!(notice.event_id, "EV-2026112216175800001");
    assert_eq!(
        notice.fact,
        NoticeFact::Payment {
            out_trade_no: "P20261122000007A".to_owned(),
            transaction: "4200002026112200000001".to_owned(),
            amount: Fen(20_000),
            at: Moment::from_millis(1_795_335_478_000),
        }
    );
}

#[test]
fn a_refund_notice_is_no_payment() {
    let notice = client().parse_notice(&signed(REFUND_NOTICE), REFUND_NOTICE.as_bytes(), NOW).unwrap();
    let NoticeFact::Refund { out_refund_no, fact: RefundFact::Succeeded { amount, .. }, .. } = notice.fact
    else {
        panic!("{:?}", notice.fact);
    };
    assert_eq!((out_refund_no.as_str(), amount), ("R20261122000007A", Fen(20_000)));
}

#[test]
fn forged_changed_stale_and_foreign_notices_are_refused() {
    let client = client();
    let parse =
        |headers: &[(String, String)], body: &str, now| client.parse_notice(headers, body.as_bytes(), now);
    let good = headers(NOTICE_SIGNATURE);
    let unverified = |result| assert!(matches!(result, Err(NoticeError::Unverified(_))), "{result:?}");

    unverified(parse(&good, &NOTICE.replace("支付成功", "支付失败"), NOW));
    unverified(parse(&headers(&format!("WECHATPAY/SIGNTEST/{NOTICE_SIGNATURE}")), NOTICE, NOW));
    unverified(parse(&[], NOTICE, NOW));
    let ours = SigningKey::read(&key("ours_private.pem")).unwrap();
    unverified(parse(
        &headers(&ours.sign(format!("1795335480\nEpQ9zNjWeS6o\n{NOTICE}\n").as_bytes())),
        NOTICE,
        NOW,
    ));
    let mut other_serial = good.clone();
    other_serial[3].1 = "PUB_KEY_ID_other".to_owned();
    unverified(parse(&other_serial, NOTICE, NOW));

    assert!(parse(&good, NOTICE, NOW.plus_minutes(5)).is_ok());
    assert_eq!(parse(&good, NOTICE, NOW.plus_minutes(6)), Err(NoticeError::Stale { age_seconds: 360 }));
}

#[test]
fn a_genuine_notice_for_another_merchant_or_application_is_not_ours() {
    for (change, what) in [(("mch", "1699999999"), "mchid"), (("app", "wxffffffffffffffff"), "appid")] {
        let mut settings = settings();
        match change {
            ("mch", id) => settings.mch_id = id.to_owned(),
            (_, id) => settings.app_id = id.to_owned(),
        }
        let client = WechatPay::new(&settings, surroundings()).unwrap();
        let result = client.parse_notice(&headers(NOTICE_SIGNATURE), NOTICE.as_bytes(), NOW);
        assert_eq!(result, Err(NoticeError::NotOurs { what }));
    }
}

#[test]
fn an_event_of_another_kind_moves_nothing_but_is_acknowledged() {
    let body = NOTICE.replace("TRANSACTION.SUCCESS", "TRANSACTION.CLOSED");
    let notice = client().parse_notice(&signed(&body), body.as_bytes(), NOW).unwrap();
    assert_eq!(notice.fact, NoticeFact::Other("TRANSACTION.CLOSED".to_owned()));
    assert_eq!(client().acknowledge(true).status, 204);
    assert_eq!(client().acknowledge(false).status, 500);
}

fn answer(status: u16, headers: Vec<(String, String)>, body: &str) -> Answer {
    let headers = headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    Answer { status, headers, body: body.as_bytes().to_vec() }
}

#[test]
fn a_success_without_wechats_signature_is_no_answer() {
    let client = client();
    let body = r#"{"code_url":"weixin://wxpay/bizpayurl?pr=x"}"#;
    assert!(matches!(client.read(answer(200, vec![], body)), Err(CallError::Untrusted(_))));
    assert!(matches!(
        client.read(answer(200, headers(NOTICE_SIGNATURE), body)),
        Err(CallError::Untrusted(_))
    ));
    assert!(matches!(client.read(answer(200, signed(body), body)), Ok(Said::Done(_))));
    assert!(matches!(client.read(answer(204, signed(""), "")), Ok(Said::Done(body)) if body.is_empty()));
}

#[test]
fn errors_are_told_apart_by_what_may_have_happened() {
    let client = client();
    let said = |status, code: &str| {
        let body = format!(r#"{{"code":"{code}","message":"m"}}"#);
        client.read(answer(status, vec![], &body)).and_then(Said::done)
    };
    assert!(matches!(said(500, "SYSTEM_ERROR"), Err(CallError::Unknown(_))));
    assert!(matches!(said(429, "FREQUENCY_LIMITED"), Err(CallError::Again(_))));
    assert!(matches!(said(401, "SIGN_ERROR"), Err(CallError::Config(_))));
    assert!(matches!(said(403, "NO_AUTH"), Err(CallError::Config(_))));
    assert!(
        matches!(said(400, "INVALID_REQUEST"), Err(CallError::Refused { code, .. }) if code == "INVALID_REQUEST")
    );
    assert!(matches!(client.read(answer(502, vec![], "<html>")), Err(CallError::Unknown(_))));
    // A signature that is there must hold, on errors too.
    let body = r#"{"code":"ORDER_NOT_EXIST","message":"m"}"#;
    assert!(matches!(client.read(answer(404, headers("Zm9yZ2Vk"), body)), Err(CallError::Untrusted(_))));
}

fn trade(state: &str) -> answer::Trade {
    let body = format!(
        r#"{{"appid":"a","mchid":"m","out_trade_no":"n","trade_state":"{state}","transaction_id":"t",
        "success_time":"2026-11-22T16:17:58+08:00","payer":{{"openid":"o"}},"amount":{{"total":29,"currency":"CNY"}}}}"#
    );
    serde_json::from_str(&body).unwrap()
}

#[test]
fn each_trade_state_is_one_fact_and_an_unknown_one_is_none() {
    let fact = |state| trade(state).fact("m", "a", "n");
    assert_eq!(fact("NOTPAY"), Ok(TradeFact::Waiting));
    assert_eq!(fact("CLOSED"), Ok(TradeFact::Closed));
    assert_eq!(fact("REFUND"), Ok(TradeFact::Refunded));
    assert!(matches!(fact("SUCCESS"), Ok(TradeFact::Paid { amount: Fen(29), .. })));
    assert!(matches!(fact("NEW"), Err(CallError::Unknown(_))));
    assert!(matches!(trade("SUCCESS").fact("m", "a", "another"), Err(CallError::Untrusted(_))));
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_has_done_nothing() {
    assert!(matches!(client().query("P20261122000007A").await, Err(CallError::Again(_))));
}
