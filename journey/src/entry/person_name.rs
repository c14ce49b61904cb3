//! Names of people: Han characters, or Latin letters as in a passport; a middle dot between the parts of a name.

use super::{EntryError, is_han, length_between, only, tidy};

/// The name with one kind of middle dot (U+00B7, as the household register writes it).
///
/// # Errors
/// `empty`, `too_short`, `too_long`, `forbidden_character`.
pub fn parse(text: &str) -> Result<String, EntryError> {
    let name: String = tidy(text).chars().map(one_dot).collect();
    length_between(&name, 2, 50)?;
    only(&name, |character| {
        is_han(character)
            || character.is_ascii_alphabetic()
            || matches!(character, '·' | ' ' | '-' | '\'' | '.')
    })?;
    let ends_well =
        |end: Option<char>| end.is_some_and(|end| is_han(end) || end.is_ascii_alphabetic() || end == '.');
    if !ends_well(name.chars().next()) || !ends_well(name.chars().last()) {
        return Err(EntryError::new("forbidden_character").with("position", 1));
    }
    Ok(name)
}

fn one_dot(character: char) -> char {
    match character {
        '•' | '‧' | '・' | '．' | '●' => '·',
        other => other,
    }
}
