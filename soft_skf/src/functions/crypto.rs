//! Pairs at work: the enveloped pair goes in, signatures and opened ciphers come out.

use super::export;
use crate::memory::{give, octets, put};
use crate::world::{Handle, Place, world};
use key::command::{object, pair};
use key::profile::iso7816 as set;
use key::skf::{blob, sar};

export! {
    fn SKF_ImportECCKeyPair(container: Handle, envelope: *const u8) {
        let length = CIPHER_LENGTH_AT + 4;
        let head = octets(envelope, length)?;
        let cipher = u32::from_le_bytes(head[CIPHER_LENGTH_AT..].try_into().map_err(|_| sar::INPUT)?);
        if cipher > 64 {
            return Err(sar::INPUT_LENGTH);
        }
        let envelope = octets(envelope, length + cipher as usize)?;
        let der = blob::read_envelope(envelope).ok_or(sar::INPUT)?;
        let mut world = world();
        let (device, place) = world.generation(container)?;
        let command = match place {
            Place::InUse => object::put(set::ENVELOPED_PAIR, &der),
            Place::Next => object::put(set::NEXT_ENVELOPED_PAIR, &der),
            Place::History(number) => object::put(set::PLACE_ENVELOPED_PAIR, &[&[number as u8], &der[..]].concat()),
            Place::Past(_) => return Err(sar::NOT_SUPPORTED),
        };
        device.card.ask(command).map(drop)
    }

    fn SKF_ECCSignData(container: Handle, hash: *const u8, length: u32, signature: *mut u8) {
        let hash: &[u8; 32] =
            octets(hash, length as usize)?.try_into().map_err(|_| sar::INPUT_LENGTH)?;
        let mut world = world();
        let (device, place) = world.generation(container)?;
        match place {
            Place::InUse => {}
            Place::Next => device.card.ask(pair::sign_with(set::NEXT)).map(drop)?,
            Place::Past(_) | Place::History(_) => return Err(sar::KEY_NOT_FOUND),
        }
        let raw = device.card.ask(pair::sign(hash))?;
        put(signature, &blob::signature(&raw).ok_or(sar::FAIL)?)
    }

    /// Not in the standard of 2012, but in most libraries.
    fn SKF_ECCDecrypt(container: Handle, cipher: *const u8, plain: *mut u8, length: *mut u32) {
        let head = octets(cipher, blob::CIPHER_HEAD)?;
        let more = u32::from_le_bytes(head[160..].try_into().map_err(|_| sar::INPUT)?) as usize;
        if more > key::apdu::MAX_DATA {
            return Err(sar::INPUT_LENGTH);
        }
        let (der, _) = blob::read_cipher(octets(cipher, blob::CIPHER_HEAD + more)?).ok_or(sar::INPUT)?;
        // The plain text of SM2 is as long as its cipher: who only asks for the length costs the card nothing.
        if plain.is_null() {
            return give(plain, length, &vec![0; more]);
        }
        let mut world = world();
        let (device, place) = world.generation(container)?;
        match place {
            Place::InUse => {}
            Place::Next => device.card.ask(pair::decipher_with(set::NEXT)).map(drop)?,
            Place::Past(number) => device.card.ask(pair::decipher_with(set::PAST + number)).map(drop)?,
            Place::History(number) => {
                let (past, history) = (device.past()?, device.history()?);
                let place = history.get(number).filter(|place| place.encrypt.is_some());
                place.ok_or(sar::KEY_NOT_FOUND)?;
                let before = history[..number].iter().filter(|place| place.encrypt.is_some()).count();
                device.card.ask(pair::decipher_with(set::PAST + (past + before) as u8)).map(drop)?;
            }
        }
        give(plain, length, &device.card.ask(pair::decipher(&der))?)
    }
}

/// Of the ECCCIPHERBLOB inside an ENVELOPEDKEYBLOB.
const CIPHER_LENGTH_AT: usize = blob::ENVELOPE_SMALLEST - 4;
