//! What an applicant fills in, as typed and as checked. Browser and office call the same `parse`.
//!
//! The form travels as plain strings: a value that does not parse must reach the rules and come back as a field error,
//! not die in deserialisation. The agreement's version is what the applicant ticked (R151).

use crate::entry::identity_document::IdentityDocument;
use crate::entry::{self, EntryError};
use crate::identity::{self, IdentityMethod};
use crate::party::Party;
use serde::{Deserialize, Serialize};

/// The form as typed. Field names are the names in `FieldError`s, in the HTML and in returned items.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DetailsForm {
    /// 证书使用单位名称, or the applicant's name.
    pub holder_name: String,
    /// 统一社会信用代码, or the ID number.
    pub holder_id: String,
    /// What a person's number is the number of (A50). Left out where it is the identity card: the digest of a form that
    /// was entered before there was a choice stays.
    #[serde(skip_serializing_if = "is_id_card")]
    pub holder_document: IdentityDocument,
    /// 法定代表人姓名 and ID number (organisations).
    pub legal_person_name: String,
    pub legal_person_id: String,
    pub method: Option<IdentityMethod>,
    /// 法人手机 (R010; also the bank-reserved phone of R011).
    pub legal_person_phone: String,
    /// 法人银行卡号 (R011).
    pub bank_card: String,
    /// 企业账户名称 (locked), 开户银行, 对公账号 and 联行号 (R012, R016).
    pub account_name: String,
    pub account_bank: String,
    pub account_number: String,
    pub account_bank_code: String,
    /// 经办人.
    pub agent_name: String,
    pub agent_phone: String,
    /// 预留邮箱.
    pub email: String,
    /// 发票抬头 (locked for organisations, R015).
    pub invoice_title: String,
    /// 购买方税号, where a person's invoice is for a company (A44).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub invoice_tax_number: String,
    /// 收件人 and 通讯地址.
    pub recipient_name: String,
    pub recipient_phone: String,
    pub province: String,
    pub city: String,
    pub county: String,
    pub street: String,
    /// The version of the agreement that was ticked, empty while it is not.
    pub agreement: String,
    /// A48, of a modification: the reserved phone is not reached any more, identity is proven instead of its code.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub without_reserved_phone: bool,
    /// A19, of a modification: nothing has changed, the register that says otherwise is wrong or late; papers shall show it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub register_is_wrong: bool,
}

/// Personal data: the form never prints itself.
impl std::fmt::Debug for DetailsForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DetailsForm(…)")
    }
}

/// A form whose every field holds what it must. Only `parse` makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    form: DetailsForm,
}

impl Details {
    /// Checks every field for this party and gives the normalised form, or all that is wrong, in the form's order.
    ///
    /// # Errors
    /// Field name and entry error, one for each field that does not hold.
    pub fn parse(form: &DetailsForm, party: Party) -> Result<Details, Vec<(&'static str, EntryError)>> {
        let mut check = Check { errors: Vec::new() };
        let mut form = form.clone();
        match party {
            Party::Organisation => check.organisation(&mut form),
            Party::Person => check.person(&mut form),
        }
        check.value("agent_name", &mut form.agent_name, entry::person_name::parse);
        check.value("agent_phone", &mut form.agent_phone, entry::mobile::parse);
        check.value("email", &mut form.email, entry::email::parse);
        check.value("recipient_name", &mut form.recipient_name, entry::person_name::parse);
        check.value("recipient_phone", &mut form.recipient_phone, entry::mobile::parse);
        for (field, value) in
            [("province", &mut form.province), ("city", &mut form.city), ("county", &mut form.county)]
        {
            check.value(field, value, entry::address::parse_region);
        }
        check.value("street", &mut form.street, entry::address::parse_street);
        if form.agreement.trim().is_empty() {
            check.errors.push(("agreement", EntryError::new("agreement_not_accepted")));
        }
        if check.errors.is_empty() { Ok(Details { form }) } else { Err(check.errors) }
    }

    pub fn form(&self) -> &DetailsForm {
        &self.form
    }

    pub fn into_form(self) -> DetailsForm {
        self.form
    }
}

/// The tax side's limit for a buyer's name.
const LONGEST_TITLE: usize = 100;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_id_card(document: &IdentityDocument) -> bool {
    *document == IdentityDocument::IdCard
}

struct Check {
    errors: Vec<(&'static str, EntryError)>,
}

impl Check {
    /// Parses one value and puts its normal form back.
    fn value<T: ToString>(
        &mut self,
        field: &'static str,
        value: &mut String,
        parse: impl Fn(&str) -> Result<T, EntryError>,
    ) {
        match parse(value) {
            Ok(normal) => *value = normal.to_string(),
            Err(error) => self.errors.push((field, error)),
        }
    }

    fn organisation(&mut self, form: &mut DetailsForm) {
        self.value("holder_name", &mut form.holder_name, entry::organisation_name::parse);
        self.value("holder_id", &mut form.holder_id, entry::credit_code::parse);
        self.value("legal_person_name", &mut form.legal_person_name, entry::person_name::parse);
        self.value("legal_person_id", &mut form.legal_person_id, entry::id_number::parse_text);
        if form.method.is_none() {
            self.errors.push(("method", EntryError::new("method_not_chosen")));
        }
        self.method(form);
        // R015, R016, R017: both are the holder's name. An untouched form leaves them empty; another name is refused.
        self.locked("invoice_title", &mut form.invoice_title, &form.holder_name);
        self.locked("account_name", &mut form.account_name, &form.holder_name);
        form.holder_document = IdentityDocument::IdCard;
        form.invoice_tax_number.clear();
        self.clear_unused(form);
    }

    /// What the chosen method asks for.
    fn method(&mut self, form: &mut DetailsForm) {
        match form.method {
            None => {}
            Some(IdentityMethod::LegalPersonPhone) => {
                self.value("legal_person_phone", &mut form.legal_person_phone, entry::mobile::parse);
            }
            Some(IdentityMethod::LegalPersonBankCard) => {
                self.value("legal_person_phone", &mut form.legal_person_phone, entry::mobile::parse);
                self.value("bank_card", &mut form.bank_card, entry::bank_card::parse_text);
            }
            Some(IdentityMethod::CompanyTransfer) => {
                self.value("account_bank", &mut form.account_bank, entry::organisation_name::parse);
                self.value("account_number", &mut form.account_number, entry::account::parse_number);
                self.value("account_bank_code", &mut form.account_bank_code, entry::account::parse_bank_code);
            }
        }
    }

    fn locked(&mut self, field: &'static str, value: &mut String, holder_name: &str) {
        if !value.is_empty() && *value != holder_name {
            self.errors.push((field, EntryError::new("locked_to_holder_name")));
        }
        holder_name.clone_into(value);
    }

    fn person(&mut self, form: &mut DetailsForm) {
        self.value("holder_name", &mut form.holder_name, entry::person_name::parse);
        let document = form.holder_document;
        self.value("holder_id", &mut form.holder_id, |number| document.parse(number));
        // J41: operators and banks confirm identity cards alone.
        match form.method {
            None if !document.is_confirmed_online() || form.without_reserved_phone => {
                self.errors.push(("method", EntryError::new("method_not_chosen")));
            }
            Some(method) if !identity::methods(document).contains(&method) => {
                self.errors.push(("method", EntryError::new("method_needs_id_card")));
            }
            _ => {}
        }
        // A02: who applies alone is their own agent, and the reserved phone is their own.
        if form.method == Some(IdentityMethod::LegalPersonPhone) && form.legal_person_phone.trim().is_empty()
        {
            form.legal_person_phone.clone_from(&form.agent_phone);
        }
        self.method(form);
        if form.method == Some(IdentityMethod::CompanyTransfer) {
            self.locked("account_name", &mut form.account_name, &form.holder_name);
        } else {
            form.account_name.clear();
        }
        if form.agent_name.trim().is_empty() {
            form.agent_name.clone_from(&form.holder_name);
        }
        if form.invoice_title.trim().is_empty() {
            // A44: the payer's name unless another is given.
            form.invoice_title.clone_from(&form.holder_name);
        }
        form.invoice_title = form.invoice_title.split_whitespace().collect::<Vec<_>>().join(" ");
        if form.invoice_title.chars().count() > LONGEST_TITLE {
            self.errors.push(("invoice_title", EntryError::new("too_long").with("most", LONGEST_TITLE)));
        }
        if !form.invoice_tax_number.trim().is_empty() {
            self.value("invoice_tax_number", &mut form.invoice_tax_number, entry::credit_code::parse);
        }
        (form.legal_person_name, form.legal_person_id) = Default::default();
        self.clear_unused(form);
    }

    /// What the chosen method does not ask for is not kept (data minimisation, PIPL 6).
    fn clear_unused(&mut self, form: &mut DetailsForm) {
        if form.method != Some(IdentityMethod::LegalPersonBankCard) {
            form.bank_card.clear();
        }
        if form.method != Some(IdentityMethod::CompanyTransfer) {
            form.account_bank.clear();
            form.account_number.clear();
            form.account_bank_code.clear();
        }
        if !matches!(
            form.method,
            Some(IdentityMethod::LegalPersonPhone | IdentityMethod::LegalPersonBankCard)
        ) {
            form.legal_person_phone.clear();
        }
    }
}
