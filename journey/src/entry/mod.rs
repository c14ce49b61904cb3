//! What may be typed into a form field; browser and office call the same `parse`.
//!
//! Owns: the rules of single values, one file a rule, each with its standard.
//! Never: a rule that needs two fields, a clock, or the network; a sentence for a person.
//! Start at: `credit_code.rs`.

pub mod account;
pub mod address;
pub mod bank_card;
pub mod credit_code;
pub mod email;
pub mod id_number;
pub mod identity_document;
pub mod mobile;
pub mod organisation_name;
pub mod person_name;
pub mod pin;
pub mod sms_code;
pub mod waybill;

use thiserror::Error;

/// Why a value does not hold: a stable code, and the facts its sentence needs (`("expected", "18")`). A fact is never
/// the value itself, which may be personal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{code}")]
pub struct EntryError {
    pub code: &'static str,
    pub facts: Vec<(&'static str, String)>,
}

impl EntryError {
    pub fn new(code: &'static str) -> EntryError {
        EntryError { code, facts: Vec::new() }
    }

    pub fn with(mut self, name: &'static str, fact: impl ToString) -> EntryError {
        self.facts.push((name, fact.to_string()));
        self
    }
}

/// What a person pastes: outer blanks go, full-width letters, digits and signs become plain ones (GB 18030 keyboards).
fn narrow(text: &str) -> String {
    let narrowed = |character: char| match character {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        other => other,
    };
    text.chars().map(narrowed).collect::<String>().trim().to_owned()
}

/// Inner blanks and hyphens go too: for numbers that people group.
fn compact(text: &str) -> String {
    narrow(text).chars().filter(|character| !character.is_whitespace() && *character != '-').collect()
}

/// Outer blanks go, runs of blanks inside become one.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn not_empty(text: &str) -> Result<(), EntryError> {
    if text.is_empty() { Err(EntryError::new("empty")) } else { Ok(()) }
}

fn exact_length(text: &str, expected: usize) -> Result<(), EntryError> {
    not_empty(text)?;
    let found = text.chars().count();
    if found == expected {
        return Ok(());
    }
    Err(EntryError::new("wrong_length").with("expected", expected).with("found", found))
}

fn length_between(text: &str, least: usize, most: usize) -> Result<(), EntryError> {
    not_empty(text)?;
    match text.chars().count() {
        found if found < least => Err(EntryError::new("too_short").with("least", least)),
        found if found > most => Err(EntryError::new("too_long").with("most", most)),
        _ => Ok(()),
    }
}

/// Names the first character out of place; positions count from 1.
fn only(text: &str, allowed: impl Fn(char) -> bool) -> Result<(), EntryError> {
    match text.chars().enumerate().find(|(_, character)| !allowed(*character)) {
        None => Ok(()),
        Some((index, _)) => Err(EntryError::new("forbidden_character").with("position", index + 1)),
    }
}

fn digits_only(text: &str) -> Result<(), EntryError> {
    only(text, |character| character.is_ascii_digit())
}

/// Han characters with their extensions, compatibility forms and the iteration mark 〇.
fn is_han(character: char) -> bool {
    matches!(character,
        '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}')
}

fn value(character: char) -> u32 {
    character.to_digit(10).unwrap_or(0)
}
