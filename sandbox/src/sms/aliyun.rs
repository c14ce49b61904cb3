//! Aliyun Dysmsapi 2017-05-25 SendSms: parameters in the query or in a form body, refusals with HTTP 200 and a `Code`.

use std::{collections::HashMap, sync::Arc};

use serde_json::{Value, json};

use super::{
    Limit, Message,
    aliyun_signature::{self, Refusal},
    bare_phone, deliver, is_mobile,
    templates::{self, LONGEST_PARAM, Template},
};
use crate::{
    dice,
    door::{Call, Reply, broken_before_effect, hold_if},
    faults::AnswerFault,
    journal::Finding,
    world::World,
};

pub const CARRIER: &str = "sms_aliyun";

pub async fn answer(world: &Arc<World>, call: &Call) -> Reply {
    let mut finding = Finding {
        provider: CARRIER,
        action: "send".to_owned(),
        verdict: "ok".to_owned(),
        ..Finding::default()
    };
    if let Err(refusal) = aliyun_signature::check(world, call, &mut finding) {
        return transport_error(refusal, finding);
    }
    if call.header("x-acs-action") != "SendSms" || call.header("x-acs-version") != "2017-05-25" {
        let message = "Specified api is not found, please check your url and method.".to_owned();
        let refusal = Refusal { status: 404, code: "InvalidAction.NotFound", message };
        return transport_error(refusal, finding);
    }
    let mut given: HashMap<String, String> =
        form_urlencoded::parse(call.query.as_bytes()).into_owned().collect();
    given.extend(form_urlencoded::parse(&call.body).into_owned());
    finding.about = bare_phone(given.get("PhoneNumbers").map_or("", String::as_str));

    let fault = world.faults.take_answer(&finding.about, "send", |all| &mut all.sms.answer);
    if let Some(reply) = broken_before_effect(fault, &finding) {
        return reply;
    }
    let outcome = match fault {
        AnswerFault::ServerError => {
            let message = "The request processing has failed due to some unknown error.".to_owned();
            return transport_error(Refusal { status: 500, code: "InternalError", message }, finding);
        }
        AnswerFault::TooMany => {
            let message = "Request was denied due to user flow control.".to_owned();
            return transport_error(Refusal { status: 400, code: "Throttling.User", message }, finding);
        }
        _ => send(world, &given),
    };
    hold_if(fault, &mut finding).await;
    let body = match outcome {
        Ok(serial) => json!({ "Code": "OK", "Message": "OK", "RequestId": dice::uuid(), "BizId": serial }),
        Err((code, message)) => {
            finding.verdict = format!("{code} {message}");
            json!({ "Code": code, "Message": message, "RequestId": dice::uuid() })
        }
    };
    Reply::json(200, body.to_string(), finding)
}

type Refused = (&'static str, &'static str);

fn send(world: &Arc<World>, given: &HashMap<String, String>) -> Result<String, Refused> {
    let field = |name: &str| given.get(name).map(String::as_str).unwrap_or_default();
    let phone = bare_phone(field("PhoneNumbers"));
    if !is_mobile(&phone) {
        return Err(("isv.MOBILE_NUMBER_ILLEGAL", "号码格式错误"));
    }
    let registry = templates::registry();
    if !registry.sign_names.iter().any(|name| name == field("SignName")) {
        return Err(("isv.SMS_SIGNATURE_ILLEGAL", "该账号下找不到对应签名"));
    }
    let template = registry
        .template
        .iter()
        .find(|template| template.aliyun == field("TemplateCode"))
        .ok_or(("isv.SMS_TEMPLATE_ILLEGAL", "该账号下找不到对应模板"))?;
    let message = Message {
        carrier: CARRIER,
        phone,
        sign_name: field("SignName"),
        template,
        template_id: &template.aliyun,
        params: params_for(template, field("TemplateParam"))?,
        context: field("OutId").to_owned(),
    };
    deliver(world, message).map_err(|limit| {
        let words = match limit {
            Limit::Shortly => "触发分钟级流控Permits:1",
            Limit::Hourly => "触发小时级流控Permits:5",
            Limit::Daily => "触发天级流控Permits:10",
        };
        ("isv.BUSINESS_LIMIT_CONTROL", words)
    })
}

/// The named variables in the order of the template.
fn params_for(template: &Template, given: &str) -> Result<Vec<String>, Refused> {
    let given: Value = serde_json::from_str(given)
        .map_err(|_| ("isv.INVALID_JSON_PARAM", "参数格式错误，请修改为字符串值"))?;
    let values: Option<Vec<String>> =
        template.names.iter().map(|name| Some(given[name.as_str()].as_str()?.to_owned())).collect();
    let values = values.ok_or(("isv.TEMPLATE_MISSING_PARAMETERS", "模板变量中存在未赋值变量"))?;
    if values.iter().any(|value| value.chars().count() > LONGEST_PARAM) {
        return Err(("isv.PARAM_LENGTH_LIMIT", "参数超过长度限制"));
    }
    if !values.iter().all(|value| templates::is_allowed_value(value)) {
        return Err(("isv.PARAM_NOT_SUPPORT_URL", "变量不支持传入URL"));
    }
    Ok(values)
}

fn transport_error(refusal: Refusal, mut finding: Finding) -> Reply {
    finding.verdict = format!("{} {}", refusal.code, refusal.message);
    let body = json!({
        "Code": refusal.code, "Message": refusal.message, "RequestId": dice::uuid().to_uppercase(),
        "HostId": "dysmsapi.aliyuncs.com", "Recommend": "",
    });
    Reply::json(refusal.status, body.to_string(), finding)
}
