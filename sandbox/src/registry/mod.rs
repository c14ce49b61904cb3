//! Owns: Tencent's registers: an organisation by four facts (ocr VerifyBizLicenseEnterprise4), a person by two (faceid
//! IdCardVerification).
//! Never: keeps what it was asked.
//! Start at: `answer`; who stands in the register of organisations is decided in `organisations.rs`.

mod organisations;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::{
    dice,
    door::{Call, Reply, broken_before_effect, hold_if},
    faults::AnswerFault,
    identity::{self, Verdict},
    journal::Finding,
    sms,
    world::World,
};

const PROVIDER: &str = "registry";

/// A product that answers here: its action, service, version, and what it must be told.
struct Product {
    action: &'static str,
    service: &'static str,
    version: &'static str,
    needed: &'static [&'static str],
}

const PRODUCTS: [Product; 2] = [
    Product {
        action: "VerifyBizLicenseEnterprise4",
        service: "ocr",
        version: "2018-11-19",
        needed: &["CreditCode", "EntName", "LrName", "IdNum"],
    },
    Product {
        action: "IdCardVerification",
        service: "faceid",
        version: "2018-03-01",
        needed: &["IdCard", "Name"],
    },
];

pub fn answers(action: &str) -> bool {
    PRODUCTS.iter().any(|product| product.action == action)
}

pub async fn answer(world: &Arc<World>, call: &Call) -> Reply {
    let action = call.header("x-tc-action").to_owned();
    let mut finding = Finding {
        provider: PROVIDER,
        action: "check".to_owned(),
        verdict: "ok".to_owned(),
        ..Finding::default()
    };
    let Some(product) = PRODUCTS.iter().find(|product| product.action == action) else {
        let message = format!("The request action={action} is invalid or not found.");
        return sms::tencent_error(("InvalidAction", message), finding);
    };
    if let Err(refusal) = sms::check_tencent(world, call, product.service, &mut finding) {
        return sms::tencent_error(refusal, finding);
    }
    if call.header("x-tc-version") != product.version {
        let message = "The requested API version does not exist.".to_owned();
        return sms::tencent_error(("NoSuchVersion", message), finding);
    }
    let Ok(asked) = serde_json::from_slice::<Value>(&call.body) else {
        return sms::tencent_error(("InvalidParameter", "The body is not JSON.".to_owned()), finding);
    };
    let lacks = |name: &&&str| asked[**name].as_str().is_none_or(str::is_empty);
    if let Some(missing) = product.needed.iter().find(lacks) {
        let message = format!("The request is missing a required parameter {missing}.");
        return sms::tencent_error(("MissingParameter", message), finding);
    }
    // Whose number it is: the credit code, or the identity card's.
    asked[product.needed[0]].as_str().unwrap_or_default().clone_into(&mut finding.about);
    let fault = world.faults.take_answer(&finding.about, "check", |all| &mut all.registry.answer);
    if let Some(reply) = broken_before_effect(fault, &finding) {
        return reply;
    }
    if fault == AnswerFault::ServerError {
        return sms::tencent_error(("InternalError", "内部错误".to_owned()), finding);
    }
    if fault == AnswerFault::TooMany {
        let message = "请求的次数超过了频率限制".to_owned();
        return sms::tencent_error(("RequestLimitExceeded", message), finding);
    }
    let outcome = world.faults.of(&finding.about).registry.entry;
    let mut response = if product.service == "ocr" {
        organisations::find(&asked, outcome)
    } else {
        let (result, description) = person_words(identity::name_fits(&asked, outcome));
        json!({ "Result": result, "Description": description })
    };
    finding.verdict = format!("{action} {response}");
    hold_if(fault, &mut finding).await;
    response["RequestId"] = json!(dice::uuid());
    Reply::json(200, json!({ "Response": response }).to_string(), finding)
}

fn person_words(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Match => ("0", "姓名和身份证号一致"),
        Verdict::Mismatch => ("-1", "姓名和身份证号不一致"),
        Verdict::BadIdCard => ("-2", "非法身份证号"),
        Verdict::BadName => ("-3", "非法姓名"),
        Verdict::Busy => ("-4", "证件库服务异常"),
        Verdict::NoRecord | Verdict::BadPhone | Verdict::BadCard => ("-5", "证件库中无此身份证记录"),
        Verdict::QuotaReached => ("-7", "认证次数超过当日限制"),
    }
}
