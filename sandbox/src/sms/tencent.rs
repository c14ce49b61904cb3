//! Tencent Cloud's single address: SMS (2021-01-11), and by the same signature the identity checks and the registers.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Limit, Message, bare_phone, deliver, is_mobile,
    templates::{self, LONGEST_PARAM, Template},
    tencent_signature::{self, Refusal},
};
use crate::{
    dice,
    door::{Call, Reply, broken_before_effect, hold_if},
    faults::AnswerFault,
    identity,
    journal::Finding,
    registry,
    world::World,
};

pub const CARRIER: &str = "sms_tencent";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct SendSms {
    phone_number_set: Vec<String>,
    sms_sdk_app_id: String,
    template_id: String,
    #[serde(default)]
    sign_name: String,
    #[serde(default)]
    template_param_set: Vec<String>,
    #[serde(default)]
    session_context: String,
    #[serde(default, rename = "ExtendCode")]
    _extend_code: String,
    #[serde(default, rename = "SenderId")]
    _sender_id: String,
}

pub async fn answer(world: &Arc<World>, call: &Call) -> Reply {
    match call.header("x-tc-action") {
        "SendSms" => send_sms(world, call).await,
        "PhoneVerification" | "BankCard4EVerification" => identity::answer(world, call).await,
        action if registry::answers(action) => registry::answer(world, call).await,
        action => {
            let finding = Finding { provider: CARRIER, action: action.to_owned(), ..Finding::default() };
            let message = format!("The request action={action} is invalid or not found.");
            tencent_signature::error(("InvalidAction", message), finding)
        }
    }
}

async fn send_sms(world: &Arc<World>, call: &Call) -> Reply {
    let mut finding = Finding {
        provider: CARRIER,
        action: "send".to_owned(),
        verdict: "ok".to_owned(),
        ..Finding::default()
    };
    if let Err(refusal) = tencent_signature::check(world, call, "sms", &mut finding) {
        return tencent_signature::error(refusal, finding);
    }
    if call.header("x-tc-version") != "2021-01-11" {
        let message = "The requested API version does not exist.".to_owned();
        return tencent_signature::error(("NoSuchVersion", message), finding);
    }
    let asked: SendSms = match serde_json::from_slice(&call.body) {
        Ok(asked) => asked,
        Err(wrong) => return tencent_signature::error(("InvalidParameter", wrong.to_string()), finding),
    };
    finding.about = asked.phone_number_set.first().map(|phone| bare_phone(phone)).unwrap_or_default();

    let fault = world.faults.take_answer(&finding.about, "send", |all| &mut all.sms.answer);
    if let Some(reply) = broken_before_effect(fault, &finding) {
        return reply;
    }
    let outcome = match fault {
        AnswerFault::ServerError => Err(("InternalError", "An internal error has occurred.".to_owned())),
        AnswerFault::TooMany => {
            Err(("RequestLimitExceeded", "Your requests exceed the frequency limit.".to_owned()))
        }
        _ => obey(world, &asked),
    };
    hold_if(fault, &mut finding).await;
    match outcome {
        Ok(statuses) => {
            let codes: Vec<&str> = statuses.iter().filter_map(|status| status["Code"].as_str()).collect();
            finding.verdict = codes.join(", ");
            let body = json!({ "Response": { "SendStatusSet": statuses, "RequestId": dice::uuid() } });
            Reply::json(200, body.to_string(), finding)
        }
        Err(refusal) => tencent_signature::error(refusal, finding),
    }
}

fn obey(world: &Arc<World>, asked: &SendSms) -> Result<Vec<Value>, Refusal> {
    if asked.sms_sdk_app_id != world.credentials.tencent.sdk_app_id {
        let message = "SmsSdkAppId verification fails.".to_owned();
        return Err(("UnauthorizedOperation.SmsSdkAppIdVerifyFail", message));
    }
    if asked.phone_number_set.is_empty() || asked.phone_number_set.len() > 200 {
        let message = "One to 200 phone numbers are allowed.".to_owned();
        return Err(("LimitExceeded.PhoneNumberCountLimit", message));
    }
    let template = template_for(asked);
    Ok(asked
        .phone_number_set
        .iter()
        .map(|number| send_one(world, asked, template.as_ref().copied(), number))
        .collect())
}

fn template_for(asked: &SendSms) -> Result<&'static Template, &'static str> {
    let registry = templates::registry();
    if !registry.sign_names.contains(&asked.sign_name) {
        return Err("FailedOperation.SignatureIncorrectOrUnapproved");
    }
    let template = registry
        .template
        .iter()
        .find(|template| template.tencent == asked.template_id)
        .ok_or("FailedOperation.TemplateIncorrectOrUnapproved")?;
    let params = &asked.template_param_set;
    if params.len() != template.names.len() {
        return Err("FailedOperation.TemplateParamSetNotMatchApprovedTemplate");
    }
    if params.iter().any(|value| value.chars().count() > LONGEST_PARAM) {
        return Err("InvalidParameterValue.TemplateParameterLengthLimit");
    }
    if params.iter().all(|value| templates::is_allowed_value(value)) {
        Ok(template)
    } else {
        Err("InvalidParameterValue.ProhibitedUseUrlInTemplateParameter")
    }
}

fn send_one(
    world: &Arc<World>,
    asked: &SendSms,
    template: Result<&'static Template, &&'static str>,
    number: &str,
) -> Value {
    let phone = bare_phone(number);
    let outcome = match template {
        Err(code) => Err(*code),
        Ok(_) if !number.starts_with("+86") || !is_mobile(&phone) => {
            Err("InvalidParameterValue.IncorrectPhoneNumber")
        }
        Ok(template) => {
            let message = Message {
                carrier: CARRIER,
                phone,
                sign_name: &asked.sign_name,
                template,
                template_id: &asked.template_id,
                params: asked.template_param_set.clone(),
                context: asked.session_context.clone(),
            };
            deliver(world, message).map_err(|limit| match limit {
                Limit::Shortly => "LimitExceeded.PhoneNumberThirtySecondLimit",
                Limit::Hourly => "LimitExceeded.PhoneNumberOneHourLimit",
                Limit::Daily => "LimitExceeded.PhoneNumberDailyLimit",
            })
        }
    };
    let (serial, fee, code, message) = match outcome {
        Ok(serial) => (serial, 1, "Ok", "send success"),
        Err(code) => (String::new(), 0, code, code.rsplit('.').next().unwrap_or(code)),
    };
    json!({
        "SerialNo": serial, "PhoneNumber": number, "Fee": fee, "SessionContext": asked.session_context,
        "Code": code, "Message": message, "IsoCode": "CN",
    })
}
