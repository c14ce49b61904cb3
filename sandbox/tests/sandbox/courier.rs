//! 快递100, asked by a subscriber of the test's own making: who may ask, what a parcel tells, and what is pushed.

use std::collections::HashMap;

use md5::{Digest, Md5};
use serde_json::{Value, json};

use crate::{
    office::{Notice, Office},
    outside::Outside,
};

const HEARD: (u16, &str) = (200, r#"{"result":true,"returnCode":"200","message":"成功"}"#);
const SALT: &str = "salt of ours";

fn signature(text: &str) -> String {
    hex::encode_upper(Md5::digest(text.as_bytes()))
}

async fn post(outside: &Outside, path: &str, fields: &[(&str, &str)]) -> Value {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = outside.client.post(format!("{}{path}", outside.setting("courier.base_url")));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200, "a refusal too is a 200");
    answer.json().await.unwrap()
}

/// The answer's code.
async fn subscribe(
    outside: &Outside,
    key: &str,
    (company, number, phone): (&str, &str, &str),
    url: &str,
) -> String {
    let param = json!({
        "company": company, "number": number, "key": key,
        "parameters": { "callbackurl": url, "salt": SALT, "phone": phone },
    });
    let answer = post(outside, "/poll", &[("schema", "json"), ("param", &param.to_string())]).await;
    assert_eq!(answer["result"], json!(answer["returnCode"] == "200"));
    answer["returnCode"].as_str().unwrap().to_owned()
}

async fn ask(outside: &Outside, key: &str, (company, number, phone): (&str, &str, &str)) -> Value {
    let customer = outside.setting("courier.customer");
    let param = json!({ "com": company, "num": number, "phone": phone }).to_string();
    let sign = signature(&format!("{param}{key}{customer}"));
    let fields = [("customer", customer.as_str()), ("sign", &sign), ("param", &param)];
    post(outside, "/poll/query.do", &fields).await
}

async fn scan(outside: &Outside, number: &str, state: &str) {
    let (status, answer) = outside.tell("courier", json!({ "number": number, "state": state })).await;
    assert_eq!(status, 200, "{answer}");
}

/// What a push says, and whether its signature is right.
fn read(notice: &Notice) -> (Value, bool) {
    let fields: HashMap<String, String> =
        form_urlencoded::parse(notice.body.as_bytes()).into_owned().collect();
    let genuine = fields["sign"] == signature(&format!("{}{SALT}", fields["param"]));
    (serde_json::from_str(&fields["param"]).unwrap(), genuine)
}

#[tokio::test]
async fn a_subscriber_is_known_by_the_key_and_asks_for_what_can_be() {
    let outside = Outside::start();
    let key = outside.file("courier.key_file");
    let url = "http://127.0.0.1:9/notify";
    for (expected, key, parcel, url) in [
        ("600", "another key", ("ems", "EA123456789", ""), url),
        ("700", key.as_str(), ("ems", "EA123456789", ""), "ftp://127.0.0.1"),
        ("701", key.as_str(), ("pigeon", "EA123456789", ""), url),
        ("400", key.as_str(), ("ems", "EA 1", ""), url),
        ("408", key.as_str(), ("shunfeng", "SF1234567890", ""), url),
        ("408", key.as_str(), ("shunfeng", "SF1234567890", "12345"), url),
        ("200", key.as_str(), ("shunfeng", "SF1234567890", "1234"), url),
        ("501", key.as_str(), ("shunfeng", "SF1234567890", "1234"), url),
    ] {
        assert_eq!(subscribe(&outside, key, parcel, url).await, expected, "{parcel:?} {url}");
    }
    // Four addresses of one parcel, no fifth.
    for (place, expected) in ["200", "200", "200", "501"].into_iter().enumerate() {
        let url = format!("http://127.0.0.1:9/{place}");
        assert_eq!(subscribe(&outside, &key, ("shunfeng", "SF1234567890", "1234"), &url).await, expected);
    }
    let known = outside.control("courier").await;
    assert_eq!(known["parcels"].as_array().unwrap().len(), 1, "what was refused is not kept: {known}");
}

#[tokio::test]
async fn a_question_is_signed_and_names_the_phones_end_of_that_parcel() {
    let outside = Outside::start();
    let key = outside.file("courier.key_file");
    let parcel = ("shunfeng", "SF1234567890", "1234");
    assert_eq!(subscribe(&outside, &key, parcel, "http://127.0.0.1:9/notify").await, "200");
    assert_eq!(ask(&outside, &key, parcel).await["returnCode"], "500", "nobody has scanned it yet");
    for state in ["collected", "in_transit", "delivered"] {
        scan(&outside, parcel.1, state).await;
    }
    let told = ask(&outside, &key, parcel).await;
    assert_eq!((&told["state"], &told["ischeck"], &told["nu"]), (&json!("3"), &json!("1"), &json!(parcel.1)));
    let way: Vec<&str> =
        told["data"].as_array().unwrap().iter().map(|line| line["status"].as_str().unwrap()).collect();
    assert_eq!(way, ["签收", "在途", "揽收"], "newest first");
    assert_eq!(ask(&outside, "another key", parcel).await["returnCode"], "503");
    assert_eq!(ask(&outside, &key, ("shunfeng", parcel.1, "4321")).await["returnCode"], "408");
    assert_eq!(ask(&outside, &key, ("ems", parcel.1, "1234")).await["returnCode"], "500");
    assert_eq!(ask(&outside, &key, ("ems", "EA123456789", "")).await["returnCode"], "500");
    let (status, _) = outside.tell("courier", json!({ "number": "EA123456789", "state": "collected" })).await;
    assert_eq!(status, 404, "a parcel that nobody has heard of is scanned by nobody");
}

#[tokio::test]
async fn each_scan_is_pushed_with_the_subscriptions_salt_until_it_is_heard() {
    let outside = Outside::start_at_speed("100000");
    let office = Office::open(&[(200, r#"{"result":false}"#), (500, ""), HEARD]).await;
    let key = outside.file("courier.key_file");
    let parcel = ("ems", "EA123456789", "");
    assert_eq!(subscribe(&outside, &key, parcel, &office.url).await, "200");
    scan(&outside, parcel.1, "collected").await;
    // Not heard twice: the same comes again.
    for _ in 0..3 {
        let (told, genuine) = read(&office.next().await);
        assert!(genuine);
        assert_eq!((&told["status"], &told["lastResult"]["state"]), (&json!("polling"), &json!("1")));
    }
    scan(&outside, parcel.1, "delivered").await;
    let (told, genuine) = read(&office.next().await);
    assert!(genuine);
    assert_eq!((&told["status"], &told["lastResult"]["state"]), (&json!("shutdown"), &json!("3")));
    assert_eq!(told["lastResult"]["data"].as_array().unwrap().len(), 2, "the whole way so far");
    assert!(office.is_quiet().await);
    // Who subscribes late hears what has happened.
    let late = Office::open(&[HEARD]).await;
    assert_eq!(subscribe(&outside, &key, parcel, &late.url).await, "200");
    assert_eq!(read(&late.next().await).0["lastResult"]["state"], "3");
}

#[tokio::test]
async fn forged_changed_and_stale_pushes_are_what_they_are_called() {
    let outside = Outside::start();
    let office = Office::open(&[HEARD]).await;
    let key = outside.file("courier.key_file");
    assert_eq!(subscribe(&outside, &key, ("ems", "EA123456789", ""), &office.url).await, "200");
    outside.faults(json!({ "clear": true, "courier": { "notice_forged": true } })).await;
    scan(&outside, "EA123456789", "collected").await;
    assert!(!read(&office.next().await).1, "another salt");
    outside.faults(json!({ "clear": true, "courier": { "notice_tampered_amount": true } })).await;
    scan(&outside, "EA123456789", "in_transit").await;
    assert!(!read(&office.next().await).1, "another state than was signed");
    outside.faults(json!({ "clear": true, "courier": { "notice_stale": true } })).await;
    scan(&outside, "EA123456789", "delivered").await;
    let (told, genuine) = read(&office.next().await);
    assert!(genuine, "old, but the tracker's own");
    assert_eq!(told["lastResult"]["state"], "0");
    // The question is answered with the truth all the while.
    assert_eq!(ask(&outside, &key, ("ems", "EA123456789", "")).await["state"], "3");
    outside.faults(json!({ "clear": true, "courier": { "answer": { "fault": "too_many" } } })).await;
    assert_eq!(ask(&outside, &key, ("ems", "EA123456789", "")).await["returnCode"], "502");
}
