//! Tencent Cloud faceid 2018-03-01: PhoneVerification (three factors) and BankCard4EVerification (four), signed TC3.
//!
//! Sources: cloud.tencent.com/document/product/1007/39765 (phone), 1007/35776 (card): what each `Result` says.

use super::{IdentityCheck, Person, Verdict};
use crate::outside::quote::quote;
use crate::outside::tencent_cloud::{Call, TencentCloud};
use crate::outside::{CallError, SetupError, Surroundings};
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::PathBuf;

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
    cloud: TencentCloud,
}

impl Tencent {
    /// # Errors
    /// The address is none, or the key file cannot be read.
    pub fn new(settings: &IdentitySettings, around: Surroundings) -> Result<Tencent, SetupError> {
        let IdentitySettings { base_url, secret_id, secret_key_file, region } = settings;
        let access = (secret_id.as_str(), secret_key_file.as_path());
        let cloud = TencentCloud::new("identity.base_url", base_url, access, region, around)?;
        Ok(Tencent { cloud })
    }

    async fn ask(&self, action: &'static str, body: Value) -> Result<String, CallError> {
        let call = Call { service: "faceid", version: "2018-03-01", action };
        let answer = self.cloud.ask(call, &body).await?;
        let result = answer["Result"].as_str().map(str::to_owned);
        result.ok_or_else(|| CallError::Again("an answer without a result".to_owned()))
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
}
