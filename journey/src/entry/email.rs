//! Mailboxes: the dot-atom form of RFC 5321, 4.1.2, with a domain of at least two labels. No quotes, no comments.

use super::{EntryError, length_between, narrow};

/// The address; the domain in small letters.
///
/// # Errors
/// `empty`, `too_short`, `too_long`, `not_an_email`.
pub fn parse(text: &str) -> Result<String, EntryError> {
    let address = narrow(text);
    length_between(&address, 6, 254)?;
    let fault = || EntryError::new("not_an_email");
    let (person, domain) = address.rsplit_once('@').ok_or_else(fault)?;
    let domain = domain.to_ascii_lowercase();
    let top = domain.rsplit('.').next().unwrap_or("");
    let holds = person.len() <= 64
        && person.split('.').all(is_atom)
        && domain.contains('.')
        && domain.split('.').all(is_label)
        && top.len() >= 2
        && !top.bytes().all(|byte| byte.is_ascii_digit());
    if holds { Ok(format!("{person}@{domain}")) } else { Err(fault()) }
}

fn is_atom(part: &str) -> bool {
    !part.is_empty()
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
}

fn is_label(part: &str) -> bool {
    let inner = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    inner && !part.is_empty() && part.len() <= 63 && !part.starts_with('-') && !part.ends_with('-')
}
