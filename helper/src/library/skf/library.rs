//! SKF calls that are safe to make: buffers are ours and larger than promised, handles are closed, codes are errors.
#![allow(unsafe_code)] // foreign functions

use std::{ffi::CString, path::Path, ptr};

use key::{
    KeyError, Pin,
    skf::{
        USER,
        blob::{PUBLIC_KEY, SIGNATURE},
        device_info::{self, DeviceInfo},
        sar,
    },
};
use zeroize::Zeroizing;

use super::symbols::{Handle, Symbols};

/// Some libraries write more of a structure than the standard has.
const SLACK: usize = 512;

pub struct Functions {
    symbols: Symbols,
}

/// Calls the function if the library has it; its code is an error unless it is 0.
macro_rules! call {
    ($self:ident.$name:ident($($argument:expr),*)) => {
        match $self.symbols.$name {
            // SAFETY: every pointer here is to a buffer of ours that outlives the call and is as long as the call is
            // told, or longer; strings end with a zero.
            Some(function) => done(unsafe { function($($argument),*) }),
            None => Err(KeyError::Unsupported),
        }
    };
}

fn done(code: u32) -> Result<(), KeyError> {
    if code == sar::OK { Ok(()) } else { Err(sar::to_error(code)) }
}

impl Functions {
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let failed = |why: String| KeyError::Library(format!("{}: {why}", path.display()));
        let symbols = Symbols::load(path).map_err(|error| failed(error.to_string()))?;
        if symbols.enumerate.is_none() || symbols.connect.is_none() || symbols.device_info.is_none() {
            return Err(failed("it has not the functions of GM/T 0016".into()));
        }
        Ok(Self { symbols })
    }

    pub fn devices(&self) -> Result<Vec<Vec<u8>>, KeyError> {
        self.sized(|buffer, size| call!(self.enumerate(1, buffer, size))).map(|list| names(&list))
    }

    pub fn connect(&self, name: &[u8]) -> Result<Handle, KeyError> {
        let name = CString::new(name).map_err(|_| KeyError::Removed)?;
        let mut handle = ptr::null_mut();
        call!(self.connect(name.as_ptr(), &mut handle)).map_err(|error| match error {
            // A device that is not there is not found by its name.
            KeyError::NotFound | KeyError::Malformed(_) => KeyError::Removed,
            other => other,
        })?;
        Ok(handle)
    }

    pub fn disconnect(&self, device: Handle) {
        let _ = call!(self.disconnect(device));
    }

    pub fn info(&self, device: Handle) -> Result<DeviceInfo, KeyError> {
        let mut buffer = [0; SLACK];
        call!(self.device_info(device, buffer.as_mut_ptr()))?;
        let (info, _) = buffer.split_first_chunk::<{ device_info::BYTES }>().ok_or(KeyError::Unsupported)?;
        Ok(device_info::read(info))
    }

    pub fn set_label(&self, device: Handle, label: &str) -> Result<(), KeyError> {
        let label = text(label)?;
        call!(self.set_label(device, label.as_ptr()))
    }

    pub fn random(&self, device: Handle) -> Result<[u8; 8], KeyError> {
        let mut buffer = [0; 8];
        call!(self.random(device, buffer.as_mut_ptr(), 8))?;
        Ok(buffer)
    }

    pub fn device_auth(&self, device: Handle, answer: &[u8; 16]) -> Result<(), KeyError> {
        call!(self.device_auth(device, answer.as_ptr(), 16))
    }

    pub fn create_application(
        &self,
        device: Handle,
        name: &str,
        (admin, user): (&Pin, &Pin),
        tries: u32,
    ) -> Result<Handle, KeyError> {
        let (name, admin, user) = (text(name)?, secret(admin)?, secret(user)?);
        let mut handle = ptr::null_mut();
        call!(self.create_application(
            device,
            name.as_ptr(),
            admin.as_ptr().cast(),
            tries,
            user.as_ptr().cast(),
            tries,
            key::skf::BY_USER,
            &mut handle
        ))?;
        Ok(handle)
    }

    pub fn delete_application(&self, device: Handle, name: &str) -> Result<(), KeyError> {
        let name = text(name)?;
        call!(self.delete_application(device, name.as_ptr()))
    }

    pub fn open_application(&self, device: Handle, name: &str) -> Result<Handle, KeyError> {
        let name = text(name)?;
        let mut handle = ptr::null_mut();
        call!(self.open_application(device, name.as_ptr(), &mut handle))?;
        Ok(handle)
    }

    /// Ends what a PIN has opened, then closes.
    pub fn close_application(&self, application: Handle) {
        let _ = call!(self.clear_secure_state(application));
        let _ = call!(self.close_application(application));
    }

    /// Tries at most, and left.
    pub fn pin_info(&self, application: Handle, whose: u32) -> Result<(u32, u32), KeyError> {
        let (mut max, mut left, mut first) = (0, 0, 0);
        call!(self.pin_info(application, whose, &mut max, &mut left, &mut first))?;
        Ok((max, left))
    }

    pub fn verify_pin(&self, application: Handle, whose: u32, pin: &Pin) -> Result<(), KeyError> {
        let pin = secret(pin)?;
        let mut left = 0;
        let function = self.symbols.verify_pin.ok_or(KeyError::Unsupported)?;
        // SAFETY: as in `call!`.
        with_tries(unsafe { function(application, whose, pin.as_ptr().cast(), &mut left) }, left)
    }

    pub fn change_pin(&self, application: Handle, whose: u32, old: &Pin, new: &Pin) -> Result<(), KeyError> {
        let (old, new) = (secret(old)?, secret(new)?);
        let mut left = 0;
        let function = self.symbols.change_pin.ok_or(KeyError::Unsupported)?;
        let (old, new) = (old.as_ptr().cast(), new.as_ptr().cast());
        // SAFETY: as in `call!`; both strings live to the end of this function.
        with_tries(unsafe { function(application, whose, old, new, &mut left) }, left)
    }

    pub fn unblock(&self, application: Handle, admin: &Pin, new_user: &Pin) -> Result<(), KeyError> {
        let (admin, new_user) = (secret(admin)?, secret(new_user)?);
        let mut left = 0;
        let function = self.symbols.unblock_pin.ok_or(KeyError::Unsupported)?;
        let (admin, new_user) = (admin.as_ptr().cast(), new_user.as_ptr().cast());
        // SAFETY: as in `call!`; both strings live to the end of this function.
        with_tries(unsafe { function(application, admin, new_user, &mut left) }, left)
    }

    pub fn create_container(&self, application: Handle, name: &str) -> Result<Handle, KeyError> {
        let name = text(name)?;
        let mut handle = ptr::null_mut();
        call!(self.create_container(application, name.as_ptr(), &mut handle))?;
        Ok(handle)
    }

    pub fn open_container(&self, application: Handle, name: &str) -> Result<Handle, KeyError> {
        let name = text(name)?;
        let mut handle = ptr::null_mut();
        call!(self.open_container(application, name.as_ptr(), &mut handle))?;
        Ok(handle)
    }

    pub fn containers(&self, application: Handle) -> Result<Vec<Vec<u8>>, KeyError> {
        self.sized(|buffer, size| call!(self.list_containers(application, buffer, size)))
            .map(|list| names(&list))
    }

    pub fn delete_container(&self, application: Handle, name: &str) -> Result<(), KeyError> {
        let name = text(name)?;
        call!(self.delete_container(application, name.as_ptr()))
    }

    pub fn close_container(&self, container: Handle) {
        let _ = call!(self.close_container(container));
    }

    pub fn generate(&self, container: Handle) -> Result<[u8; PUBLIC_KEY], KeyError> {
        let mut buffer = [0; SLACK];
        call!(self.generate(container, key::skf::SM2_SIGN, buffer.as_mut_ptr()))?;
        Ok(std::array::from_fn(|at| buffer[at]))
    }

    pub fn import_pair(&self, container: Handle, envelope: &[u8]) -> Result<(), KeyError> {
        call!(self.import_pair(container, envelope.as_ptr()))
    }

    pub fn public_key(&self, container: Handle, sign: bool) -> Result<Vec<u8>, KeyError> {
        let mut blob =
            self.sized(|buffer, size| call!(self.public_key(container, sign.into(), buffer, size)))?;
        blob.truncate(PUBLIC_KEY);
        Ok(blob)
    }

    pub fn import_certificate(&self, container: Handle, sign: bool, der: &[u8]) -> Result<(), KeyError> {
        call!(self.import_certificate(container, sign.into(), der.as_ptr(), der.len() as u32))
    }

    pub fn certificate(&self, container: Handle, sign: bool) -> Result<Vec<u8>, KeyError> {
        self.sized(|buffer, size| call!(self.export_certificate(container, sign.into(), buffer, size)))
    }

    pub fn sign(&self, container: Handle, hash: &[u8; 32]) -> Result<[u8; SIGNATURE], KeyError> {
        let mut buffer = [0; SLACK];
        call!(self.sign(container, hash.as_ptr(), 32, buffer.as_mut_ptr()))?;
        Ok(std::array::from_fn(|at| buffer[at]))
    }

    pub fn ecc_decrypt(&self, container: Handle, cipher: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.sized(|buffer, size| call!(self.ecc_decrypt(container, cipher.as_ptr(), buffer, size)))
    }

    pub fn private_key_decrypt(&self, container: Handle, cipher: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.sized(|buffer, size| {
            call!(self.private_key_decrypt(container, USER, cipher.as_ptr(), buffer, size))
        })
    }

    /// The standard's two calls: how much, then the thing itself. Our buffer is larger than what was said.
    fn sized(
        &self,
        mut call: impl FnMut(*mut u8, *mut u32) -> Result<(), KeyError>,
    ) -> Result<Vec<u8>, KeyError> {
        let mut size = 0;
        call(ptr::null_mut(), &mut size)?;
        if size as usize > key::apdu::MAX_DATA {
            return Err(KeyError::Transport(format!("an answer of {size} octets")));
        }
        let mut buffer = vec![0; size as usize + SLACK];
        let room = size;
        call(buffer.as_mut_ptr(), &mut size)?;
        buffer.truncate(size.min(room) as usize);
        Ok(buffer)
    }
}

/// A wrong PIN with its counter, which the code alone does not carry.
fn with_tries(code: u32, left: u32) -> Result<(), KeyError> {
    match (code, left) {
        (sar::PIN_INCORRECT, 0) => Err(KeyError::PinLocked),
        (sar::PIN_INCORRECT, left) => Err(KeyError::PinWrong { left: left.min(255) as u8 }),
        (code, _) => done(code),
    }
}

/// Each ends with a zero, and the list with one more.
fn names(list: &[u8]) -> Vec<Vec<u8>> {
    list.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(<[u8]>::to_vec).collect()
}

fn text(value: &str) -> Result<CString, KeyError> {
    CString::new(value).map_err(|_| KeyError::Malformed("a name with a zero in it".into()))
}

/// A PIN the key could not hold never reaches it: it would cost a try.
fn secret(pin: &Pin) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    if !pin.fits() {
        return Err(KeyError::PinRule);
    }
    let mut text = Zeroizing::new(Vec::with_capacity(pin.reveal().len() + 1));
    text.extend_from_slice(pin.reveal().as_bytes());
    text.push(0);
    Ok(text)
}
