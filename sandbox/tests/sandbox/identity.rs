//! The identity checks of faceid.

use serde_json::json;

use crate::{outside::Outside, shop::now, sms::tencent};

async fn phone(outside: &Outside, name: &str, id_card: &str, phone: &str) -> String {
    let asked = json!({ "Name": name, "IdCard": id_card, "Phone": phone });
    ask(outside, "PhoneVerification", asked).await
}

async fn ask(outside: &Outside, action: &str, asked: serde_json::Value) -> String {
    let secret = outside.file("sms.tencent.secret_key_file");
    let answer = tencent(outside, ("faceid", action, "2018-03-01"), asked, now(), &secret).await;
    answer["Result"].as_str().unwrap().to_owned()
}

const VALID_ID: &str = "110101199003077213";

#[tokio::test]
async fn whoever_is_formally_valid_matches_and_the_registry_overrules() {
    let outside = Outside::start();
    assert_eq!(phone(&outside, "王小明", VALID_ID, "13800138000").await, "0");
    assert_eq!(phone(&outside, "王小明不符", VALID_ID, "13800138000").await, "-4");
    assert_eq!(phone(&outside, "王小明", "110101199003077214", "13800138000").await, "-7");
    assert_eq!(phone(&outside, "王小明", VALID_ID, "12345678901").await, "-6");
    assert_eq!(phone(&outside, "查无此人", VALID_ID, "13800138000").await, "-9");
    assert_eq!(phone(&outside, "忙线中", VALID_ID, "13800138000").await, "-11");
    assert_eq!(phone(&outside, "王建国", "110101198001010117", "13800138000").await, "0");
    assert_eq!(phone(&outside, "王建国", VALID_ID, "13800138000").await, "-4");
}

#[tokio::test]
async fn a_bank_card_is_checked_with_its_check_digit() {
    let outside = Outside::start();
    let card = |number: &str| json!({ "Name": "王小明", "IdCard": VALID_ID, "Phone": "13800138000", "BankCard": number });
    assert_eq!(ask(&outside, "BankCard4EVerification", card("6222020200112230000")).await, "-4");
    assert_eq!(ask(&outside, "BankCard4EVerification", card("4111111111111111")).await, "0");
    outside.faults(json!({ "only": "13800138000", "identity": { "outcome": "busy" } })).await;
    assert_eq!(ask(&outside, "BankCard4EVerification", card("4111111111111111")).await, "-18");
    assert_eq!(phone(&outside, "王小明", VALID_ID, "13800138001").await, "0");
}
