//! PINs: always sixteen bytes, filled up with FF, so that the length on the wire says nothing.

use zeroize::Zeroizing;

use crate::{
    KeyError, Pin,
    apdu::Command,
    key::PinKind,
    profile::iso7816::{ADMIN, CHANGE_REFERENCE, PIN_BYTES, RESET_RETRY, USER, VERIFY},
};

pub fn verify(kind: PinKind, pin: &Pin) -> Result<Command, KeyError> {
    Ok(Command::new(VERIFY, 0, reference(kind)).data(padded(&[pin])?.to_vec()))
}

pub fn change(kind: PinKind, old: &Pin, new: &Pin) -> Result<Command, KeyError> {
    Ok(Command::new(CHANGE_REFERENCE, 0, reference(kind)).data(padded(&[old, new])?.to_vec()))
}

/// First PIN of a key that is being made.
pub fn set(kind: PinKind, new: &Pin) -> Result<Command, KeyError> {
    Ok(Command::new(CHANGE_REFERENCE, 1, reference(kind)).data(padded(&[new])?.to_vec()))
}

pub fn unblock(admin: &Pin, new_user: &Pin) -> Result<Command, KeyError> {
    Ok(Command::new(RESET_RETRY, 0, USER).data(padded(&[admin, new_user])?.to_vec()))
}

fn reference(kind: PinKind) -> u8 {
    match kind {
        PinKind::User => USER,
        PinKind::Admin => ADMIN,
    }
}

/// A PIN the key could not hold never reaches it: it would cost a try.
fn padded(pins: &[&Pin]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut out = Zeroizing::new(Vec::with_capacity(pins.len() * PIN_BYTES));
    for pin in pins {
        if !pin.fits() {
            return Err(KeyError::PinRule);
        }
        let end = out.len() + PIN_BYTES;
        out.extend_from_slice(pin.reveal().as_bytes());
        out.resize(end, 0xFF);
    }
    Ok(out)
}
