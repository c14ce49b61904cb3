//! Owns: Tencent faceid's checks: mobile with three factors, bank card with four.
//! Never: keeps what it was asked.
//! Start at: `answer`; who matches is decided in `people.rs`.

mod people;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::{
    dice,
    door::{Call, Reply, broken_before_effect, hold_if},
    faults::AnswerFault,
    journal::Finding,
    sms,
    world::World,
};

pub use people::{Verdict, accounts, name_fits, registry};

const PROVIDER: &str = "identity";

pub async fn answer(world: &Arc<World>, call: &Call) -> Reply {
    let action = call.header("x-tc-action").to_owned();
    let mut finding = Finding {
        provider: PROVIDER,
        action: "check".to_owned(),
        verdict: "ok".to_owned(),
        ..Finding::default()
    };
    if let Err(refusal) = sms::check_tencent(world, call, "faceid", &mut finding) {
        return sms::tencent_error(refusal, finding);
    }
    if call.header("x-tc-version") != "2018-03-01" {
        return sms::tencent_error(
            ("NoSuchVersion", "The requested API version does not exist.".to_owned()),
            finding,
        );
    }
    let Ok(asked) = serde_json::from_slice::<Value>(&call.body) else {
        return sms::tencent_error(("InvalidParameter", "The body is not JSON.".to_owned()), finding);
    };
    let needed: &[&str] = if action == "PhoneVerification" {
        &["IdCard", "Name", "Phone"]
    } else {
        &["Name", "BankCard", "Phone", "IdCard"]
    };
    if let Some(missing) = needed.iter().find(|name| asked[**name].as_str().is_none_or(str::is_empty)) {
        let message = format!("The request is missing a required parameter {missing}.");
        return sms::tencent_error(("MissingParameter", message), finding);
    }
    asked["Phone"].as_str().unwrap_or_default().clone_into(&mut finding.about);
    let fault = world.faults.take_answer(&finding.about, "check", |all| &mut all.identity.answer);
    if let Some(reply) = broken_before_effect(fault, &finding) {
        return reply;
    }
    match fault {
        AnswerFault::ServerError => {
            return sms::tencent_error(("InternalError", "内部错误".to_owned()), finding);
        }
        AnswerFault::TooMany => {
            return sms::tencent_error(
                ("RequestLimitExceeded", "请求的次数超过了频率限制".to_owned()),
                finding,
            );
        }
        _ => {}
    }
    let verdict = people::judge(&asked, world.faults.of(&finding.about).identity.outcome);
    let (result, description) =
        if action == "PhoneVerification" { phone_words(verdict) } else { card_words(verdict) };
    finding.verdict = format!("{action} {result} {description}");
    hold_if(fault, &mut finding).await;
    let mut response = json!({ "Result": result, "Description": description, "RequestId": dice::uuid() });
    if action == "PhoneVerification" {
        response["Isp"] = json!("移动");
    }
    Reply::json(200, json!({ "Response": response }).to_string(), finding)
}

fn phone_words(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Match => ("0", "认证通过"),
        Verdict::Mismatch => ("-4", "信息不一致"),
        Verdict::BadPhone => ("-6", "手机号码不合法"),
        Verdict::BadIdCard => ("-7", "身份证号码有误"),
        Verdict::BadName => ("-8", "姓名校验不通过"),
        Verdict::BadCard | Verdict::NoRecord => ("-9", "没有记录"),
        Verdict::Busy => ("-11", "验证中心服务繁忙"),
        Verdict::QuotaReached => ("-12", "认证次数超过当日限制，请次日重试"),
    }
}

fn card_words(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Match => ("0", "认证通过"),
        Verdict::Mismatch => ("-1", "认证未通过"),
        Verdict::BadName => ("-2", "姓名校验不通过"),
        Verdict::BadIdCard => ("-3", "身份证号码有误"),
        Verdict::BadCard => ("-4", "银行卡号码有误"),
        Verdict::BadPhone => ("-5", "手机号码不合法"),
        Verdict::NoRecord => ("-10", "此卡无对应发卡行"),
        Verdict::Busy => ("-18", "验证中心服务繁忙"),
        Verdict::QuotaReached => ("-19", "验证次数超限，请次日重试"),
    }
}
