//! Key pairs: made on the key, used on the key; only points, signatures and opened values come out.

use crate::{
    KeyError,
    apdu::Command,
    der::Reader,
    profile::iso7816::{
        DECIPHER, FOR_DECIPHER, FOR_SIGNATURE, GENERATE_PAIR, MANAGE_ENVIRONMENT, NEXT_SIGN_SLOT, PLACE_SLOT,
        SECURITY_OPERATION, SIGN_HASH, SIGN_SLOT,
    },
    signing::Point,
};

/// R138: the signing pair; there is no command that would import one.
pub fn generate() -> Command {
    Command::new(GENERATE_PAIR, 0x80, 0x00).data(SIGN_SLOT).answer()
}

/// The next signing pair, beside the one in use.
pub fn generate_next() -> Command {
    Command::new(GENERATE_PAIR, 0x80, 0x00).data(NEXT_SIGN_SLOT).answer()
}

/// A place for a pair of before, with a signing pair of its own: what keys have that are used by containers.
pub fn generate_place() -> Command {
    Command::new(GENERATE_PAIR, 0x80, 0x00).data(PLACE_SLOT).answer()
}

/// The pair that the next signature is made with.
pub fn sign_with(reference: u8) -> Command {
    let (p1, p2) = FOR_SIGNATURE;
    Command::new(MANAGE_ENVIRONMENT, p1, p2).data([0x83, 0x01, reference])
}

/// The pair that the next cryptogram is opened with.
pub fn decipher_with(reference: u8) -> Command {
    let (p1, p2) = FOR_DECIPHER;
    Command::new(MANAGE_ENVIRONMENT, p1, p2).data([0x83, 0x01, reference])
}

/// e = SM3(Z ‖ message), answered as r ‖ s.
pub fn sign(hash: &[u8; 32]) -> Command {
    let (p1, p2) = SIGN_HASH;
    Command::new(SECURITY_OPERATION, p1, p2).data(*hash).answer()
}

/// SM2Cipher (GM/T 0009, DER) under the encryption pair.
pub fn decipher(cipher: &[u8]) -> Command {
    let (p1, p2) = DECIPHER;
    Command::new(SECURITY_OPERATION, p1, p2).data(cipher).answer()
}

/// The point in the answer to `generate`: 7F49 { 86 point }.
pub fn generated(answer: &[u8]) -> Result<Point, KeyError> {
    super::object::read_object(answer)
        .filter(|(tag, _)| *tag == 0x7F49)
        .and_then(|(_, value)| Reader(value).expect(0x86))
        .and_then(|point| point.try_into().ok())
        .ok_or_else(|| KeyError::Transport("the answer carries no public key".into()))
}
