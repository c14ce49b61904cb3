//! Tencent Cloud faceid 2018-03-01: PhoneVerification (three factors) and BankCard4EVerification (four), signed TC3.
//!
//! Sources: cloud.tencent.com/document/product/1007/39765 (phone), 1007/35776 (card): what each `Result` says.

use super::{IdentityCheck, Person, Verdict};
use crate::outside::quote::quote;
use crate::outside::tencent_signature::{CONTENT_TYPE, Signer};
use crate::outside::{CallError, SetupError, Surroundings, http, key_file};
use async_trait::async_trait;
use reqwest::Url;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::PathBuf;
use zeroize::Zeroizing;

const SERVICE: &str = "faceid";

/// `[identity]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentitySettings {
    pub base_url: String,
    pub secret_id: String,
    pub secret_key_file: PathBuf,
    pub region: String,
}

pub struct Tencent {
    url: Url,
    host: String,
    secret_id: String,
    secret_key: Zeroizing<String>,
    region: String,
    around: Surroundings,
}

impl Tencent {
    /// # Errors
    /// The address is none, or the key file cannot be read.
    pub fn new(settings: &IdentitySettings, around: Surroundings) -> Result<Tencent, SetupError> {
        let wrong = |why: &dyn ToString| SetupError::new("identity.base_url", why.to_string());
        let url = Url::parse(&settings.base_url).map_err(|why| wrong(&why))?;
        let host = http::host(&url).ok_or_else(|| wrong(&"no host"))?;
        Ok(Tencent {
            url,
            host,
            secret_id: settings.secret_id.clone(),
            secret_key: key_file::read_text(&settings.secret_key_file)?,
            region: settings.region.clone(),
            around,
        })
    }

    async fn ask(&self, action: &str, body: Value) -> Result<String, CallError> {
        let body = Zeroizing::new(body.to_string());
        let now = self.around.now();
        let signer = Signer { secret_id: &self.secret_id, secret_key: &self.secret_key, host: &self.host };
        let request = self
            .around
            .http()
            .post(self.url.as_str())
            .header("authorization", signer.authorization(SERVICE, &body, now))
            .header("content-type", CONTENT_TYPE)
            .header("x-tc-action", action)
            .header("x-tc-version", "2018-03-01")
            .header("x-tc-timestamp", (now.millis() / 1000).to_string())
            .header("x-tc-region", &self.region)
            .body(body.as_bytes().to_vec());
        let answer = self.around.http().send(request).await?;
        read(answer.status, &answer.body)
    }
}

#[async_trait]
impl IdentityCheck for Tencent {
    async fn phone(&self, person: &Person) -> Result<Verdict, CallError> {
        let body = json!({ "IdCard": person.id_number, "Name": person.name, "Phone": person.phone });
        phone_verdict(&self.ask("PhoneVerification", body).await?)
    }

    async fn card(&self, person: &Person, card: &str) -> Result<Verdict, CallError> {
        let body = json!({
            "IdCard": person.id_number, "Name": person.name, "Phone": person.phone, "BankCard": card,
            "CertType": 0,
        });
        card_verdict(&self.ask("BankCard4EVerification", body).await?)
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
    error: Option<Refused>,
    result: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Refused {
    code: String,
    message: String,
}

/// The `Result` of an answer. A question changes nothing there, so whatever is no answer may be asked again; only wrong
/// credentials and a contract that does not cover the call wait for a person.
fn read(status: u16, body: &[u8]) -> Result<String, CallError> {
    let envelope: Envelope = serde_json::from_slice(body)
        .map_err(|error| CallError::Again(format!("status {status}, answer: {error}")))?;
    match (envelope.response.error, envelope.response.result) {
        (Some(Refused { code, message }), _) => {
            let words = quote(&format!("{code} {message}"));
            if code.starts_with("AuthFailure") || code.starts_with("Unauthorized") {
                Err(CallError::Config(words))
            } else if code.starts_with("InvalidParameter") || code.starts_with("MissingParameter") {
                Err(CallError::refused(code, quote(&message)))
            } else {
                Err(CallError::Again(words))
            }
        }
        (None, Some(result)) => Ok(result),
        (None, None) => Err(CallError::Again("an answer without a result".to_owned())),
    }
}

fn phone_verdict(result: &str) -> Result<Verdict, CallError> {
    Ok(match result {
        "0" => Verdict::Match,
        "-4" | "-5" => Verdict::Mismatch,
        "-6" => Verdict::BadInput("phone"),
        "-7" => Verdict::BadInput("id_number"),
        "-8" => Verdict::BadInput("name"),
        "-9" | "-13" => Verdict::NoRecord,
        "-11" => Verdict::Busy,
        "-12" => Verdict::QuotaReached,
        other => return Err(CallError::Unknown(quote(&format!("phone verification says {other}")))),
    })
}

fn card_verdict(result: &str) -> Result<Verdict, CallError> {
    Ok(match result {
        "0" => Verdict::Match,
        // A card that was lost, restricted or closed proves nobody.
        "-1" | "-6" | "-7" | "-8" | "-9" | "-11" | "-12" | "-13" | "-14" | "-15" | "-16" | "-17" | "-21" => {
            Verdict::Mismatch
        }
        "-2" => Verdict::BadInput("name"),
        "-3" => Verdict::BadInput("id_number"),
        "-4" => Verdict::BadInput("card"),
        "-5" => Verdict::BadInput("phone"),
        "-10" => Verdict::NoRecord,
        "-18" => Verdict::Busy,
        "-19" | "-20" => Verdict::QuotaReached,
        other => return Err(CallError::Unknown(quote(&format!("card verification says {other}")))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_provider_is_no_mismatch() {
        assert_eq!(phone_verdict("-11"), Ok(Verdict::Busy));
        assert_eq!(card_verdict("-18"), Ok(Verdict::Busy));
        assert_eq!(phone_verdict("-12"), Ok(Verdict::QuotaReached));
        assert_eq!(phone_verdict("-9"), Ok(Verdict::NoRecord));
        assert!(matches!(phone_verdict("-99"), Err(CallError::Unknown(_))));
    }

    #[test]
    fn what_is_no_answer_is_asked_again_and_a_wrong_key_is_for_people() {
        assert!(matches!(read(502, b"<html>"), Err(CallError::Again(_))));
        let wrong = br#"{"Response":{"Error":{"Code":"AuthFailure.SignatureFailure","Message":"m"},"RequestId":"r"}}"#;
        assert!(matches!(read(200, wrong), Err(CallError::Config(_))));
        assert_eq!(read(200, br#"{"Response":{"Result":"0","Description":"d"}}"#), Ok("0".to_owned()));
    }
}
