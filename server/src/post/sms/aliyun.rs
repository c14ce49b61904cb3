//! Aliyun Dysmsapi 2017-05-25 SendSms, signed ACS3-HMAC-SHA256.
//!
//! Sources: help.aliyun.com/document_detail/419273 (SendSms), help.aliyun.com/document_detail/2712561 (signature v3).

use super::{Receipt, SmsSender, Templates};
use crate::outside::quote::quote;
use crate::outside::{SetupError, Surroundings, http, key_file};
use crate::post::message::{Message, SendError};
use async_trait::async_trait;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use ring::{digest, hmac};
use serde::Deserialize;
use std::path::PathBuf;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};
use zeroize::Zeroizing;

/// `[sms.aliyun]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AliyunSettings {
    pub base_url: String,
    pub access_key_id: String,
    pub access_key_secret_file: PathBuf,
    pub templates: Templates,
}

pub struct Aliyun {
    base_url: String,
    host: String,
    access_key_id: String,
    access_key_secret: Zeroizing<String>,
    sign_name: String,
    templates: Templates,
    around: Surroundings,
}

impl Aliyun {
    /// # Errors
    /// The address is none, or the key file cannot be read.
    pub fn new(
        settings: &AliyunSettings,
        sign_name: &str,
        around: Surroundings,
    ) -> Result<Aliyun, SetupError> {
        let url = Url::parse(&settings.base_url).map_err(|e| SetupError::new("sms.aliyun.base_url", e))?;
        let host = http::host(&url).ok_or_else(|| SetupError::new("sms.aliyun.base_url", "no host"))?;
        Ok(Aliyun {
            base_url: settings.base_url.trim_end_matches('/').to_owned(),
            host,
            access_key_id: settings.access_key_id.clone(),
            access_key_secret: key_file::read_text(&settings.access_key_secret_file)?,
            sign_name: sign_name.to_owned(),
            templates: settings.templates.clone(),
            around,
        })
    }
}

#[async_trait]
impl SmsSender for Aliyun {
    async fn send(&self, phone: &str, message: &Message) -> Result<Receipt, SendError> {
        let variables: serde_json::Map<String, serde_json::Value> =
            message.parameters().iter().map(|p| (p.name.to_owned(), p.value.as_str().into())).collect();
        let query = canonical_query(&[
            ("PhoneNumbers", phone),
            ("SignName", &self.sign_name),
            ("TemplateCode", self.templates.of(message.kind())?),
            ("TemplateParam", &serde_json::Value::Object(variables).to_string()),
        ]);
        let date = acs_date(self.around.now());
        let nonce = self.around.nonce();
        let call = Call { host: &self.host, query: &query, date: &date, nonce: &nonce };
        let mut request = self
            .around
            .http()
            .post(&format!("{}/?{}", self.base_url, query.as_str()))
            .header("authorization", call.authorization(&self.access_key_id, &self.access_key_secret));
        // The client sets the host itself.
        for (name, value) in call.headers().into_iter().filter(|(name, _)| *name != "host") {
            request = request.header(name, value);
        }
        let answer = self.around.http().send(request).await?;
        read(answer.status, &answer.body)
    }
}

/// What is signed of one SendSms with an empty body. Pure.
struct Call<'a> {
    host: &'a str,
    query: &'a str,
    /// `2026-11-22T08:18:00Z`.
    date: &'a str,
    nonce: &'a str,
}

impl Call<'_> {
    /// The signed headers, sorted by name.
    fn headers(&self) -> [(&'static str, String); 6] {
        [
            ("host", self.host.to_owned()),
            ("x-acs-action", "SendSms".to_owned()),
            ("x-acs-content-sha256", sha256_hex(b"")),
            ("x-acs-date", self.date.to_owned()),
            ("x-acs-signature-nonce", self.nonce.to_owned()),
            ("x-acs-version", "2017-05-25".to_owned()),
        ]
    }

    fn authorization(&self, access_key_id: &str, access_key_secret: &str) -> String {
        let headers = self.headers();
        let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let names = headers.map(|(name, _)| name).join(";");
        let canonical = format!("POST\n/\n{}\n{lines}\n{names}\n{}", self.query, sha256_hex(b""));
        let text = format!("ACS3-HMAC-SHA256\n{}", sha256_hex(canonical.as_bytes()));
        let key = hmac::Key::new(hmac::HMAC_SHA256, access_key_secret.as_bytes());
        let signature = hex::encode(hmac::sign(&key, text.as_bytes()));
        format!("ACS3-HMAC-SHA256 Credential={access_key_id},SignedHeaders={names},Signature={signature}")
    }
}

/// Everything but RFC 3986's unreserved characters is escaped.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Pairs sorted by name already; the text that is signed is the text that is sent.
fn canonical_query(pairs: &[(&str, &str)]) -> Zeroizing<String> {
    debug_assert!(pairs.is_sorted_by_key(|(name, _)| *name));
    let mut query = Zeroizing::new(String::new());
    for (name, value) in pairs {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(name);
        query.push('=');
        query.extend(utf8_percent_encode(value, ESCAPED));
    }
    query
}

fn acs_date(now: journey::Moment) -> String {
    let utc: OffsetDateTime = now.beijing().to_offset(UtcOffset::UTC);
    utc.format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z"))
        .expect("every part is a number")
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    biz_id: String,
}

/// Refusals come with status 200 and a code; signature errors with 400.
fn read(status: u16, body: &[u8]) -> Result<Receipt, SendError> {
    let answer: Answer = serde_json::from_slice(body)
        .map_err(|error| SendError::Again(format!("status {status}, answer: {error}")))?;
    let words = quote(&format!("{} {}", answer.code, answer.message));
    match answer.code.as_str() {
        "OK" => Ok(Receipt { id: answer.biz_id }),
        "isv.BUSINESS_LIMIT_CONTROL" | "isv.DAY_LIMIT_CONTROL" => Err(SendError::Limited(words)),
        "isv.MOBILE_NUMBER_ILLEGAL"
        | "isv.MOBILE_COUNT_OVER_LIMIT"
        | "isv.PARAM_LENGTH_LIMIT"
        | "isv.INVALID_PARAMETERS"
        | "isv.TEMPLATE_MISSING_PARAMETERS"
        | "isv.BLACK_KEY_CONTROL_LIMIT" => Err(SendError::GiveUp(words)),
        _ => Err(SendError::Again(words)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with Python's hashlib and hmac.
    #[test]
    fn signature_equals_an_independent_one() {
        let query = canonical_query(&[
            ("PhoneNumbers", "13812345678"),
            ("SignName", "证书大厅"),
            ("TemplateCode", "SMS_1"),
            ("TemplateParam", r#"{"code":"123456 ~*"}"#),
        ]);
        let call =
            Call { host: "127.0.0.1:8421", query: &query, date: "2026-11-22T08:18:00Z", nonce: "0123abcd" };
        assert_eq!(
            call.authorization("LTAItest", "testsecret"),
            "ACS3-HMAC-SHA256 Credential=LTAItest,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=1d2095ae0c0696e54443def874fafb6131b8090391fbc476b3af382eecd3b394"
        );
    }

    #[test]
    fn the_date_is_utc() {
        assert_eq!(acs_date(journey::Moment::from_millis(1_795_335_480_000)), "2026-11-22T08:18:00Z");
    }

    #[test]
    fn limits_wait_wrong_numbers_stop_and_all_else_is_tried_again() {
        let code = |code: &str| format!(r#"{{"Code":"{code}","Message":"m","RequestId":"r"}}"#);
        assert!(matches!(
            read(200, code("isv.BUSINESS_LIMIT_CONTROL").as_bytes()),
            Err(SendError::Limited(_))
        ));
        assert!(matches!(read(200, code("isv.MOBILE_NUMBER_ILLEGAL").as_bytes()), Err(SendError::GiveUp(_))));
        assert!(matches!(read(400, code("SignatureDoesNotMatch").as_bytes()), Err(SendError::Again(_))));
        let sent = r#"{"Code":"OK","Message":"OK","RequestId":"r","BizId":"900^0"}"#;
        assert_eq!(read(200, sent.as_bytes()), Ok(Receipt { id: "900^0".to_owned() }));
    }
}
