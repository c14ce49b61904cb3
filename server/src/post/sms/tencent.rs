//! Tencent Cloud SMS 2021-01-11 SendSms, signed TC3-HMAC-SHA256.
//!
//! Sources: cloud.tencent.com/document/product/382/55981 (SendSms), 382/52072 (signature v3).

use super::{Receipt, SmsSender, Templates};
use crate::outside::quote::quote;
use crate::outside::tencent_signature::{CONTENT_TYPE, Signer};
use crate::outside::{SetupError, Surroundings, http, key_file};
use crate::post::message::{Message, SendError};
use async_trait::async_trait;
use reqwest::Url;
use serde::Deserialize;
use serde_json::json;
use std::path::PathBuf;
use zeroize::Zeroizing;

const SERVICE: &str = "sms";

/// `[sms.tencent]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TencentSettings {
    pub base_url: String,
    pub secret_id: String,
    pub secret_key_file: PathBuf,
    pub sdk_app_id: String,
    pub region: String,
    pub templates: Templates,
}

pub struct Tencent {
    url: Url,
    /// With the port where it is not the scheme's own: it is under the signature.
    host: String,
    secret_id: String,
    secret_key: Zeroizing<String>,
    sdk_app_id: String,
    region: String,
    sign_name: String,
    templates: Templates,
    around: Surroundings,
}

impl Tencent {
    /// # Errors
    /// The address is none, or the key file cannot be read.
    pub fn new(
        settings: &TencentSettings,
        sign_name: &str,
        around: Surroundings,
    ) -> Result<Tencent, SetupError> {
        let url = Url::parse(&settings.base_url).map_err(|e| SetupError::new("sms.tencent.base_url", e))?;
        let host = http::host(&url).ok_or_else(|| SetupError::new("sms.tencent.base_url", "no host"))?;
        Ok(Tencent {
            url,
            host,
            secret_id: settings.secret_id.clone(),
            secret_key: key_file::read_text(&settings.secret_key_file)?,
            sdk_app_id: settings.sdk_app_id.clone(),
            region: settings.region.clone(),
            sign_name: sign_name.to_owned(),
            templates: settings.templates.clone(),
            around,
        })
    }
}

#[async_trait]
impl SmsSender for Tencent {
    async fn send(&self, phone: &str, message: &Message) -> Result<Receipt, SendError> {
        let parameters = message.parameters();
        let body = Zeroizing::new(
            json!({
                "PhoneNumberSet": [format!("+86{phone}")],
                "SmsSdkAppId": self.sdk_app_id,
                "SignName": self.sign_name,
                "TemplateId": self.templates.of(message.kind())?,
                "TemplateParamSet": parameters.iter().map(|p| p.value.as_str()).collect::<Vec<_>>(),
            })
            .to_string(),
        );
        let now = self.around.now();
        let signer = Signer { secret_id: &self.secret_id, secret_key: &self.secret_key, host: &self.host };
        let authorization = signer.authorization(SERVICE, &body, now);
        let request = self
            .around
            .http()
            .post(self.url.as_str())
            .header("authorization", authorization)
            .header("content-type", CONTENT_TYPE)
            .header("x-tc-action", "SendSms")
            .header("x-tc-version", "2021-01-11")
            .header("x-tc-timestamp", (now.millis() / 1000).to_string())
            .header("x-tc-region", &self.region)
            .body(body.as_bytes().to_vec());
        let answer = self.around.http().send(request).await?;
        read(answer.status, &answer.body)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope {
    response: Response,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    error: Option<Status>,
    #[serde(default)]
    send_status_set: Vec<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Status {
    code: String,
    message: String,
    #[serde(default)]
    serial_no: String,
}

/// A 200 without an error can still hold a number that was refused.
fn read(status: u16, body: &[u8]) -> Result<Receipt, SendError> {
    let envelope: Envelope = serde_json::from_slice(body)
        .map_err(|error| SendError::Again(format!("status {status}, answer: {error}")))?;
    if let Some(error) = envelope.response.error {
        return Err(refusal(&error));
    }
    match envelope.response.send_status_set.into_iter().next() {
        Some(sent) if sent.code == "Ok" => Ok(Receipt { id: sent.serial_no }),
        Some(refused) => Err(refusal(&refused)),
        None => Err(SendError::Again("an answer without a number".to_owned())),
    }
}

/// Given up is only what no later try can mend: the number or the content. Settings and money are mended by people.
fn refusal(status: &Status) -> SendError {
    let words = quote(&format!("{} {}", status.code, status.message));
    let code = status.code.as_str();
    if code.starts_with("LimitExceeded.") {
        SendError::Limited(words)
    } else if code.starts_with("InvalidParameterValue.")
        || code.starts_with("UnsupportedOperation.")
        || matches!(
            code,
            "FailedOperation.PhoneNumberInBlacklist"
                | "FailedOperation.ContainSensitiveWord"
                | "FailedOperation.PhoneNumberParseFail"
        )
    {
        SendError::GiveUp(words)
    } else {
        SendError::Again(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_success_without_error_can_hold_a_refused_number() {
        let body = br#"{"Response":{"SendStatusSet":[{"SerialNo":"","PhoneNumber":"+8613812345678","Fee":0,"SessionContext":"","Code":"LimitExceeded.PhoneNumberThirtySecondLimit","Message":"limit","IsoCode":"CN"}],"RequestId":"r"}}"#;
        assert!(matches!(read(200, body), Err(SendError::Limited(_))));
    }

    #[test]
    fn a_wrong_signature_is_for_people_to_mend_and_a_wrong_number_is_given_up() {
        let body = br#"{"Response":{"Error":{"Code":"AuthFailure.SignatureFailure","Message":"m"},"RequestId":"r"}}"#;
        assert!(matches!(read(200, body), Err(SendError::Again(_))));
        let body = br#"{"Response":{"SendStatusSet":[{"SerialNo":"","Code":"InvalidParameterValue.IncorrectPhoneNumber","Message":"m"}],"RequestId":"r"}}"#;
        assert!(matches!(read(200, body), Err(SendError::GiveUp(_))));
        assert!(matches!(read(502, b"<html>"), Err(SendError::Again(_))));
    }
}
