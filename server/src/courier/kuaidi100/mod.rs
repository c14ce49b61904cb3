//! Owns: 快递100, one tracker for all couriers: subscribe `POST /poll`, ask `POST /poll/query.do`, and what it pushes.
//! Never: an order; a decision about a parcel.
//! Start at: `Kuaidi100`, then `read.rs`.
//!
//! Protocol from public sources (api.kuaidi100.com, document 5f0ffb5e): the tracker's own test desk has not seen it yet.

mod read;
pub mod signature;

use super::{CourierSettings, News, Parcel, Push, Tracker};
use crate::outside::quote::quote;
use crate::outside::{CallError, SetupError, Surroundings, key_file};
use async_trait::async_trait;
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// Each line with its state's code, and more words of where.
const DETAIL: &str = "4";

pub struct Kuaidi100 {
    base_url: String,
    customer: String,
    key: Zeroizing<String>,
    around: Surroundings,
}

impl Kuaidi100 {
    /// # Errors
    /// The key file cannot be read or is empty, or the address is none.
    pub fn new(settings: &CourierSettings, around: Surroundings) -> Result<Kuaidi100, SetupError> {
        let key = key_file::read_text(&settings.key_file)?;
        if key.is_empty() {
            return Err(key_file::wrong(&settings.key_file, "is empty"));
        }
        if reqwest::Url::parse(&settings.base_url).is_err() {
            return Err(SetupError::new("courier.base_url", "not an address"));
        }
        let base_url = settings.base_url.trim_end_matches('/').to_owned();
        Ok(Kuaidi100 { base_url, customer: settings.customer.clone(), key, around })
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<Value, CallError> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let http = self.around.http();
        let request = http
            .post(&format!("{}{path}", self.base_url))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let answer = http.send(request).await?;
        if answer.status != 200 {
            return Err(CallError::Again(format!("status {}", answer.status)));
        }
        serde_json::from_slice(&answer.body).map_err(|_| CallError::Again("the answer is no JSON".to_owned()))
    }
}

#[async_trait]
impl Tracker for Kuaidi100 {
    async fn subscribe(&self, parcel: &Parcel<'_>, callback_url: &str, salt: &str) -> Result<(), CallError> {
        let mut parameters = json!({ "callbackurl": callback_url, "salt": salt, "resultv2": DETAIL });
        if let Some(phone) = parcel.phone {
            parameters["phone"] = phone.into();
        }
        let param = json!({
            "company": parcel.company, "number": parcel.waybill, "key": *self.key, "parameters": parameters,
        });
        let answer = self.post("/poll", &[("schema", "json"), ("param", &param.to_string())]).await?;
        match text(&answer, "returnCode").as_str() {
            // 501: we did so before and did not hear of it.
            "200" | "501" => Ok(()),
            code => Err(refusal(code, &answer)),
        }
    }

    async fn query(&self, parcel: &Parcel<'_>) -> Result<News, CallError> {
        let mut param = json!({ "com": parcel.company, "num": parcel.waybill, "resultv2": DETAIL });
        if let Some(phone) = parcel.phone {
            param["phone"] = phone.into();
        }
        let param = param.to_string();
        let sign = signature::of_query(&param, &self.key, &self.customer);
        let fields = [("customer", self.customer.as_str()), ("sign", &sign), ("param", &param)];
        let answer = self.post("/poll/query.do", &fields).await?;
        match (text(&answer, "status").as_str(), text(&answer, "returnCode").as_str()) {
            ("200", _) if text(&answer, "nu").eq_ignore_ascii_case(parcel.waybill) => {
                Ok(read::news(&answer, self.around.now()))
            }
            ("200", _) => Err(CallError::Unknown("the answer is of another parcel".to_owned())),
            // 查询无结果: the courier has not collected it yet.
            (_, "500") => Ok(News::default()),
            (_, code) => Err(refusal(code, &answer)),
        }
    }

    fn read(&self, body: &[u8]) -> Option<Push> {
        read::push(body, self.around.now())
    }

    fn acknowledgement(&self, kept: bool) -> &'static str {
        if kept {
            r#"{"result":true,"returnCode":"200","message":"成功"}"#
        } else {
            r#"{"result":false,"returnCode":"500","message":"失败"}"#
        }
    }
}

/// What the tracker's codes mean for us.
fn refusal(code: &str, answer: &Value) -> CallError {
    let words = quote(&text(answer, "message"));
    match code {
        // Not our key, our key has ended, our signature.
        "503" | "600" | "601" => CallError::Config(format!("courier: {code} {words}")),
        // Not this courier, not such a number, another phone's.
        "400" | "408" | "700" | "701" | "702" => CallError::refused(code, words),
        _ => CallError::Again(format!("{code} {words}")),
    }
}

/// Numbers come as texts, and sometimes as numbers.
fn text(value: &Value, name: &str) -> String {
    match &value[name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
