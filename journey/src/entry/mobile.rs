//! Mobile numbers of mainland China: 11 digits from 13 to 19 (YD/T 1987, the MIIT's numbering plan).

use super::{EntryError, compact, digits_only, exact_length};

/// Eleven digits, without the country code.
///
/// # Errors
/// `empty`, `wrong_length`, `forbidden_character`, `not_a_mobile`.
pub fn parse(text: &str) -> Result<String, EntryError> {
    let mut number = compact(text);
    for country_code in ["+86", "0086"] {
        if let Some(rest) = number.strip_prefix(country_code) {
            number = rest.to_owned();
            break;
        }
    }
    exact_length(&number, 11)?;
    digits_only(&number)?;
    let mut digits = number.bytes();
    if digits.next() != Some(b'1') || digits.next().is_none_or(|second| second < b'3') {
        return Err(EntryError::new("not_a_mobile"));
    }
    Ok(number)
}
