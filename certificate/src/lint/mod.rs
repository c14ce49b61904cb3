//! Lints: rules that a certificate must meet before it may be signed, one in a file with its citation.
//!
//! Owns: the state [`Linted`], the roll of rules, and a certificate that fails each of them (in its tests).
//! Never: repairing a draft. A finding stops it; the profile or the facts must be put right.
//! Start at: [`Draft::lint`], then one rule, such as [`validity`].

use der::Decode;

use crate::draft::Draft;
use crate::name::Name;
use crate::profile::Profile;
use crate::read::Certificate;
use crate::sign::ToBeSigned;
use crate::tbs::Tbs;

mod algorithm;
mod authority_access;
mod authority_key;
mod basic_constraints;
mod critical;
mod crl_places;
mod extended_key_usage;
mod extensions;
mod identity_codes;
mod issuer;
mod issuer_life;
mod key_usage;
mod no_check;
mod path_length;
mod policies;
mod public_key;
mod serial;
mod subject;
mod subject_key;
mod time_form;
mod validity;

#[cfg(test)]
mod specimen;

/// One rule.
struct Rule {
    /// Stable name.
    name: &'static str,
    /// Where the rule is written.
    citation: &'static str,
    /// `Err` says what is wrong.
    check: fn(&Candidate) -> Result<(), String>,
}

const ROLL: [&Rule; 21] = [
    &serial::RULE,
    &algorithm::RULE,
    &issuer::RULE,
    &validity::RULE,
    &issuer_life::RULE,
    &time_form::RULE,
    &subject::RULE,
    &public_key::RULE,
    &extensions::RULE,
    &critical::RULE,
    &authority_key::RULE,
    &subject_key::RULE,
    &key_usage::RULE,
    &extended_key_usage::RULE,
    &basic_constraints::RULE,
    &path_length::RULE,
    &policies::RULE,
    &crl_places::RULE,
    &authority_access::RULE,
    &no_check::RULE,
    &identity_codes::RULE,
];

/// What a rule looks at: the decoded bytes that would be signed, not the facts they were made from.
struct Candidate<'a> {
    profile: &'a Profile,
    tbs: &'a Tbs,
    subject: &'a Name,
    /// DER SubjectPublicKeyInfo.
    spki: &'a [u8],
    /// `None`: the certificate signs itself.
    issuer: Option<&'a Certificate>,
}

/// A rule that a certificate breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: &'static str,
    pub citation: &'static str,
    pub detail: String,
}

/// A draft in which no rule found anything.
#[derive(Debug)]
pub struct Linted {
    to_be_signed: ToBeSigned,
}

impl Draft {
    /// Holds the draft against every rule; all findings, not only the first.
    pub fn lint(self) -> Result<Linted, Vec<Finding>> {
        let unreadable = |what: &str| {
            let citation = "RFC 5280, 4.1";
            vec![Finding { rule: "readable", citation, detail: format!("{what} cannot be read") }]
        };
        let tbs = Tbs::from_der(&self.bytes).map_err(|_| unreadable("the certificate"))?;
        let name = der::Encode::to_der(&tbs.subject).map_err(|_| unreadable("the subject"))?;
        let spki = der::Encode::to_der(&tbs.spki).map_err(|_| unreadable("the key"))?;
        let subject = Name::from_der(&name).map_err(|_| unreadable("the subject"))?;
        let issuer = self.issuer.as_ref();
        let findings =
            run(&Candidate { profile: self.profile, tbs: &tbs, subject: &subject, spki: &spki, issuer });
        if !findings.is_empty() {
            return Err(findings);
        }
        let issuer_spki = issuer.map_or(spki, |issuer| issuer.spki().to_vec());
        Ok(Linted { to_be_signed: ToBeSigned { profile: self.profile, bytes: self.bytes, tbs, issuer_spki } })
    }
}

fn run(candidate: &Candidate) -> Vec<Finding> {
    let finding = |rule: &&Rule| {
        let detail = (rule.check)(candidate).err()?;
        Some(Finding { rule: rule.name, citation: rule.citation, detail })
    };
    ROLL.iter().filter_map(finding).collect()
}

impl Linted {
    /// The bytes, ready to be recorded and then signed.
    pub fn to_be_signed(self) -> ToBeSigned {
        self.to_be_signed
    }
}
