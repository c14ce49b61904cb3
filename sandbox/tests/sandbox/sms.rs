//! Both carriers, asked by clients of the test's own making.

use ring::{digest, hmac};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{outside::Outside, shop::now};

fn hashed(text: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, text))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

/// A call to Tencent Cloud; `at` is the second it claims to be made.
pub async fn tencent(
    outside: &Outside,
    (service, action, version): (&str, &str, &str),
    body: Value,
    at: i64,
    secret: &str,
) -> Value {
    let (body, base) = (body.to_string(), outside.setting("sms.tencent.base_url"));
    let host = base.strip_prefix("http://").unwrap();
    let signed = "content-type;host;x-tc-action";
    let canonical = format!(
        "POST\n/\n\ncontent-type:application/json\nhost:{host}\nx-tc-action:{}\n\n{signed}\n{}",
        action.to_lowercase(),
        hashed(body.as_bytes())
    );
    let day = OffsetDateTime::from_unix_timestamp(at).unwrap().date().to_string();
    let scope = format!("{day}/{service}/tc3_request");
    let text = format!("TC3-HMAC-SHA256\n{at}\n{scope}\n{}", hashed(canonical.as_bytes()));
    let key = mac(&mac(&mac(format!("TC3{secret}").as_bytes(), &day), service), "tc3_request");
    let id = outside.setting("sms.tencent.secret_id");
    let made = hex::encode(mac(&key, &text));
    let answer = outside
        .client
        .post(&base)
        .header(
            "authorization",
            format!("TC3-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={signed}, Signature={made}"),
        )
        .header("content-type", "application/json")
        .header("x-tc-action", action)
        .header("x-tc-version", version)
        .header("x-tc-timestamp", at)
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    answer.json::<Value>().await.unwrap()["Response"].clone()
}

async fn send_tencent(outside: &Outside, phone: &str, code: &str) -> String {
    let body = json!({
        "PhoneNumberSet": [phone], "SmsSdkAppId": outside.setting("sms.tencent.sdk_app_id"), "SignName": "证书大厅",
        "TemplateId": outside.setting("sms.tencent.templates.code"), "TemplateParamSet": [code, "提交申请", "5"],
    });
    let secret = outside.file("sms.tencent.secret_key_file");
    let answer = tencent(outside, ("sms", "SendSms", "2021-01-11"), body, now(), &secret).await;
    answer["SendStatusSet"][0]["Code"].as_str().unwrap().to_owned()
}

/// A call to Aliyun: status and answer.
async fn aliyun(outside: &Outside, phone: &str, code: &str, nonce: &str, secret: &str) -> (u16, String) {
    let base = outside.setting("sms.aliyun.base_url");
    let host = base.strip_prefix("http://").unwrap();
    let param = json!({ "code": code, "purpose": "订单查询", "minutes": "5" }).to_string();
    let encoded =
        |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    let query = format!(
        "PhoneNumbers={phone}&SignName={}&TemplateCode={}&TemplateParam={}",
        encoded("证书大厅"),
        outside.setting("sms.aliyun.templates.code"),
        encoded(&param),
    );
    let (date, empty) =
        (OffsetDateTime::from_unix_timestamp(now()).unwrap().format(&Rfc3339).unwrap(), hashed(b""));
    let headers = [
        ("host", host),
        ("x-acs-action", "SendSms"),
        ("x-acs-content-sha256", &empty),
        ("x-acs-date", &date),
        ("x-acs-signature-nonce", nonce),
        ("x-acs-version", "2017-05-25"),
    ];
    let signed = headers.map(|(name, _)| name).join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let canonical = format!("POST\n/\n{query}\n{lines}\n{signed}\n{empty}");
    let text = format!("ACS3-HMAC-SHA256\n{}", hashed(canonical.as_bytes()));
    let made = hex::encode(mac(secret.as_bytes(), &text));
    let id = outside.setting("sms.aliyun.access_key_id");
    let mut post = outside.client.post(format!("{base}/?{query}")).header(
        "authorization",
        format!("ACS3-HMAC-SHA256 Credential={id},SignedHeaders={signed},Signature={made}"),
    );
    for (name, value) in &headers[1..] {
        post = post.header(*name, *value);
    }
    let answer = post.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json::<Value>().await.unwrap()["Code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_code_sent_through_tencent_lies_on_the_phone() {
    let outside = Outside::start();
    assert_eq!(send_tencent(&outside, "+8613800138000", "482913").await, "Ok");
    let messages = outside.control("sms?phone=13800138000").await["messages"].clone();
    assert_eq!(messages.as_array().unwrap().len(), 1);
    assert_eq!(messages[0]["text"], "【证书大厅】验证码482913，用于提交申请，5分钟内有效，请勿告诉他人。");
    let page = outside.client.get(format!("{}/phone?n=13800138000", outside.http)).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("验证码482913"));
}

#[tokio::test]
async fn tencent_refuses_wrong_old_and_foreign_requests() {
    let outside = Outside::start();
    let secret = outside.file("sms.tencent.secret_key_file");
    let call = ("sms", "SendSms", "2021-01-11");
    let code = |answer: Value| answer["Error"]["Code"].as_str().unwrap().to_owned();
    assert_eq!(
        code(tencent(&outside, call, json!({}), now(), "wrong").await),
        "AuthFailure.SignatureFailure"
    );
    assert_eq!(
        code(tencent(&outside, call, json!({}), now() - 400, &secret).await),
        "AuthFailure.SignatureExpire"
    );
    let foreign = ("cvm", "SendSms", "2021-01-11");
    assert_eq!(
        code(tencent(&outside, foreign, json!({}), now(), &secret).await),
        "AuthFailure.SignatureFailure"
    );
    assert_eq!(code(tencent(&outside, call, json!({}), now(), &secret).await), "InvalidParameter");
    assert_eq!(outside.control("sms").await["messages"], json!([]));
}

#[tokio::test]
async fn tencents_limits_hold_until_time_passes_or_they_are_lifted() {
    let outside = Outside::start();
    let phone = "+8613800138000";
    assert_eq!(send_tencent(&outside, phone, "000000").await, "Ok");
    assert_eq!(send_tencent(&outside, phone, "000000").await, "LimitExceeded.PhoneNumberThirtySecondLimit");
    outside.tell("clock", json!({ "ahead_seconds": 30 })).await;
    assert_eq!(send_tencent(&outside, phone, "000000").await, "Ok");
    for code in 2..10 {
        assert_eq!(send_tencent(&outside, phone, &format!("{code:06}")).await, "Ok");
    }
    assert_eq!(send_tencent(&outside, phone, "000010").await, "LimitExceeded.PhoneNumberDailyLimit");
    assert_eq!(send_tencent(&outside, "+8613800138001", "000010").await, "Ok");
    outside.faults(json!({ "sms": { "limits_lifted": true } })).await;
    assert_eq!(send_tencent(&outside, phone, "000010").await, "Ok");
    assert_eq!(
        send_tencent(&outside, "+8612345", "000010").await,
        "InvalidParameterValue.IncorrectPhoneNumber"
    );
}

#[tokio::test]
async fn aliyun_follows_the_signed_headers_and_refuses_used_nonces() {
    let outside = Outside::start();
    let secret = outside.file("sms.aliyun.access_key_secret_file");
    assert_eq!(aliyun(&outside, "13900139000", "654321", "n1", &secret).await, (200, "OK".to_owned()));
    let messages = outside.control("sms?phone=13900139000").await["messages"].clone();
    assert_eq!(messages[0]["params"], json!(["654321", "订单查询", "5"]));

    assert_eq!(
        aliyun(&outside, "13900139001", "654321", "n1", &secret).await,
        (400, "SignatureNonceUsed".to_owned())
    );
    assert_eq!(
        aliyun(&outside, "13900139001", "654321", "n2", "wrong").await,
        (400, "SignatureDoesNotMatch".to_owned())
    );
    assert_eq!(aliyun(&outside, "1390013900", "1", "n3", &secret).await.1, "isv.MOBILE_NUMBER_ILLEGAL");
}

#[tokio::test]
async fn aliyun_limits_codes_by_minute_and_hour() {
    let outside = Outside::start();
    let secret = outside.file("sms.aliyun.access_key_secret_file");
    for round in 0..5 {
        assert_eq!(aliyun(&outside, "13900139000", "1", &format!("a{round}"), &secret).await.1, "OK");
        assert_eq!(
            aliyun(&outside, "13900139000", "2", &format!("b{round}"), &secret).await.1,
            "isv.BUSINESS_LIMIT_CONTROL"
        );
        outside.tell("clock", json!({ "ahead_seconds": 61 })).await;
    }
    assert_eq!(aliyun(&outside, "13900139000", "3", "c", &secret).await.1, "isv.BUSINESS_LIMIT_CONTROL");
    outside.tell("clock", json!({ "ahead_seconds": 3600 })).await;
    assert_eq!(aliyun(&outside, "13900139000", "3", "d", &secret).await.1, "OK");
}

#[tokio::test]
async fn a_message_can_be_refused_or_lost_by_switch() {
    let outside = Outside::start();
    outside.faults(json!({ "only": "13800138000", "sms": { "undelivered": true } })).await;
    outside.faults(json!({ "only": "13800138001", "sms": { "refused": true } })).await;
    assert_eq!(send_tencent(&outside, "+8613800138000", "1").await, "Ok");
    assert_eq!(send_tencent(&outside, "+8613800138001", "1").await, "LimitExceeded.PhoneNumberDailyLimit");
    let messages = outside.control("sms").await["messages"].clone();
    assert_eq!((messages.as_array().unwrap().len(), &messages[0]["delivered"]), (1, &json!(false)));
    let page = outside.client.get(format!("{}/phone?n=13800138000", outside.http)).send().await.unwrap();
    assert!(!page.text().await.unwrap().contains("验证码"));
}

#[tokio::test]
async fn receipts_tell_what_became_of_a_message() {
    let office = crate::office::Office::open(&[(200, r#"{"result":0,"errmsg":"OK"}"#)]).await;
    let outside = Outside::start_with(&["--sms-receipts-to", &office.url]);
    assert_eq!(send_tencent(&outside, "+8613800138000", "1").await, "Ok");
    let told: Value = serde_json::from_str(&office.next().await.body).unwrap();
    let sent = outside.control("sms").await["messages"][0].clone();
    assert_eq!((&told[0]["sid"], &told[0]["report_status"]), (&sent["serial"], &json!("SUCCESS")));

    outside.faults(json!({ "sms": { "undelivered": true } })).await;
    let secret = outside.file("sms.aliyun.access_key_secret_file");
    assert_eq!(aliyun(&outside, "13900139000", "1", "n1", &secret).await.1, "OK");
    let told: Value = serde_json::from_str(&office.next().await.body).unwrap();
    assert_eq!((&told[0]["phone_number"], &told[0]["success"]), (&json!("13900139000"), &json!(false)));
}
