//! Key pairs on the soft key: made inside (R138), or opened inside from their envelope (R139).

use certificate::{KeyPair, cipher, envelope, rand_core::TryCryptoRng};

use super::{
    card::Refusal,
    memory::{Memory, PlaceMemory, PrivateKey, SlotMemory},
};
use crate::{
    command::object,
    der::{Reader, element},
    profile::iso7816::{IN_USE, MOST_PAST, NEXT, PAST},
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

/// Beside the pairs in use, and in the place of whatever was begun before.
pub fn generate_next(memory: &mut Memory, dice: &mut impl TryCryptoRng) -> Result<Vec<u8>, Refusal> {
    // Rather now than when everything is written: the switch needs a place for the pair that is in use.
    if memory.kept() >= usize::from(MOST_PAST) {
        return Err(status::NO_ROOM);
    }
    let mut next = memory.clone();
    (next.next_sign, next.next_encrypt) = (SlotMemory::default(), SlotMemory::default());
    has_room(&next, 32)?;
    let pair = KeyPair::generate(dice).map_err(|_| status::BROKEN)?;
    next.next_sign.pair = Some(PrivateKey::of(&pair));
    *memory = next;
    Ok(object::object(0x7F49, &element(0x86, &pair.public_key().to_point())))
}

/// All of it in this one command: whatever stops it leaves the file of before or the file of after.
pub fn switch(memory: &mut Memory) -> Result<Vec<u8>, Refusal> {
    let next = [&memory.next_sign, &memory.next_encrypt];
    if next.iter().any(|slot| slot.pair.is_none() || slot.certificate.is_none()) {
        return Err(status::NOT_FOUND);
    }
    memory.sign = std::mem::take(&mut memory.next_sign);
    let old = std::mem::replace(&mut memory.encrypt, std::mem::take(&mut memory.next_encrypt));
    memory.past.insert(0, old);
    Ok(Vec::new())
}

/// r ‖ s over a given hash.
pub fn sign(memory: &Memory, reference: u8, hash: &[u8]) -> Result<Vec<u8>, Refusal> {
    let hash: &[u8; 32] = hash.try_into().map_err(|_| status::WRONG_LENGTH)?;
    let slot = match reference {
        IN_USE => &memory.sign,
        NEXT => &memory.next_sign,
        _ => return Err(status::NOT_FOUND),
    };
    let signature = open(slot)?.sign_digest(hash).map_err(|_| status::BROKEN)?;
    raw_signature(&signature).ok_or(status::BROKEN)
}

pub fn decipher(memory: &Memory, reference: u8, cryptogram: &[u8]) -> Result<Vec<u8>, Refusal> {
    let slot = match reference {
        IN_USE => &memory.encrypt,
        NEXT => &memory.next_encrypt,
        past => {
            let number = past.checked_sub(PAST).ok_or(status::NOT_FOUND)?;
            memory.opens_before().nth(usize::from(number)).ok_or(status::NOT_FOUND)?
        }
    };
    let opened = cipher::decrypt(&open(slot)?, cryptogram).map_err(|_| status::WRONG_DATA)?;
    Ok(opened.to_vec())
}

/// Sealed to the signing pair; a pair whose private key does not make its public point is refused.
pub fn import(memory: &mut Memory, enveloped: &[u8]) -> Result<(), Refusal> {
    let pair = envelope::open(enveloped, &open(&memory.sign)?).map_err(|_| status::WRONG_DATA)?;
    has_room(memory, 32)?;
    memory.encrypt = SlotMemory { pair: Some(PrivateKey::of(&pair)), certificate: None };
    Ok(())
}

pub fn import_next(memory: &mut Memory, enveloped: &[u8]) -> Result<(), Refusal> {
    let pair = envelope::open(enveloped, &open(&memory.next_sign)?).map_err(|_| status::WRONG_DATA)?;
    has_room(memory, 32)?;
    memory.next_encrypt = SlotMemory { pair: Some(PrivateKey::of(&pair)), certificate: None };
    Ok(())
}

/// A pair that this key does not hold; the newest of the past is what was in use last, so this one is the oldest.
pub fn import_past(memory: &mut Memory, enveloped: &[u8]) -> Result<(), Refusal> {
    let pair = envelope::open(enveloped, &open(&memory.sign)?).map_err(|_| status::WRONG_DATA)?;
    if holds(memory, &pair) {
        return Ok(());
    }
    has_room(memory, 32)?;
    if memory.kept() >= usize::from(MOST_PAST) {
        return Err(status::NO_ROOM);
    }
    memory.past.push(SlotMemory { pair: Some(PrivateKey::of(&pair)), certificate: None });
    Ok(())
}

/// One more place for a pair of before, with a signing pair of its own.
pub fn generate_place(memory: &mut Memory, dice: &mut impl TryCryptoRng) -> Result<Vec<u8>, Refusal> {
    has_room(memory, 64)?;
    if memory.kept() >= usize::from(MOST_PAST) {
        return Err(status::NO_ROOM);
    }
    let pair = KeyPair::generate(dice).map_err(|_| status::BROKEN)?;
    let sign = SlotMemory { pair: Some(PrivateKey::of(&pair)), certificate: None };
    memory.places.push(PlaceMemory { sign, encrypt: SlotMemory::default() });
    Ok(object::object(0x7F49, &element(0x86, &pair.public_key().to_point())))
}

/// The number of the place, and a pair sealed to its signing pair.
pub fn import_place(memory: &mut Memory, value: &[u8]) -> Result<(), Refusal> {
    let (number, enveloped) = value.split_first().ok_or(status::WRONG_DATA)?;
    let place = memory.places.get(usize::from(*number)).ok_or(status::NOT_FOUND)?;
    let pair = envelope::open(enveloped, &open(&place.sign)?).map_err(|_| status::WRONG_DATA)?;
    if holds(memory, &pair) {
        return Ok(());
    }
    has_room(memory, 32)?;
    let came = SlotMemory { pair: Some(PrivateKey::of(&pair)), certificate: None };
    memory.places[usize::from(*number)].encrypt = came;
    Ok(())
}

fn holds(memory: &Memory, pair: &KeyPair) -> bool {
    let wanted = pair.public_key().to_point();
    let held = [&memory.encrypt].into_iter().chain(memory.opens_before());
    held.filter_map(|slot| open(slot).ok()).any(|held| held.public_key().to_point() == wanted)
}

pub fn past_points(memory: &Memory) -> Result<Vec<u8>, Refusal> {
    let points: Result<Vec<Vec<u8>>, Refusal> = memory.opens_before().map(point).collect();
    Ok(points?.concat())
}

pub fn places(memory: &Memory) -> Result<Vec<u8>, Refusal> {
    let mut all = Vec::new();
    for place in &memory.places {
        all.extend(point(&place.sign)?);
        all.extend(if place.encrypt.pair.is_some() { point(&place.encrypt)? } else { vec![0; 65] });
    }
    Ok(all)
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
