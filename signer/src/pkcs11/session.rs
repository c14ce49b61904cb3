//! One token, logged in when needed.

use std::os::unix::fs::MetadataExt;
use std::sync::{Mutex, PoisonError};

use cryptoki::context::Pkcs11;
use cryptoki::error::{Error, RvError};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use zeroize::Zeroizing;

use super::DeviceError;
use crate::private_file;
use crate::settings::DeviceSettings;

pub(super) struct Device {
    library: Pkcs11,
    pub settings: DeviceSettings,
    /// The PIN file, as it was when the token refused what stands in it.
    refused: Mutex<Option<Version>>,
}

/// Which writing of a file: inode and the nanosecond of its last change.
type Version = (u64, i64, i64);

impl Device {
    pub fn new(library: Pkcs11, settings: DeviceSettings) -> Self {
        Device { library, settings, refused: Mutex::default() }
    }

    /// A session that is logged in. The slot is looked up each time: a token may come back in another one.
    pub fn session(&self, write: bool) -> Result<Session, DeviceError> {
        let slot = self.slot()?;
        let session = match write {
            true => self.library.open_rw_session(slot)?,
            false => self.library.open_ro_session(slot)?,
        };
        self.login(&session)?;
        Ok(session)
    }

    /// One at a time: many who try a wrong PIN at once would lock the token.
    fn login(&self, session: &Session) -> Result<(), DeviceError> {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let file = &self.settings.pin_file;
        let place = || file.display().to_string();
        let about = std::fs::metadata(file)
            .map_err(|e| DeviceError::PinFile { file: place(), why: e.to_string() })?;
        let version = (about.ino(), about.mtime(), about.mtime_nsec());
        if *refused == Some(version) {
            return Err(DeviceError::PinRefused(place()));
        }
        match session.login(UserType::User, Some(&self.pin()?)) {
            // All sessions of a process share one login.
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
            Err(Error::Pkcs11(
                RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange | RvError::PinLocked,
                _,
            )) => {
                *refused = Some(version);
                Err(DeviceError::PinRefused(place()))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Ends every session, as a device does that is pulled and put back.
    #[cfg(test)]
    pub fn close_all_sessions(&self) {
        use cryptoki::context::{CInitializeArgs, CInitializeFlags};
        self.library.clone().finalize().expect("it was initialised");
        self.library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).expect("it was ended");
    }

    fn slot(&self) -> Result<Slot, DeviceError> {
        for slot in self.library.get_slots_with_token()? {
            let info = self.library.get_token_info(slot);
            if info.is_ok_and(|info| info.label().trim_end() == self.settings.token) {
                return Ok(slot);
            }
        }
        Err(DeviceError::NoToken(self.settings.token.clone()))
    }

    fn pin(&self) -> Result<AuthPin, DeviceError> {
        let file = &self.settings.pin_file;
        let fail = |why: String| DeviceError::PinFile { file: file.display().to_string(), why };
        if private_file::is_open_to_others(file).map_err(|e| fail(e.to_string()))? {
            return Err(fail("others may read it: chmod 600".to_owned()));
        }
        let text = Zeroizing::new(std::fs::read_to_string(file).map_err(|e| fail(e.to_string()))?);
        match text.lines().next() {
            Some(line) if !line.is_empty() => Ok(AuthPin::new(line.into())),
            _ => Err(fail("it holds no PIN".to_owned())),
        }
    }
}

/// Whether a new session may help: the old one, its login or its objects are gone.
pub(super) fn is_lost(error: &DeviceError) -> bool {
    let DeviceError::Device(Error::Pkcs11(code, _)) = error else { return false };
    matches!(
        code,
        RvError::SessionHandleInvalid
            | RvError::SessionClosed
            | RvError::UserNotLoggedIn
            | RvError::DeviceError
            | RvError::DeviceRemoved
            | RvError::TokenNotPresent
            | RvError::TokenNotRecognized
            | RvError::KeyHandleInvalid
            | RvError::ObjectHandleInvalid
            | RvError::GeneralError
            | RvError::FunctionFailed
    )
}
