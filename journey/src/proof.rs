//! What a holder gives to prove who they are, once their certificate exists (R072, R073, A48). Name and number are the
//! certificate's own and cannot be typed: whoever found a key cannot prove themselves to be its holder.

use serde::{Deserialize, Serialize};

use crate::details::DetailsForm;
use crate::entry::{self, EntryError};
use crate::identity::{self, IdentityMethod};

/// As typed; the names are those of `DetailsForm`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProofForm {
    pub method: Option<IdentityMethod>,
    /// Of the legal person, or of the person who is the holder.
    pub legal_person_phone: String,
    pub bank_card: String,
    pub account_bank: String,
    pub account_number: String,
    pub account_bank_code: String,
}

/// Personal data: never prints itself.
impl std::fmt::Debug for ProofForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProofForm(…)")
    }
}

/// The certified form with this proof in place of whatever was there, normalised; what the method does not ask for is
/// dropped (PIPL 6).
///
/// # Errors
/// Field name and entry error, one for each field that does not hold.
pub fn parse(
    certified: &DetailsForm,
    proof: &ProofForm,
) -> Result<DetailsForm, Vec<(&'static str, EntryError)>> {
    let mut errors = Vec::new();
    let mut value = |field: &'static str, text: &str, parse: &dyn Fn(&str) -> Result<String, EntryError>| {
        parse(text).unwrap_or_else(|error| {
            errors.push((field, error));
            String::new()
        })
    };
    let mut form = DetailsForm {
        method: proof.method,
        legal_person_phone: String::new(),
        bank_card: String::new(),
        account_name: certified.holder_name.clone(),
        account_bank: String::new(),
        account_number: String::new(),
        account_bank_code: String::new(),
        ..certified.clone()
    };
    match proof.method {
        None => errors.push(("method", EntryError::new("method_not_chosen"))),
        // J41: no operator and no bank would confirm it, and each try is counted (A07).
        Some(method) if !identity::methods(certified.holder_document).contains(&method) => {
            errors.push(("method", EntryError::new("method_needs_id_card")));
        }
        Some(IdentityMethod::LegalPersonPhone) => {
            form.legal_person_phone =
                value("legal_person_phone", &proof.legal_person_phone, &entry::mobile::parse);
        }
        Some(IdentityMethod::LegalPersonBankCard) => {
            form.legal_person_phone =
                value("legal_person_phone", &proof.legal_person_phone, &entry::mobile::parse);
            form.bank_card = value("bank_card", &proof.bank_card, &entry::bank_card::parse_text);
        }
        Some(IdentityMethod::CompanyTransfer) => {
            form.account_bank = value("account_bank", &proof.account_bank, &entry::organisation_name::parse);
            form.account_number =
                value("account_number", &proof.account_number, &entry::account::parse_number);
            form.account_bank_code =
                value("account_bank_code", &proof.account_bank_code, &entry::account::parse_bank_code);
        }
    }
    if errors.is_empty() { Ok(form) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certified() -> DetailsForm {
        DetailsForm {
            holder_name: "北京示例科技有限公司".into(),
            legal_person_name: "王建国".into(),
            legal_person_id: "110101198001010117".into(),
            agent_phone: "13900000001".into(),
            bank_card: "6225880137000007".into(),
            ..DetailsForm::default()
        }
    }

    #[test]
    fn r072_each_method_asks_for_its_own_and_nothing_else_is_taken() {
        let given = ProofForm {
            method: Some(IdentityMethod::LegalPersonPhone),
            legal_person_phone: "138 0013 8000".into(),
            bank_card: "1".into(),
            ..ProofForm::default()
        };
        let form = parse(&certified(), &given).unwrap();
        assert_eq!((form.legal_person_phone.as_str(), form.bank_card.as_str()), ("13800138000", ""));
        assert_eq!((form.legal_person_name.as_str(), form.agent_phone.as_str()), ("王建国", "13900000001"));
        let fields = |method| {
            let given = ProofForm { method, ..ProofForm::default() };
            let errors = parse(&certified(), &given).unwrap_err();
            errors.into_iter().map(|(field, _)| field).collect::<Vec<_>>()
        };
        assert_eq!(fields(None), ["method"]);
        assert_eq!(fields(Some(IdentityMethod::LegalPersonBankCard)), ["legal_person_phone", "bank_card"]);
        assert_eq!(
            fields(Some(IdentityMethod::CompanyTransfer)),
            ["account_bank", "account_number", "account_bank_code"]
        );
    }

    #[test]
    fn j41_a50_who_holds_a_passport_proves_by_a_transfer_alone() {
        let certified = DetailsForm {
            holder_name: "MARIA GARCIA".into(),
            holder_document: crate::IdentityDocument::Passport,
            ..DetailsForm::default()
        };
        for method in [IdentityMethod::LegalPersonPhone, IdentityMethod::LegalPersonBankCard] {
            let given = ProofForm {
                method: Some(method),
                legal_person_phone: "13800138000".into(),
                bank_card: "6225880137000007".into(),
                ..ProofForm::default()
            };
            let errors = parse(&certified, &given).unwrap_err();
            assert_eq!(errors, [("method", EntryError::new("method_needs_id_card"))]);
        }
        let given = ProofForm {
            method: Some(IdentityMethod::CompanyTransfer),
            account_bank: "招商银行北京中关村支行".into(),
            account_number: "6225880112345678".into(),
            account_bank_code: "308100005078".into(),
            ..ProofForm::default()
        };
        assert_eq!(parse(&certified, &given).unwrap().account_name, "MARIA GARCIA");
    }
}
