//! Data objects: read and written whole, by tag.

use crate::{
    KeyError,
    apdu::Command,
    der::{Reader, element},
    profile::iso7816::{ACTIVATE, APPLICATION, DELETE, GET_DATA, PUT_DATA, SELECT},
};

pub fn select() -> Command {
    Command::new(SELECT, 0x04, 0x00).data(APPLICATION)
}

/// GET DATA with a tag list; the key answers the whole object.
pub fn get(tag: u16) -> Command {
    Command::new(GET_DATA, 0x3F, 0xFF).data(element(0x5C, &tag.to_be_bytes())).answer()
}

pub fn put(tag: u16, value: &[u8]) -> Command {
    Command::new(PUT_DATA, 0x3F, 0xFF).data(object(tag, value))
}

pub fn forget_all() -> Command {
    Command::new(DELETE, 0, 0)
}

pub fn activate() -> Command {
    Command::new(ACTIVATE, 0, 0)
}

/// The next generation takes the place of the one in use.
pub fn switch() -> Command {
    Command::new(ACTIVATE, 1, 0)
}

/// Two-byte tag, length, value.
pub fn object(tag: u16, value: &[u8]) -> Vec<u8> {
    let [class, number] = tag.to_be_bytes();
    let mut out = vec![class];
    out.extend_from_slice(&element(number, value));
    out
}

/// The tag and value of a single object; `None` if there is anything else.
pub fn read_object(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let (&class, rest) = bytes.split_first()?;
    let mut reader = Reader(rest);
    let (number, value) = reader.take()?;
    reader.0.is_empty().then_some((u16::from_be_bytes([class, number]), value))
}

/// The value in an answer to `get(tag)`.
pub fn value(tag: u16, answer: &[u8]) -> Result<Vec<u8>, KeyError> {
    match read_object(answer) {
        Some((found, value)) if found == tag => Ok(value.to_vec()),
        _ => Err(KeyError::Transport(format!("the answer is not object {tag:04X}"))),
    }
}
