//! Key pairs on the soft key: made inside (R138), or opened inside from their envelope (R139).

use certificate::{KeyPair, cipher, envelope, rand_core::TryCryptoRng};

use super::{
    card::Refusal,
    memory::{Memory, PrivateKey, SlotMemory},
};
use crate::{
    command::object,
    der::{Reader, element},
    status,
};

pub fn generate(memory: &mut Memory, dice: &mut impl TryCryptoRng) -> Result<Vec<u8>, Refusal> {
    has_room(memory, 32)?;
    let pair = KeyPair::generate(dice).map_err(|_| status::BROKEN)?;
    // A new signing pair ends what was made for the old one: its certificate, and the pair sealed to it.
    memory.sign = SlotMemory { pair: Some(PrivateKey::of(&pair)), certificate: None };
    memory.encrypt = SlotMemory::default();
    Ok(object::object(0x7F49, &element(0x86, &pair.public_key().to_point())))
}

/// r ‖ s over a given hash.
pub fn sign(memory: &Memory, hash: &[u8]) -> Result<Vec<u8>, Refusal> {
    let hash: &[u8; 32] = hash.try_into().map_err(|_| status::WRONG_LENGTH)?;
    let signature = open(&memory.sign)?.sign_digest(hash).map_err(|_| status::BROKEN)?;
    raw_signature(&signature).ok_or(status::BROKEN)
}

pub fn decipher(memory: &Memory, cryptogram: &[u8]) -> Result<Vec<u8>, Refusal> {
    let opened = cipher::decrypt(&open(&memory.encrypt)?, cryptogram).map_err(|_| status::WRONG_DATA)?;
    Ok(opened.to_vec())
}

/// Sealed to the signing pair; a pair whose private key does not make its public point is refused.
pub fn import(memory: &mut Memory, enveloped: &[u8]) -> Result<(), Refusal> {
    let pair = envelope::open(enveloped, &open(&memory.sign)?).map_err(|_| status::WRONG_DATA)?;
    has_room(memory, 32)?;
    memory.encrypt = SlotMemory { pair: Some(PrivateKey::of(&pair)), certificate: None };
    Ok(())
}

pub fn point(slot: &SlotMemory) -> Result<Vec<u8>, Refusal> {
    Ok(open(slot)?.public_key().to_point().to_vec())
}

pub fn has_room(memory: &Memory, more: usize) -> Result<(), Refusal> {
    let fits = memory.used() + more <= memory.capacity && !memory.faults.full;
    if fits { Ok(()) } else { Err(status::NO_ROOM) }
}

fn open(slot: &SlotMemory) -> Result<KeyPair, Refusal> {
    slot.pair.as_ref().ok_or(status::NOT_FOUND)?.open().ok_or(status::BROKEN)
}

fn raw_signature(der: &[u8]) -> Option<Vec<u8>> {
    let mut parts = Reader(Reader(der).expect(0x30)?);
    let mut raw = vec![0; 64];
    for half in raw.chunks_mut(32) {
        let number = parts.expect(0x02)?;
        let number = number.strip_prefix(&[0]).unwrap_or(number);
        half[32usize.checked_sub(number.len())?..].copy_from_slice(number);
    }
    Some(raw)
}
