//! `[certificates]`: which identity codes (GM/T 0015) stand in holders' certificates, and under which identifiers.
//!
//! A certificate is public, so none stands there unless the operator names it. The identifiers of the edition of 2012 are
//! the standard's; those of 2023 are not public, and who has the text enters them here.

use certificate::identity::{EditionError, IdentityForm, Rule};
use certificate::{Edition, Identity, IdentityCode};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CertificateSettings {
    /// Of GM/T 0015: 2012 or 2023.
    pub edition: u16,
    /// What may stand in a certificate: `credit_code`, `tax_number`, `id_card` … The counter has the credit code of an
    /// organisation; a partner says the others.
    pub identity_codes: Vec<String>,
    /// 2012 alone: the choice in the personal identity code is tagged explicitly. The standard leaves it open.
    pub explicit_choice: bool,
    /// 2023 alone: `[certificates.identifiers.<code>]`.
    pub identifiers: BTreeMap<String, IdentifierSettings>,
}

impl Default for CertificateSettings {
    fn default() -> Self {
        CertificateSettings {
            edition: 2012,
            identity_codes: Vec::new(),
            explicit_choice: false,
            identifiers: BTreeMap::new(),
        }
    }
}

/// `[certificates.identifiers.<code>]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentifierSettings {
    /// Dotted decimal.
    pub oid: String,
    /// `printable`, `utf8`, `choice_implicit` or `choice_explicit`.
    pub form: FormSettings,
    /// Of a choice: 0 ID card, 1 officer's card, 2 passport.
    pub choice: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormSettings {
    Printable,
    Utf8,
    ChoiceImplicit,
    ChoiceExplicit,
}

/// Arcs whose extensions mean something else: X.509's own, and PKIX's.
const TAKEN_ARCS: [&str; 2] = ["2.5.29.", "1.3.6.1.5.5.7."];

/// What is set up, checked.
#[derive(Clone, Debug)]
pub struct Identities {
    edition: Edition,
    written: Vec<Identity>,
}

impl Identities {
    /// # Errors
    /// What the operator has to mend, in his words.
    pub fn new(settings: &CertificateSettings) -> Result<Identities, String> {
        let here = |why: String| format!("[certificates] {why}");
        let edition = match settings.edition {
            2012 if settings.identifiers.is_empty() => Edition::of_2012(settings.explicit_choice),
            2012 => return Err(here("identifiers are for edition = 2023: those of 2012 stand in it".into())),
            2023 if settings.explicit_choice => {
                return Err(here(
                    "explicit_choice is for edition = 2012: say form = \"choice_explicit\"".into(),
                ));
            }
            2023 => {
                let rules = settings.identifiers.iter().map(rule).collect::<Result<_, _>>()?;
                Edition::of_2023(rules).map_err(|error| here(format!("identifiers: {error}")))?
            }
            year => return Err(here(format!("edition = {year}: GM/T 0015 has the editions 2012 and 2023"))),
        };
        let named = |code: &String| {
            let identity = Identity::from_code(code).ok_or_else(|| here(unknown("identity_codes", code)))?;
            match edition.identity_code(identity, "0") {
                Err(error @ EditionError::NotSetUp { .. }) => Err(here(format!("identity_codes: {error}"))),
                _ => Ok(identity),
            }
        };
        let written = settings.identity_codes.iter().map(named).collect::<Result<_, _>>()?;
        Ok(Identities { edition, written })
    }

    /// The extension for this identity; `None`: it stands in no certificate here.
    ///
    /// # Errors
    /// A value that the edition cannot write.
    pub fn code(&self, identity: Identity, value: &str) -> Option<Result<IdentityCode, EditionError>> {
        self.written.contains(&identity).then(|| self.edition.identity_code(identity, value))
    }
}

fn rule((code, set): (&String, &IdentifierSettings)) -> Result<Rule, String> {
    let here = |why: &str| format!("[certificates.identifiers.{code}] {why}");
    let identity = Identity::from_code(code)
        .ok_or_else(|| format!("[certificates] {}", unknown("identifiers", code)))?;
    if TAKEN_ARCS.iter().any(|arc| set.oid.starts_with(arc)) {
        return Err(here(&format!("oid = \"{}\" is another extension's", set.oid)));
    }
    let form = match (set.form, set.choice) {
        (FormSettings::Printable, None) => IdentityForm::Printable,
        (FormSettings::Utf8, None) => IdentityForm::Utf8,
        (FormSettings::ChoiceImplicit, Some(number @ 0..=2)) => {
            IdentityForm::Choice { number, explicit: false }
        }
        (FormSettings::ChoiceExplicit, Some(number @ 0..=2)) => {
            IdentityForm::Choice { number, explicit: true }
        }
        (FormSettings::Printable | FormSettings::Utf8, Some(_)) => {
            return Err(here("choice is for form = \"choice_implicit\" or \"choice_explicit\""));
        }
        _ => return Err(here("a choice needs choice = 0, 1 or 2")),
    };
    Ok(Rule { identity, oid: set.oid.clone(), form })
}

fn unknown(what: &str, code: &str) -> String {
    let known: Vec<&str> = Identity::ALL.iter().map(|identity| identity.code()).collect();
    format!("{what}: {code} is no identity; there are {}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Identities, String> {
        let settings: CertificateSettings = toml::from_str(text).map_err(|error| error.to_string())?;
        Identities::new(&settings)
    }

    #[test]
    fn nothing_stands_in_a_certificate_unasked() {
        let identities = read("").unwrap();
        assert!(Identity::ALL.iter().all(|identity| identities.code(*identity, "1").is_none()));
    }

    #[test]
    fn the_identifiers_of_2012_are_known_and_those_of_2023_are_entered() {
        let old = read("identity_codes = [\"credit_code\"]").unwrap();
        let code = old.code(Identity::CreditCode, "91110108MA01ABCD2X").unwrap().unwrap();
        assert_eq!(code.oid, "1.2.156.10260.4.1.4");
        let new = read(
            "edition = 2023\nidentity_codes = [\"credit_code\", \"passport\"]\n\
             [identifiers.credit_code]\noid = \"1.3.6.1.4.1.32473.15.1\"\nform = \"utf8\"\n\
             [identifiers.passport]\noid = \"1.3.6.1.4.1.32473.15.2\"\nform = \"choice_explicit\"\nchoice = 2\n",
        )
        .unwrap();
        let code = new.code(Identity::CreditCode, "91110108MA01ABCD2X").unwrap().unwrap();
        assert_eq!((code.oid.as_str(), code.form), ("1.3.6.1.4.1.32473.15.1", IdentityForm::Utf8));
        let passport = new.code(Identity::Passport, "E1").unwrap().unwrap();
        assert_eq!(passport.form, IdentityForm::Choice { number: 2, explicit: true });
        assert!(new.code(Identity::TaxNumber, "1").is_none());
    }

    #[test]
    fn what_cannot_be_is_said_at_the_start() {
        const OID: &str = "oid = \"1.3.6.1.4.1.32473.15.1\"";
        for (text, says) in [
            ("edition = 2019", "has the editions 2012 and 2023"),
            ("identity_codes = [\"shoe_size\"]", "shoe_size is no identity"),
            ("edition = 2023\nidentity_codes = [\"credit_code\"]", "has no identifier for credit_code"),
            (
                &format!("[identifiers.tax_number]\n{OID}\nform = \"utf8\""),
                "identifiers are for edition = 2023",
            ),
            ("edition = 2023\nexplicit_choice = true", "explicit_choice is for edition = 2012"),
            (&format!("edition = 2023\n[identifiers.shoe_size]\n{OID}\nform = \"utf8\""), "is no identity"),
            (
                "edition = 2023\n[identifiers.tax_number]\noid = \"2.5.29.15\"\nform = \"utf8\"",
                "another extension's",
            ),
            (
                "edition = 2023\n[identifiers.tax_number]\noid = \"one.two\"\nform = \"utf8\"",
                "not an object identifier",
            ),
            (
                &format!("edition = 2023\n[identifiers.passport]\n{OID}\nform = \"choice_implicit\""),
                "a choice needs choice",
            ),
            (
                &format!("edition = 2023\n[identifiers.tax_number]\n{OID}\nform = \"utf8\"\nchoice = 1"),
                "choice is for form",
            ),
            ("colour = \"red\"", "unknown field"),
        ] {
            let why = read(text).unwrap_err();
            assert!(why.contains(says), "{text}: {why}");
        }
    }
}
