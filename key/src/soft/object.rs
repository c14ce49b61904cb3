//! Data objects of the soft key: who may read and write which.

use super::{
    card::Refusal,
    memory::Memory,
    pair::{has_room, import, point},
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
        set::SIGN_CERTIFICATE | set::ENCRYPT_CERTIFICATE | set::ENVELOPED_PAIR if !user => {
            return Err(status::NOT_LOGGED_IN);
        }
        set::ENVELOPED_PAIR => import(memory, value)?,
        set::SIGN_CERTIFICATE | set::ENCRYPT_CERTIFICATE => {
            has_room(memory, value.len())?;
            if value.is_empty() || value.len() > MAX_DATA / 2 {
                return Err(status::WRONG_DATA);
            }
            let slot = if tag == set::SIGN_CERTIFICATE { &mut memory.sign } else { &mut memory.encrypt };
            if slot.pair.is_none() {
                return Err(status::NOT_FOUND);
            }
            slot.certificate = Some(hex::encode(value));
        }
        _ => return Err(status::NOT_FOUND),
    }
    Ok(Vec::new())
}

fn certificate(stored: &Option<String>) -> Result<Vec<u8>, Refusal> {
    hex::decode(stored.as_ref().ok_or(status::NOT_FOUND)?).map_err(|_| status::BROKEN)
}

fn tries(record: &Option<PinRecord>) -> Result<Vec<u8>, Refusal> {
    let record = record.as_ref().ok_or(status::NOT_FOUND)?;
    Ok(vec![record.left, record.max])
}
