//! Applications and their PINs. A key of ours has one; its PINs are the card's.

use super::device::names;
use super::export;
use crate::memory::{give, tell, text};
use crate::world::{APPLICATION, Device, Handle, world};
use key::Pin;
use key::command::{object, pin};
use key::key::PinKind;
use key::profile::iso7816 as set;
use key::skf::{ADMIN, USER, sar};
use std::ffi::c_char;
use zeroize::Zeroizing;

export! {
    fn SKF_CreateApplication(
        device: Handle, name: *const c_char, admin: *const c_char, _admin_tries: u32, user: *const c_char,
        _user_tries: u32, _rights: u32, application: *mut Handle,
    ) {
        let (admin, user) = (secret(admin)?, secret(user)?);
        named(&text(name)?)?;
        let set = |kind, pin: &Pin| pin::set(kind, pin).map_err(|_| sar::PIN_LENGTH);
        let (admin, user) = (set(PinKind::Admin, &admin)?, set(PinKind::User, &user)?);
        let mut world = world();
        let opened = device;
        let device = authenticated(world.device(opened)?)?;
        if device.has_application()? {
            return Err(sar::APPLICATION_EXISTS);
        }
        device.card.ask(admin)?;
        device.card.ask(user)?;
        tell(application, world.open_application(opened));
        Ok(())
    }

    fn SKF_EnumApplication(device: Handle, list: *mut u8, length: *mut u32) {
        let there = world().device(device)?.has_application()?;
        let found = if there { vec![APPLICATION.to_owned()] } else { Vec::new() };
        give(list, length, &names(&found))
    }

    /// With all that is in it. The label is the device's, and stays.
    fn SKF_DeleteApplication(device: Handle, name: *const c_char) {
        named(&text(name)?)?;
        let mut world = world();
        let device = authenticated(world.device(device)?)?;
        let label = device.card.get(set::LABEL)?.unwrap_or_default();
        let there = device.has_application()?;
        device.card.ask(object::forget_all())?;
        device.card.ask(object::put(set::LABEL, &label))?;
        if there { Ok(()) } else { Err(sar::NO_APPLICATION) }
    }

    fn SKF_OpenApplication(device: Handle, name: *const c_char, application: *mut Handle) {
        named(&text(name)?)?;
        let mut world = world();
        if !world.device(device)?.has_application()? {
            return Err(sar::NO_APPLICATION);
        }
        tell(application, world.open_application(device));
        Ok(())
    }

    fn SKF_CloseApplication(application: Handle) {
        let mut world = world();
        world.application(application)?;
        world.close(application)
    }

    fn SKF_ClearSecureState(application: Handle) {
        world().application(application)?.1.card.ask(object::select()).map(drop)
    }

    fn SKF_GetPINInfo(application: Handle, whose: u32, most: *mut u32, left: *mut u32, first: *mut u32) {
        let tag = match whose {
            USER => set::USER_TRIES,
            ADMIN => set::ADMIN_TRIES,
            _ => return Err(sar::INVALID_PARAMETER),
        };
        let tries = world().application(application)?.1.card.get(tag)?.ok_or(sar::NO_APPLICATION)?;
        let [now, max] = tries[..] else { return Err(sar::FAIL) };
        tell(most, max.into());
        tell(left, now.into());
        tell(first, 0);
        Ok(())
    }

    fn SKF_VerifyPIN(application: Handle, whose: u32, pin: *const c_char, left: *mut u32) {
        let pin = secret(pin)?;
        let mut world = world();
        let device = world.application(application)?.1;
        device.card.ask_pin(pin::verify(kind(whose)?, &pin)).map_err(|(code, tries)| {
            tell(left, tries);
            code
        })?;
        finish(device)
    }

    fn SKF_ChangePIN(application: Handle, whose: u32, old: *const c_char, new: *const c_char, left: *mut u32) {
        let (old, new) = (secret(old)?, secret(new)?);
        let mut world = world();
        let device = world.application(application)?.1;
        device.card.ask_pin(pin::change(kind(whose)?, &old, &new)).map_err(|(code, tries)| {
            tell(left, tries);
            code
        })
    }

    fn SKF_UnblockPIN(application: Handle, admin: *const c_char, new_user: *const c_char, left: *mut u32) {
        let (admin, new_user) = (secret(admin)?, secret(new_user)?);
        let mut world = world();
        let device = world.application(application)?.1;
        device.card.ask_pin(pin::unblock(&admin, &new_user)).map_err(|(code, tries)| {
            tell(left, tries);
            code
        })
    }
}

/// The card knows an end of making, SKF does not: it is when both certificates are there. After a cut just before, the
/// next PIN brings it.
pub fn finish(device: &mut Device) -> Result<(), u32> {
    let complete = device.card.get(set::LIFE)? == Some(vec![set::CREATION])
        && device.card.get(set::SIGN_CERTIFICATE)?.is_some()
        && device.card.get(set::ENCRYPT_CERTIFICATE)?.is_some();
    if complete { device.card.ask(object::activate()).map(drop) } else { Ok(()) }
}

fn named(name: &str) -> Result<(), u32> {
    if name == APPLICATION { Ok(()) } else { Err(sar::NO_APPLICATION) }
}

fn authenticated(device: &mut Device) -> Result<&mut Device, u32> {
    if device.authenticated { Ok(device) } else { Err(sar::NOT_LOGGED_IN) }
}

fn kind(whose: u32) -> Result<PinKind, u32> {
    match whose {
        USER => Ok(PinKind::User),
        ADMIN => Ok(PinKind::Admin),
        _ => Err(sar::INVALID_PARAMETER),
    }
}

/// # Safety
/// As `text`.
unsafe fn secret(pointer: *const c_char) -> Result<Pin, u32> {
    // SAFETY: as the caller promises.
    let text = Zeroizing::new(unsafe { text(pointer)? });
    Ok(Pin::new(text.as_str()))
}
