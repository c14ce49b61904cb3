//! A question to one product of Tencent Cloud: signed TC3, asked once, answered with its `Response`.
//!
//! Sources: cloud.tencent.com/document/api/1007/31324 (common parameters), 1007/31325 (signature), 1007/31326 (answers).

use super::quote::quote;
use super::tencent_signature::{CONTENT_TYPE, Signer};
use super::{CallError, SetupError, Surroundings, http, key_file};
use reqwest::Url;
use serde_json::Value;
use std::path::Path;
use zeroize::Zeroizing;

/// Whose calls, where and under which signature.
pub struct TencentCloud {
    url: Url,
    host: String,
    secret_id: String,
    secret_key: Zeroizing<String>,
    region: String,
    around: Surroundings,
}

/// Name, version and action, as the product's documentation has them.
#[derive(Clone, Copy)]
pub struct Call {
    pub service: &'static str,
    pub version: &'static str,
    pub action: &'static str,
}

impl TencentCloud {
    /// `setting` is the one that `base_url` comes from, for whoever has to mend it.
    ///
    /// # Errors
    /// The address is none, or the key file cannot be read.
    pub fn new(
        setting: &str,
        base_url: &str,
        (secret_id, secret_key_file): (&str, &Path),
        region: &str,
        around: Surroundings,
    ) -> Result<TencentCloud, SetupError> {
        let url = Url::parse(base_url).map_err(|why| SetupError::new(setting, why))?;
        let host = http::host(&url).ok_or_else(|| SetupError::new(setting, "no host"))?;
        Ok(TencentCloud {
            url,
            host,
            secret_id: secret_id.to_owned(),
            secret_key: key_file::read_text(secret_key_file)?,
            region: region.to_owned(),
            around,
        })
    }

    /// # Errors
    /// No answer, or one that says no; a question changes nothing there, so that most may be asked again.
    pub async fn ask(&self, call: Call, body: &Value) -> Result<Value, CallError> {
        let body = Zeroizing::new(body.to_string());
        let now = self.around.now();
        let signer = Signer { secret_id: &self.secret_id, secret_key: &self.secret_key, host: &self.host };
        let request = self
            .around
            .http()
            .post(self.url.as_str())
            .header("authorization", signer.authorization(call.service, &body, now))
            .header("content-type", CONTENT_TYPE)
            .header("x-tc-action", call.action)
            .header("x-tc-version", call.version)
            .header("x-tc-timestamp", (now.millis() / 1000).to_string())
            .header("x-tc-region", &self.region)
            .body(body.as_bytes().to_vec());
        let answer = self.around.http().send(request).await?;
        read(answer.status, &answer.body)
    }
}

/// Whatever is no answer may be asked again; only wrong credentials and a contract that does not cover the call wait for a
/// person.
fn read(status: u16, body: &[u8]) -> Result<Value, CallError> {
    let mut answer: Value = serde_json::from_slice(body)
        .map_err(|error| CallError::Again(format!("status {status}, answer: {error}")))?;
    let response = answer["Response"].take();
    let Some(refused) = response.get("Error").filter(|error| !error.is_null()) else {
        return if response.is_object() {
            Ok(response)
        } else {
            Err(CallError::Again("an answer without a response".to_owned()))
        };
    };
    let part = |name: &str| refused[name].as_str().unwrap_or_default();
    let (code, message) = (part("Code"), part("Message"));
    let words = quote(&format!("{code} {message}"));
    if code.starts_with("AuthFailure") || code.starts_with("Unauthorized") {
        Err(CallError::Config(words))
    } else if code.starts_with("InvalidParameter") || code.starts_with("MissingParameter") {
        Err(CallError::refused(code, quote(message)))
    } else {
        Err(CallError::Again(words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_answer_is_asked_again_and_a_wrong_key_is_for_people() {
        assert!(matches!(read(502, b"<html>"), Err(CallError::Again(_))));
        assert!(matches!(read(200, b"{}"), Err(CallError::Again(_))));
        let said = |code: &str| {
            let body =
                format!(r#"{{"Response":{{"Error":{{"Code":"{code}","Message":"m"}},"RequestId":"r"}}}}"#);
            read(200, body.as_bytes()).unwrap_err()
        };
        assert!(matches!(said("AuthFailure.SignatureFailure"), CallError::Config(_)));
        assert!(matches!(said("UnauthorizedOperation.Nonactivated"), CallError::Config(_)));
        assert!(matches!(said("InvalidParameterValue"), CallError::Refused { .. }));
        assert!(matches!(said("RequestLimitExceeded"), CallError::Again(_)));
        let good = read(200, br#"{"Response":{"Result":"0","Description":"d"}}"#).unwrap();
        assert_eq!(good["Result"], "0");
    }
}
