//! Accounts that a transfer goes to (R012).

use super::{EntryError, compact, digits_only, exact_length, length_between};

/// 对公账号: 6 to 32 digits. Each bank numbers as it likes, without a common check digit.
///
/// # Errors
/// `empty`, `too_short`, `too_long`, `forbidden_character`.
pub fn parse_number(text: &str) -> Result<String, EntryError> {
    let number = compact(text);
    length_between(&number, 6, 32)?;
    digits_only(&number)?;
    Ok(number)
}

/// 联行号: the 12 digits of the branch in CNAPS.
///
/// # Errors
/// `empty`, `wrong_length`, `forbidden_character`.
pub fn parse_bank_code(text: &str) -> Result<String, EntryError> {
    let code = compact(text);
    exact_length(&code, 12)?;
    digits_only(&code)?;
    Ok(code)
}
