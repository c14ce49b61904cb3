//! Data objects of the soft key: who may read and write which.

use super::{
    card::Refusal,
    memory::{Memory, SlotMemory},
    pair::{has_room, import, import_next, import_past, import_place, past_points, places, point},
    pin::PinRecord,
};
use crate::{
    apdu::MAX_DATA,
    command::object::{object, read_object},
    der::Reader,
    profile::iso7816 as set,
    status,
};

/// Everything but private keys may be read by anyone (K01): that is how a person sees which key it is.
pub fn get(memory: &Memory, tag_list: &[u8]) -> Result<Vec<u8>, Refusal> {
    let tag: [u8; 2] =
        Reader(tag_list).expect(0x5C).and_then(|tag| tag.try_into().ok()).ok_or(status::WRONG_DATA)?;
    let tag = u16::from_be_bytes(tag);
    let value = match tag {
        set::SERIAL => memory.serial.clone().into_bytes(),
        set::LABEL => memory.label.clone().into_bytes(),
        set::LIFE => vec![memory.life],
        set::SIGN_CERTIFICATE => certificate(&memory.sign.certificate)?,
        set::ENCRYPT_CERTIFICATE => certificate(&memory.encrypt.certificate)?,
        set::SIGN_POINT => point(&memory.sign)?,
        set::ENCRYPT_POINT => point(&memory.encrypt)?,
        set::NEXT_SIGN_CERTIFICATE => certificate(&memory.next_sign.certificate)?,
        set::NEXT_ENCRYPT_CERTIFICATE => certificate(&memory.next_encrypt.certificate)?,
        set::NEXT_SIGN_POINT => point(&memory.next_sign)?,
        set::NEXT_ENCRYPT_POINT => point(&memory.next_encrypt)?,
        set::PAST_POINTS => past_points(memory)?,
        set::PLACES => places(memory)?,
        past if (set::PAST_CERTIFICATES..set::PAST_CERTIFICATES + u16::from(set::MOST_PAST))
            .contains(&past) =>
        {
            let slot = memory.opens_before().nth(usize::from(past - set::PAST_CERTIFICATES));
            certificate(&slot.ok_or(status::NOT_FOUND)?.certificate)?
        }
        set::USER_TRIES => tries(&memory.user)?,
        set::ADMIN_TRIES => tries(&memory.admin)?,
        _ => return Err(status::NOT_FOUND),
    };
    Ok(object(tag, &value))
}

pub fn put(memory: &mut Memory, user: bool, data: &[u8]) -> Result<Vec<u8>, Refusal> {
    let (tag, value) = read_object(data).ok_or(status::WRONG_DATA)?;
    match tag {
        set::LABEL if memory.life == set::CREATION => {
            let label = std::str::from_utf8(value).map_err(|_| status::WRONG_DATA)?;
            if value.len() > set::LABEL_BYTES {
                return Err(status::WRONG_DATA);
            }
            memory.label = label.into();
        }
        set::LABEL => return Err(status::CONDITIONS),
        _ if !PUTTABLE.contains(&tag) => return Err(status::NOT_FOUND),
        _ if !user => return Err(status::NOT_LOGGED_IN),
        // What is in use on a finished key is replaced by a switch, and by nothing else.
        set::SIGN_CERTIFICATE | set::ENCRYPT_CERTIFICATE | set::ENVELOPED_PAIR
            if memory.life != set::CREATION =>
        {
            return Err(status::CONDITIONS);
        }
        set::ENVELOPED_PAIR => import(memory, value)?,
        set::NEXT_ENVELOPED_PAIR => import_next(memory, value)?,
        set::PAST_ENVELOPED_PAIR => import_past(memory, value)?,
        set::PLACE_ENVELOPED_PAIR => import_place(memory, value)?,
        set::SIGN_CERTIFICATE => keep(memory, |memory| &mut memory.sign, value)?,
        set::ENCRYPT_CERTIFICATE => keep(memory, |memory| &mut memory.encrypt, value)?,
        set::NEXT_SIGN_CERTIFICATE => keep(memory, |memory| &mut memory.next_sign, value)?,
        set::NEXT_ENCRYPT_CERTIFICATE => keep(memory, |memory| &mut memory.next_encrypt, value)?,
        _ => return Err(status::NOT_FOUND),
    }
    Ok(Vec::new())
}

/// What who has the PIN may write.
const PUTTABLE: [u16; 8] = [
    set::ENVELOPED_PAIR,
    set::NEXT_ENVELOPED_PAIR,
    set::PAST_ENVELOPED_PAIR,
    set::PLACE_ENVELOPED_PAIR,
    set::SIGN_CERTIFICATE,
    set::ENCRYPT_CERTIFICATE,
    set::NEXT_SIGN_CERTIFICATE,
    set::NEXT_ENCRYPT_CERTIFICATE,
];

/// A certificate beside its pair.
fn keep(
    memory: &mut Memory,
    slot: impl Fn(&mut Memory) -> &mut SlotMemory,
    value: &[u8],
) -> Result<(), Refusal> {
    has_room(memory, value.len())?;
    if value.is_empty() || value.len() > MAX_DATA / 2 {
        return Err(status::WRONG_DATA);
    }
    let slot = slot(memory);
    if slot.pair.is_none() {
        return Err(status::NOT_FOUND);
    }
    slot.certificate = Some(hex::encode(value));
    Ok(())
}

fn certificate(stored: &Option<String>) -> Result<Vec<u8>, Refusal> {
    hex::decode(stored.as_ref().ok_or(status::NOT_FOUND)?).map_err(|_| status::BROKEN)
}

fn tries(record: &Option<PinRecord>) -> Result<Vec<u8>, Refusal> {
    let record = record.as_ref().ok_or(status::NOT_FOUND)?;
    Ok(vec![record.left, record.max])
}
