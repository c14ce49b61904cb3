//! The six digits of a text message (R125).

use super::{EntryError, compact, digits_only, exact_length};
use crate::secret::SmsCode;

/// Six digits; whether they are the right ones only the office knows.
///
/// # Errors
/// `empty`, `wrong_length`, `forbidden_character`.
pub fn parse(text: &str) -> Result<SmsCode, EntryError> {
    let code = compact(text);
    exact_length(&code, 6)?;
    digits_only(&code)?;
    Ok(SmsCode::new(code))
}
