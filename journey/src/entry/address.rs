//! Postal addresses that a courier can find (R018, R091).

use super::{EntryError, is_han, length_between, only, tidy};

/// One of 省, 市, 区县, by its Chinese name.
///
/// # Errors
/// `empty`, `too_short`, `too_long`, `forbidden_character`.
pub fn parse_region(text: &str) -> Result<String, EntryError> {
    let name = tidy(text);
    length_between(&name, 2, 20)?;
    only(&name, |character| is_han(character) || character == '·')?;
    Ok(name)
}

/// Street, number, room: at least four characters, one line.
///
/// # Errors
/// `empty`, `too_short`, `too_long`, `forbidden_character`.
pub fn parse_street(text: &str) -> Result<String, EntryError> {
    let street = tidy(text);
    length_between(&street, 4, 120)?;
    only(&street, |character| !character.is_control() && !matches!(character, '<' | '>' | '\\' | '`'))?;
    Ok(street)
}
