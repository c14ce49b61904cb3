//! Owns: a key behind a PKCS#11 library: login, certificates, and signatures where the maker has a mechanism for SM2.
//! Never: makes a key somebody's: what PKCS#11 cannot say, or a library cannot do, is `Unsupported`.
//! Start at: `Pkcs11`, then `key.rs`.

mod key;

use std::path::Path;

use ::key::KeyError;
use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags},
    error::{Error, RvError},
    slot::Slot,
};
use serde::{Deserialize, Serialize};

pub use key::Pkcs11Key;

/// What no standard says of a library.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Habits {
    /// The maker's number of "SM2 signature over a given hash"; without it nothing is signed. PKCS#11 has no SM2, and a
    /// token that makes pairs on the curve may still not sign with them (SoftHSM).
    pub sm2_sign: Option<u32>,
}

/// A library that is loaded.
pub struct Pkcs11 {
    library: cryptoki::context::Pkcs11,
    habits: Habits,
}

impl Pkcs11 {
    /// # Errors
    /// `Library`.
    pub fn load(path: &Path, habits: Habits) -> Result<Self, KeyError> {
        let failed = |error: Error| KeyError::Library(format!("{}: {error}", path.display()));
        let library = cryptoki::context::Pkcs11::new(path).map_err(failed)?;
        library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).map_err(failed)?;
        Ok(Self { library, habits })
    }

    /// Numbers of slots with a token that was prepared for use.
    ///
    /// # Errors
    /// The library's.
    pub fn devices(&mut self) -> Result<Vec<String>, KeyError> {
        let slots = self.library.get_slots_with_initialized_token().map_err(fault)?;
        Ok(slots.iter().map(|slot| slot.id().to_string()).collect())
    }

    /// # Errors
    /// The library's; `Removed`.
    pub fn open(&mut self, device: &str) -> Result<Pkcs11Key, KeyError> {
        let number: u64 = device.parse().map_err(|_| KeyError::Removed)?;
        let slot = Slot::try_from(number).map_err(|_| KeyError::Removed)?;
        Pkcs11Key::open(self.library.clone(), slot, self.habits.clone())
    }
}

/// The general meaning of a library's code.
fn fault(error: Error) -> KeyError {
    let Error::Pkcs11(code, _) = error else {
        return match error {
            Error::NullFunctionPointer | Error::NotSupported => KeyError::Unsupported,
            other => KeyError::Transport(other.to_string()),
        };
    };
    match code {
        RvError::PinIncorrect => KeyError::PinRefused,
        RvError::PinLocked => KeyError::PinLocked,
        RvError::PinInvalid | RvError::PinLenRange => KeyError::PinRule,
        RvError::UserNotLoggedIn => KeyError::NotLoggedIn,
        RvError::DeviceRemoved
        | RvError::TokenNotPresent
        | RvError::SlotIdInvalid
        | RvError::SessionHandleInvalid
        | RvError::SessionClosed => KeyError::Removed,
        RvError::DeviceMemory => KeyError::NoRoom,
        RvError::MechanismInvalid
        | RvError::FunctionNotSupported
        | RvError::KeyTypeInconsistent
        | RvError::KeyFunctionNotPermitted => KeyError::Unsupported,
        RvError::TokenWriteProtected => KeyError::Denied,
        other => KeyError::Transport(other.to_string()),
    }
}
