//! The gateway's common part: parameters from query and body, the RSA2 check, and the answer whose raw text is signed.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use time::{PrimitiveDateTime, macros::format_description};

use super::{Refused, action_of};
use crate::{door::Call, door::Reply, journal::Finding, rsa_key, world::World};

const ALLOWED_SKEW_SECONDS: i64 = 24 * 3600;

pub struct Request {
    params: BTreeMap<String, String>,
    /// `biz_content`, parsed; null when it is not JSON.
    pub content: Value,
}

impl Request {
    /// SDKs differ in what they put into the query and what into the form body: both count.
    pub fn read(call: &Call) -> Self {
        let mut params: BTreeMap<String, String> =
            form_urlencoded::parse(call.query.as_bytes()).into_owned().collect();
        params.extend(form_urlencoded::parse(&call.body).into_owned());
        let content = params.get("biz_content").and_then(|text| serde_json::from_str(text).ok());
        Self { content: content.unwrap_or_default(), params }
    }

    pub fn field(&self, name: &str) -> &str {
        self.params.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Every parameter but `sign` and empty ones, sorted, not URL-encoded.
    pub fn canonical(&self) -> String {
        let signed = self.params.iter().filter(|(name, value)| *name != "sign" && !value.is_empty());
        signed.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    pub fn check(&self, world: &World) -> Result<(), Refused> {
        let wrong =
            |sub_code, sub_msg: &str| Err(Refused { code: "40002", sub_code, sub_msg: sub_msg.to_owned() });
        for (name, sub_code) in [
            ("method", "isv.missing-method"),
            ("app_id", "isv.missing-app-id"),
            ("timestamp", "isv.missing-timestamp"),
            ("version", "isv.missing-version"),
            ("sign_type", "isv.missing-signature-type"),
            ("sign", "isv.missing-signature"),
        ] {
            if self.field(name).is_empty() {
                return Err(Refused { code: "40001", sub_code, sub_msg: format!("缺少{name}参数") });
            }
        }
        let ours = &world.credentials.alipay;
        if self.field("app_id") != ours.app_id {
            return wrong("isv.invalid-app-id", "无效的AppID参数");
        }
        if self.field("sign_type") != "RSA2" {
            return wrong("isv.invalid-signature-type", "无效的签名类型");
        }
        if !["", "utf-8", "utf8"].contains(&self.field("charset").to_lowercase().as_str()) {
            return wrong("isv.invalid-charset", "字符集错误");
        }
        if self.field("version") != "1.0" {
            return wrong("isv.invalid-version", "无效的版本");
        }
        if !rsa_key::verify(&ours.app_public, self.canonical().as_bytes(), self.field("sign")) {
            let words = format!(
                "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：{}",
                self.canonical()
            );
            return wrong("isv.invalid-signature", &words);
        }
        if !is_recent(self.field("timestamp"), world.clock.wire_seconds()) {
            return wrong("isv.invalid-timestamp", "非法的时间戳参数");
        }
        if !self.content.is_object() {
            return wrong("isv.invalid-parameter", "参数无效：biz_content不是JSON");
        }
        Ok(())
    }
}

fn is_recent(text: &str, now: i64) -> bool {
    beijing_seconds(text).is_some_and(|at| (now - at).abs() <= ALLOWED_SKEW_SECONDS)
}

/// `2026-11-22 16:26:52`, Beijing time, in Unix seconds.
pub fn beijing_seconds(text: &str) -> Option<i64> {
    let form = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let beijing = time::UtcOffset::from_hms(8, 0, 0).expect("eight hours are an offset");
    Some(PrimitiveDateTime::parse(text, &form).ok()?.assume_offset(beijing).unix_timestamp())
}

/// `{"<method>_response":{…},"sign":"…"}`: the signature covers the raw text between the two, `\/` and all.
pub fn reply(
    world: &World,
    request: &Request,
    outcome: Result<Value, Refused>,
    mut finding: Finding,
    wrong_key: bool,
) -> Reply {
    let mut fields = Map::new();
    match outcome {
        Ok(more) => {
            fields.insert("code".to_owned(), json!("10000"));
            fields.insert("msg".to_owned(), json!("Success"));
            fields.extend(more.as_object().cloned().unwrap_or_default());
        }
        Err(refused) => {
            finding.verdict = format!("{} {} {}", refused.code, refused.sub_code, refused.sub_msg);
            let msg = match refused.code {
                "20000" => "Service Currently Unavailable",
                "40001" => "Missing Required Arguments",
                "40002" => "Invalid Arguments",
                "40005" => "Call Limited",
                _ => "Business Failed",
            };
            for (name, value) in [
                ("code", refused.code),
                ("msg", msg),
                ("sub_code", refused.sub_code),
                ("sub_msg", &refused.sub_msg),
            ] {
                fields.insert(name.to_owned(), json!(value));
            }
        }
    }
    let text = Value::Object(fields).to_string().replace('/', r"\/");
    let key =
        if wrong_key { &world.credentials.wechat_pay.platform } else { &world.credentials.alipay.alipay };
    let method = request.field("method");
    let name = match action_of(method) {
        Some(_) => format!("{}_response", method.replace('.', "_")),
        None => "error_response".to_owned(),
    };
    let body = format!(r#"{{"{name}":{text},"sign":"{}"}}"#, key.sign(text.as_bytes()));
    let mut reply = Reply::json(200, body, finding);
    reply.headers = vec![("content-type", "text/html;charset=utf-8".to_owned())];
    reply
}
