//! The registers of organisations and of persons.

use serde_json::{Value, json};

use crate::{outside::Outside, shop::now, sms::tencent};

const CODE: &str = "91110108MA01ABCDE6";
const VALID_ID: &str = "110101199003077213";

async fn organisation(outside: &Outside, name: &str) -> Value {
    let secret = outside.file("registry.secret_key_file");
    let asked = json!({ "CreditCode": CODE, "EntName": name, "LrName": "赵明远", "IdNum": VALID_ID });
    tencent(outside, ("ocr", "VerifyBizLicenseEnterprise4", "2018-11-19"), asked, now(), &secret).await
}

async fn person(outside: &Outside, name: &str, id_card: &str) -> Value {
    let secret = outside.file("registry.secret_key_file");
    let asked = json!({ "IdCard": id_card, "Name": name });
    tencent(outside, ("faceid", "IdCardVerification", "2018-03-01"), asked, now(), &secret).await
}

#[tokio::test]
async fn an_organisation_is_registered_as_asked_unless_the_register_says_otherwise() {
    let outside = Outside::start();
    let found = organisation(&outside, "北京远航科技有限公司").await;
    assert_eq!((&found["StatusCode"], &found["VerifyResult"]), (&json!(0), &json!(1)));
    assert_eq!(found["OperatingStatus"], "1");
    let found = organisation(&outside, "北京旧称科技有限公司").await;
    assert_eq!((&found["VerifyResult"], &found["IsEntNameConsistent"]), (&json!(0), &json!(false)));
    let found = organisation(&outside, "北京易主科技有限公司").await;
    assert_eq!((&found["IsEntNameConsistent"], &found["IsLrNameConsistent"]), (&json!(true), &json!(false)));
    assert_eq!(organisation(&outside, "北京歇业科技有限公司").await["OperatingStatus"], "3");
    let found = organisation(&outside, "北京明理律师事务所").await;
    assert_eq!((&found["IsCreditCodeConsistent"], &found["OperatingStatus"]), (&json!(false), &json!("/")));
    outside.faults(json!({ "only": CODE, "registry": { "entry": "busy" } })).await;
    let found = organisation(&outside, "北京远航科技有限公司").await;
    assert_eq!((&found["StatusCode"], &found["VerifyResult"]), (&json!(1), &Value::Null));
}

#[tokio::test]
async fn a_persons_name_goes_with_the_number() {
    let outside = Outside::start();
    assert_eq!(person(&outside, "王小明", VALID_ID).await["Result"], "0");
    assert_eq!(person(&outside, "王小明不符", VALID_ID).await["Result"], "-1");
    assert_eq!(person(&outside, "王建国", VALID_ID).await["Result"], "-1");
    assert_eq!(person(&outside, "王小明", "110101199003077214").await["Result"], "-2");
    assert_eq!(person(&outside, "欧阳龑", VALID_ID).await["Result"], "-5");
}

#[tokio::test]
async fn a_wrong_product_or_signature_is_refused() {
    let outside = Outside::start();
    let asked = json!({ "IdCard": VALID_ID, "Name": "王小明" });
    let secret = outside.file("registry.secret_key_file");
    let call = ("ocr", "IdCardVerification", "2018-03-01");
    let answer = tencent(&outside, call, asked.clone(), now(), &secret).await;
    assert_eq!(answer["Error"]["Code"], "AuthFailure.SignatureFailure");
    let call = ("faceid", "IdCardVerification", "2018-03-01");
    let answer = tencent(&outside, call, asked, now(), "another secret").await;
    assert_eq!(answer["Error"]["Code"], "AuthFailure.SignatureFailure");
}
