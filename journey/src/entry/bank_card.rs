//! Bank card numbers: ISO/IEC 7812-1, check digit by Luhn's formula (annex B).

use super::{EntryError, compact, digits_only, length_between, value};
use crate::secret::BankCard;

/// 12 to 19 digits.
///
/// # Errors
/// `empty`, `too_short`, `too_long`, `forbidden_character`, `check_digit`.
pub fn parse(text: &str) -> Result<BankCard, EntryError> {
    parse_text(text).map(BankCard::new)
}

/// The same, for a form that holds its values as text.
///
/// # Errors
/// As `parse`.
pub fn parse_text(text: &str) -> Result<String, EntryError> {
    let number = compact(text);
    length_between(&number, 12, 19)?;
    digits_only(&number)?;
    if !luhn_sum(&number).is_multiple_of(10) || number.bytes().all(|digit| digit == b'0') {
        return Err(EntryError::new("check_digit"));
    }
    Ok(number)
}

/// Every second digit from the right counts double, its own digits summed.
fn luhn_sum(number: &str) -> u32 {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let digits = number.chars().rev().map(value);
    digits.enumerate().map(|(index, digit)| if index % 2 == 1 { doubled(digit) } else { digit }).sum()
}
