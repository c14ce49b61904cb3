//! Names of organisations and bank branches (企业名称登记管理规定; names of other bodies are freer).

use super::{EntryError, is_han, length_between, only, tidy};

/// The name, with the full-width brackets that the register uses: 某某（北京）有限公司.
///
/// # Errors
/// `empty`, `too_short`, `too_long`, `forbidden_character`.
pub fn parse(text: &str) -> Result<String, EntryError> {
    let name: String = tidy(text).chars().map(registered).collect();
    length_between(&name, 2, 100)?;
    only(&name, |character| {
        is_han(character)
            || character.is_alphanumeric()
            || matches!(
                character,
                ' ' | '（' | '）' | '·' | '.' | '-' | '&' | '\'' | '、' | '“' | '”' | ',' | '/' | '+'
            )
    })?;
    Ok(name)
}

fn registered(character: char) -> char {
    match character {
        '(' => '（',
        ')' => '）',
        '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => {
            char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character)
        }
        other => other,
    }
}
