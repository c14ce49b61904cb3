//! Who exists (`data/people.toml`) and whether what was asked fits. Everything formally valid matches by default.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use crate::{
    faults::{IdentityOutcome, RegistryOutcome},
    sms,
};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Match,
    Mismatch,
    BadName,
    BadIdCard,
    BadPhone,
    BadCard,
    NoRecord,
    Busy,
    QuotaReached,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    pub person: Vec<Person>,
    pub account: Vec<Account>,
}

/// A field that is given must be equal; `verdict` overrules everything.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub name: String,
    pub id_card: Option<String>,
    pub phone: Option<String>,
    pub bank_card: Option<String>,
    pub verdict: Option<Verdict>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub number: String,
    pub name: String,
    pub bank: String,
}

static PEOPLE: LazyLock<People> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/people.toml")).expect("the registry of people is well formed")
});

pub fn registry() -> &'static People {
    &PEOPLE
}

pub fn accounts() -> &'static [Account] {
    &PEOPLE.account
}

pub fn judge(asked: &Value, forced: IdentityOutcome) -> Verdict {
    let field = |name: &str| asked[name].as_str().unwrap_or_default();
    match forced {
        IdentityOutcome::Decide => {}
        IdentityOutcome::Mismatch => return Verdict::Mismatch,
        IdentityOutcome::NoRecord => return Verdict::NoRecord,
        IdentityOutcome::Busy => return Verdict::Busy,
        IdentityOutcome::QuotaReached => return Verdict::QuotaReached,
    }
    let (name, id_card, phone, card) = (field("Name"), field("IdCard"), field("Phone"), field("BankCard"));
    if name.chars().count() < 2 || name.chars().any(|c| c.is_ascii()) {
        return Verdict::BadName;
    }
    if !is_id_card(id_card) {
        return Verdict::BadIdCard;
    }
    if !sms::is_mobile(phone) {
        return Verdict::BadPhone;
    }
    if !card.is_empty() && !passes_luhn(card) {
        return Verdict::BadCard;
    }
    if name.ends_with("不符") {
        return Verdict::Mismatch;
    }
    match PEOPLE.person.iter().find(|person| person.name == name) {
        None => Verdict::Match,
        Some(Person { verdict: Some(verdict), .. }) => *verdict,
        Some(person) => {
            let fits = |known: &Option<String>, given: &str| {
                given.is_empty() || known.as_deref().is_none_or(|known| known == given)
            };
            let all =
                fits(&person.id_card, id_card) && fits(&person.phone, phone) && fits(&person.bank_card, card);
            if all { Verdict::Match } else { Verdict::Mismatch }
        }
    }
}

/// Whether the identity card of this number is in this name.
pub fn name_fits(asked: &Value, forced: RegistryOutcome) -> Verdict {
    let field = |name: &str| asked[name].as_str().unwrap_or_default();
    let (name, id_card) = (field("Name"), field("IdCard"));
    match forced {
        RegistryOutcome::Decide => {}
        RegistryOutcome::NameDiffers | RegistryOutcome::PersonDiffers => return Verdict::Mismatch,
        RegistryOutcome::StruckOff | RegistryOutcome::NoRecord => return Verdict::NoRecord,
        RegistryOutcome::Busy => return Verdict::Busy,
    }
    if name.chars().count() < 2 || name.chars().any(|c| c.is_ascii()) {
        return Verdict::BadName;
    }
    if !is_id_card(id_card) {
        return Verdict::BadIdCard;
    }
    if name.ends_with("不符") {
        return Verdict::Mismatch;
    }
    match PEOPLE.person.iter().find(|person| person.name == name) {
        Some(Person { verdict: Some(verdict), .. }) => *verdict,
        Some(Person { id_card: Some(known), .. }) if known != id_card => Verdict::Mismatch,
        _ => Verdict::Match,
    }
}

/// Eighteen characters with the check digit of GB 11643 (ISO 7064, MOD 11-2).
fn is_id_card(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let digit = |byte: u8| u32::from(byte - b'0');
    // The weight of a place is 2 to the number of places right of it, modulo 11.
    let sum = bytes[..17].iter().fold(0, |sum, byte| (sum + digit(*byte)) * 2 % 11);
    let check = (12 - sum) % 11;
    let given =
        if bytes[17].eq_ignore_ascii_case(&b'x') { 10 } else { u32::from(bytes[17].wrapping_sub(b'0')) };
    check == given
}

fn passes_luhn(card: &str) -> bool {
    if !(13..=19).contains(&card.len()) || !card.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = card
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| match (place % 2, u32::from(byte - b'0')) {
            (0, digit) => digit,
            (_, digit) => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}
