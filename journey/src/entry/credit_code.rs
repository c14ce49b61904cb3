//! 统一社会信用代码: GB 32100-2015 法人和其他组织统一社会信用代码编码规则.

use super::{EntryError, compact, exact_length, only};

/// Digits and letters without I, O, S, V, Z (GB 32100, table 1); a character's place is its value.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Places 3 to 8: the administrative division, digits (GB/T 2260).
const DIVISION: std::ops::Range<usize> = 2..8;

/// Eighteen characters, normalised to capitals.
///
/// # Errors
/// `empty`, `wrong_length`, `forbidden_character` (with `position`), `check_digit`.
pub fn parse(text: &str) -> Result<String, EntryError> {
    let code = compact(text).to_uppercase();
    exact_length(&code, 18)?;
    only(&code, |character| ALPHABET.contains(character))?;
    if let Some(index) =
        code.chars().enumerate().position(|(at, c)| DIVISION.contains(&at) && !c.is_ascii_digit())
    {
        return Err(EntryError::new("forbidden_character").with("position", index + 1));
    }
    if !code.ends_with(check_character(&code)) {
        return Err(EntryError::new("check_digit"));
    }
    Ok(code)
}

/// The eighteenth character that the first seventeen demand: weights are the powers of 3 modulo 31 (GB 32100, 5).
pub fn check_character(code: &str) -> char {
    let mut weight = 1;
    let mut sum = 0;
    for character in code.chars().take(17) {
        sum += weight * ALPHABET.find(character).unwrap_or(0);
        weight = weight * 3 % 31;
    }
    char::from(ALPHABET.as_bytes()[(31 - sum % 31) % 31])
}
