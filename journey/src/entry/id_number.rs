//! 公民身份号码: GB 11643-1999.

use time::{Date, Month};

use super::{EntryError, compact, digits_only, exact_length, value};
use crate::secret::IdNumber;

/// The first two digits: provinces, municipalities, autonomous and special regions (GB/T 2260), 83 for residence
/// permits of Taiwan, 91 for foreigners' permits of the older kind.
const REGIONS: &[u32] = &[
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
    61, 62, 63, 64, 65, 71, 81, 82, 83, 91,
];
const CHECK_CHARACTERS: &[u8; 11] = b"10X98765432";

/// Eighteen characters, the last a digit or X.
///
/// # Errors
/// `empty`, `wrong_length`, `forbidden_character`, `unknown_region`, `no_such_birthday`, `check_digit`.
pub fn parse(text: &str) -> Result<IdNumber, EntryError> {
    parse_text(text).map(IdNumber::new)
}

/// The same, for a form that holds its values as text.
///
/// # Errors
/// As `parse`.
pub fn parse_text(text: &str) -> Result<String, EntryError> {
    let number = compact(text).to_uppercase();
    exact_length(&number, 18)?;
    let (body, last) = number.split_at(number.char_indices().nth(17).map_or(number.len(), |(at, _)| at));
    digits_only(body)?;
    if !last.chars().all(|character| character.is_ascii_digit() || character == 'X') {
        return Err(EntryError::new("forbidden_character").with("position", 18));
    }
    let digits: Vec<u32> = number.chars().map(value).collect();
    if !REGIONS.contains(&(digits[0] * 10 + digits[1])) {
        return Err(EntryError::new("unknown_region"));
    }
    birthday(&digits)?;
    if !number.ends_with(check_character(&number)) {
        return Err(EntryError::new("check_digit"));
    }
    Ok(number)
}

/// The eighteenth character that the first seventeen demand: ISO 7064 MOD 11-2.
pub fn check_character(number: &str) -> char {
    let sum = number.chars().take(17).fold(0, |sum, character| (sum + value(character)) * 2 % 11);
    char::from(CHECK_CHARACTERS[sum as usize])
}

/// Places 7 to 14 are a day; which days lie in the future the caller knows.
fn birthday(digits: &[u32]) -> Result<Date, EntryError> {
    let number = |places: &[u32]| places.iter().fold(0, |sum, digit| sum * 10 + digit);
    let (year, month, day) = (number(&digits[6..10]), number(&digits[10..12]), number(&digits[12..14]));
    let fault = || EntryError::new("no_such_birthday");
    if !(1900..=2099).contains(&year) {
        return Err(fault());
    }
    let month = Month::try_from(month as u8).map_err(|_| fault())?;
    Date::from_calendar_date(year as i32, month, day as u8).map_err(|_| fault())
}
