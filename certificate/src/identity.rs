//! Identity codes: extensions that say which person or organisation a certificate means (GM/T 0015).
//!
//! The edition of 2012 has five identifiers under 1.2.156.10260.4.1. The edition of 2023 adds the unified social
//! credit code and changes the personal one; its identifiers are not public, so an operator who has the text enters
//! them as settings: none is invented here. A certificate is public: no profile of ours adds a code unasked.

use der::asn1::{Any, ObjectIdentifier, OctetString};
use der::{Encode, Tag};
use x509_cert::ext::Extension;

use crate::name::is_printable;

/// No code in use is longer; RFC 5280 bounds serialNumber in a name alike.
pub(crate) const LONGEST: usize = 64;

/// One identity-code extension, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityCode {
    /// Dotted decimal.
    pub oid: String,
    pub form: IdentityForm,
    pub value: String,
}

/// How the value is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityForm {
    /// A bare PrintableString: all but the personal identity code.
    Printable,
    /// A bare UTF8String.
    Utf8,
    /// A choice of the personal identity code: 0 ID card, 1 officer's card (UTF8String), 2 passport.
    /// The standard does not say whether its tags are explicit, so the edition says it.
    Choice { number: u8, explicit: bool },
}

/// What a code names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identity {
    IdCard,
    OfficerCard,
    Passport,
    SocialInsurance,
    BusinessRegistration,
    OrganisationCode,
    CreditCode,
    TaxNumber,
}

impl Identity {
    pub const ALL: [Identity; 8] = [
        Identity::IdCard,
        Identity::OfficerCard,
        Identity::Passport,
        Identity::SocialInsurance,
        Identity::BusinessRegistration,
        Identity::OrganisationCode,
        Identity::CreditCode,
        Identity::TaxNumber,
    ];

    /// Stable name, for settings.
    pub fn code(self) -> &'static str {
        match self {
            Identity::IdCard => "id_card",
            Identity::OfficerCard => "officer_card",
            Identity::Passport => "passport",
            Identity::SocialInsurance => "social_insurance",
            Identity::BusinessRegistration => "business_registration",
            Identity::OrganisationCode => "organisation_code",
            Identity::CreditCode => "credit_code",
            Identity::TaxNumber => "tax_number",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|identity| identity.code() == code)
    }
}

/// Which text of GM/T 0015 the identity codes follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    year: u16,
    rules: Vec<Rule>,
}

/// Under which identifier and in which form an edition writes one identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub identity: Identity,
    /// Dotted decimal.
    pub oid: String,
    pub form: IdentityForm,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditionError {
    #[error("GM/T 0015-{year} as it is set up here has no identifier for {}", identity.code())]
    NotSetUp { year: u16, identity: Identity },
    #[error("{0} is not an object identifier")]
    Oid(String),
    #[error("{} is set up twice", _0.code())]
    Twice(Identity),
    #[error("two identities share the identifier {0} and are not choices of one")]
    SharedOid(String),
    #[error("{} cannot carry this value: 1 to 64 characters of its alphabet are wanted", _0.code())]
    Value(Identity),
}

impl Edition {
    /// GM/T 0015-2012. In practice the unified social credit code stands under the organisation code's identifier.
    pub fn of_2012(explicit_choice: bool) -> Self {
        use Identity::*;
        let choice = |number| IdentityForm::Choice { number, explicit: explicit_choice };
        let rules = [
            (IdCard, 1, choice(0)),
            (OfficerCard, 1, choice(1)),
            (Passport, 1, choice(2)),
            (SocialInsurance, 2, IdentityForm::Printable),
            (BusinessRegistration, 3, IdentityForm::Printable),
            (OrganisationCode, 4, IdentityForm::Printable),
            (CreditCode, 4, IdentityForm::Printable),
            (TaxNumber, 5, IdentityForm::Printable),
        ];
        let rule = |(identity, arc, form)| Rule { identity, oid: format!("1.2.156.10260.4.1.{arc}"), form };
        Edition { year: 2012, rules: rules.into_iter().map(rule).collect() }
    }

    /// GM/T 0015-2023 with the identifiers that the operator has read in it; what is not given cannot be written.
    pub fn of_2023(rules: Vec<Rule>) -> Result<Self, EditionError> {
        for (at, rule) in rules.iter().enumerate() {
            if ObjectIdentifier::new(&rule.oid).is_err() {
                return Err(EditionError::Oid(rule.oid.clone()));
            }
            for before in &rules[..at] {
                if before.identity == rule.identity {
                    return Err(EditionError::Twice(rule.identity));
                }
                if before.oid == rule.oid && !are_choices(before.form, rule.form) {
                    return Err(EditionError::SharedOid(rule.oid.clone()));
                }
            }
        }
        Ok(Edition { year: 2023, rules })
    }

    pub fn year(&self) -> u16 {
        self.year
    }

    /// The extension for one identity.
    pub fn identity_code(&self, identity: Identity, value: &str) -> Result<IdentityCode, EditionError> {
        let rule = self.rules.iter().find(|rule| rule.identity == identity);
        let rule = rule.ok_or(EditionError::NotSetUp { year: self.year, identity })?;
        if !rule.form.carries(value) {
            return Err(EditionError::Value(identity));
        }
        Ok(IdentityCode { oid: rule.oid.clone(), form: rule.form, value: value.to_owned() })
    }
}

/// Two alternatives of one CHOICE may share its identifier.
fn are_choices(one: IdentityForm, other: IdentityForm) -> bool {
    use IdentityForm::Choice;
    matches!((one, other), (Choice { number: a, .. }, Choice { number: b, .. }) if a != b)
}

impl IdentityForm {
    fn tag(self) -> Tag {
        match self {
            IdentityForm::Printable => Tag::PrintableString,
            IdentityForm::Utf8 | IdentityForm::Choice { number: 1, .. } => Tag::Utf8String,
            IdentityForm::Choice { .. } => Tag::PrintableString,
        }
    }

    fn carries(self, value: &str) -> bool {
        is_code(self.tag(), value.as_bytes())
    }
}

/// Whether these are the octets of a code in a string of this kind.
pub(crate) fn is_code(tag: Tag, value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else { return false };
    let legible = match tag {
        Tag::PrintableString => text.bytes().all(is_printable),
        Tag::Utf8String => !text.chars().any(char::is_control),
        _ => false,
    };
    legible && (1..=LONGEST).contains(&text.chars().count())
}

/// GM/T 0015-2012, identity extensions: not critical.
pub(crate) fn extension(code: &IdentityCode) -> der::Result<Extension> {
    let tag = code.form.tag();
    if !code.form.carries(&code.value) {
        return Err(der::ErrorKind::Value { tag }.into());
    }
    let text = Any::new(tag, code.value.as_bytes())?;
    let value = match code.form {
        IdentityForm::Printable | IdentityForm::Utf8 => text.to_der()?,
        IdentityForm::Choice { number, explicit } => {
            let inner = if explicit { text.to_der()? } else { code.value.as_bytes().to_vec() };
            let number = der::TagNumber(number.into());
            Any::new(Tag::ContextSpecific { constructed: explicit, number }, inner)?.to_der()?
        }
    };
    let extn_id = ObjectIdentifier::new(&code.oid)?;
    Ok(Extension { extn_id, critical: false, extn_value: OctetString::new(value)? })
}
