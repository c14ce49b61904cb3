//! Tencent Cloud as a register: ocr 2018-11-19 VerifyBizLicenseEnterprise4 (企业四要素核验) for organisations, faceid
//! 2018-03-01 IdCardVerification (身份信息认证) for persons; both signed TC3.
//!
//! Sources: cloud.tencent.com/document/product/866 (ocr) and 1007/33188 (IdCardVerification); what each field says is read
//! in the documentation of Tencent's own SDK, tencentcloud-sdk-python-ocr 3.1.193 and -faceid 3.1.179 (PyPI).

use super::Answer;
use super::register::{Organisation, Register};
use crate::outside::quote::quote;
use crate::outside::tencent_cloud::{Call, TencentCloud};
use crate::outside::{CallError, SetupError, Surroundings};
use async_trait::async_trait;
use journey::registered::RegisteredFact;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::PathBuf;

const ORGANISATION: Call =
    Call { service: "ocr", version: "2018-11-19", action: "VerifyBizLicenseEnterprise4" };
const PERSON: Call = Call { service: "faceid", version: "2018-03-01", action: "IdCardVerification" };

/// `[registry]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrySettings {
    /// `https://ocr.tencentcloudapi.com`
    pub organisation_url: String,
    /// `https://faceid.tencentcloudapi.com`
    pub person_url: String,
    pub secret_id: String,
    pub secret_key_file: PathBuf,
    pub region: String,
}

pub struct Tencent {
    organisations: TencentCloud,
    persons: TencentCloud,
}

impl Tencent {
    /// # Errors
    /// An address is none, or the key file cannot be read.
    pub fn new(settings: &RegistrySettings, around: &Surroundings) -> Result<Tencent, SetupError> {
        let RegistrySettings { organisation_url, person_url, secret_id, secret_key_file, region } = settings;
        let cloud = |setting: &str, url: &str| {
            TencentCloud::new(setting, url, (secret_id, secret_key_file), region, around.clone())
        };
        Ok(Tencent {
            organisations: cloud("registry.organisation_url", organisation_url)?,
            persons: cloud("registry.person_url", person_url)?,
        })
    }
}

#[async_trait]
impl Register for Tencent {
    async fn organisation(&self, asked: &Organisation<'_>) -> Result<Answer, CallError> {
        let body = json!({
            "CreditCode": asked.credit_code,
            "EntName": asked.name,
            "LrName": asked.legal_person,
            "IdNum": asked.legal_person_id,
        });
        organisation_answer(self.organisations.ask(ORGANISATION, &body).await?)
    }

    async fn person(&self, name: &str, id_number: &str) -> Result<Answer, CallError> {
        let answer = self.persons.ask(PERSON, &json!({ "IdCard": id_number, "Name": name })).await?;
        person_answer(answer["Result"].as_str().unwrap_or_default())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Found {
    /// 0: asked; 1: their own fault, and nothing else is said.
    status_code: i64,
    /// 1: all four fit.
    #[serde(default)]
    verify_result: i64,
    #[serde(default)]
    is_credit_code_consistent: bool,
    #[serde(default)]
    is_ent_name_consistent: bool,
    #[serde(default)]
    is_lr_name_consistent: bool,
    #[serde(default)]
    is_id_num_consistent: bool,
    /// 1 in business, 2 moved to another register, 3 struck off, 4 revoked, 5 annulled, 6 closed, 7 registration annulled,
    /// 0 other, `/` unknown.
    #[serde(default)]
    operating_status: String,
}

fn organisation_answer(response: Value) -> Result<Answer, CallError> {
    let found: Found =
        serde_json::from_value(response).map_err(|error| CallError::Again(error.to_string()))?;
    if found.status_code != 0 {
        return Err(CallError::Again(format!("the register says status {}", found.status_code)));
    }
    // Neither was found: who is no company (a law firm, a school) stands in other books.
    if !found.is_credit_code_consistent && !found.is_ent_name_consistent {
        return Ok(Answer::NoRecord);
    }
    Ok(match found.operating_status.as_str() {
        "3" | "4" | "5" | "6" | "7" => Answer::Differs(RegisteredFact::Status),
        // What stands there may be older than the move.
        status if status != "1" => Answer::NoRecord,
        _ if found.verify_result == 1 => Answer::Confirmed,
        _ if !found.is_credit_code_consistent || !found.is_ent_name_consistent => {
            Answer::Differs(RegisteredFact::OrganisationName)
        }
        _ if !found.is_lr_name_consistent || !found.is_id_num_consistent => {
            Answer::Differs(RegisteredFact::LegalPerson)
        }
        _ => Answer::NoRecord,
    })
}

fn person_answer(result: &str) -> Result<Answer, CallError> {
    match result {
        "0" => Ok(Answer::Confirmed),
        "-1" => Ok(Answer::Differs(RegisteredFact::PersonName)),
        // No such number, a name of another form than theirs: nothing is known, and papers decide.
        "-2" | "-3" | "-5" => Ok(Answer::NoRecord),
        "-4" | "-6" | "-7" => Err(CallError::Again(format!("the register of persons is busy: {result}"))),
        other => Err(CallError::Unknown(quote(&format!("the register of persons says {other}")))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: bool, name: bool, person: bool, id: bool, status: &str) -> Answer {
        let all = i64::from(code && name && person && id);
        let response = json!({
            "StatusCode": 0, "VerifyResult": all, "OperatingStatus": status, "OperatingPeriod": "2015-01-01/",
            "IsCreditCodeConsistent": code, "IsEntNameConsistent": name, "IsLrNameConsistent": person,
            "IsIdNumConsistent": id, "RequestId": "r",
        });
        organisation_answer(response).unwrap()
    }

    #[test]
    fn what_differs_is_said_and_what_is_uncertain_is_no_difference() {
        assert_eq!(found(true, true, true, true, "1"), Answer::Confirmed);
        assert_eq!(found(true, false, true, true, "1"), Answer::Differs(RegisteredFact::OrganisationName));
        assert_eq!(found(true, true, false, false, "1"), Answer::Differs(RegisteredFact::LegalPerson));
        assert_eq!(found(true, true, true, false, "1"), Answer::Differs(RegisteredFact::LegalPerson));
        assert_eq!(found(true, true, true, true, "3"), Answer::Differs(RegisteredFact::Status));
        assert_eq!(found(true, false, false, false, "4"), Answer::Differs(RegisteredFact::Status));
        assert_eq!(found(false, false, false, false, "/"), Answer::NoRecord);
        for uncertain in ["0", "2", "/", ""] {
            assert_eq!(found(true, true, true, true, uncertain), Answer::NoRecord);
        }
        assert!(organisation_answer(json!({ "StatusCode": 1, "RequestId": "r" })).is_err());
        assert!(organisation_answer(json!({ "RequestId": "r" })).is_err());
    }

    #[test]
    fn a_busy_register_of_persons_is_no_difference() {
        assert_eq!(person_answer("0"), Ok(Answer::Confirmed));
        assert_eq!(person_answer("-1"), Ok(Answer::Differs(RegisteredFact::PersonName)));
        assert_eq!(person_answer("-5"), Ok(Answer::NoRecord));
        for busy in ["-4", "-6", "-7", "-99", ""] {
            assert!(person_answer(busy).is_err());
        }
    }
}
