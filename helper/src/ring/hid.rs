//! HID keys: the same packets that a page sends over WebHID. A place is the system's path and the USB serial.

use std::{
    hash::{BuildHasher, RandomState},
    time::Instant,
};

use hidapi::{HidApi, HidDevice};
use key::{
    KeyError,
    frame::{PACKET, Packet},
    model::MODELS,
    session::ApduKey,
    wire::{Pipe, Wire},
};

use super::{
    OpenKey,
    patience::LONGEST,
    socket::{Port, at_once},
};

#[derive(Default)]
pub struct HidKeys {
    api: Option<HidApi>,
}

pub struct HidPipe(HidDevice);

/// Separates path and serial.
const THEN: char = '\n';

impl HidKeys {
    /// The system's list as it is now; `None` where there is none.
    fn fresh(&mut self) -> Option<&HidApi> {
        match &mut self.api {
            Some(api) => api.refresh_devices().ok()?,
            // Without enumerating every device of this computer twice.
            None => self.api = Some(HidApi::new().ok()?),
        }
        self.api.as_ref()
    }
}

impl Port for HidKeys {
    fn places(&mut self) -> Result<Vec<String>, KeyError> {
        let Some(api) = self.fresh() else { return Ok(Vec::new()) };
        let ours = |device: &&hidapi::DeviceInfo| {
            MODELS.iter().any(|model| {
                (model.vendor, model.product, model.usage_page)
                    == (device.vendor_id(), device.product_id(), device.usage_page())
            })
        };
        let place = |device: &hidapi::DeviceInfo| {
            let serial = device.serial_number().unwrap_or_default();
            format!("{}{THEN}{serial}", device.path().to_string_lossy())
        };
        Ok(api.device_list().filter(ours).map(place).collect())
    }

    fn open(&mut self, place: &str) -> Result<OpenKey, KeyError> {
        let api = self.api.as_ref().ok_or(KeyError::Removed)?;
        let pipe = HidPipe::open(api, place.split(THEN).next().unwrap_or_default())?;
        at_once(async { ApduKey::open(Wire::open(pipe, nonce()).await?).await }).map(OpenKey::Hid)
    }
}

impl HidPipe {
    /// # Errors
    /// `Denied` without the right to the device; `Removed`.
    pub fn open(api: &HidApi, path: &str) -> Result<Self, KeyError> {
        let path = std::ffi::CString::new(path).map_err(|_| KeyError::Removed)?;
        api.open_path(&path).map(HidPipe).map_err(|error| {
            let text = error.to_string();
            // The crate hands on the system's words, not its number.
            if text.contains("ermission denied") { KeyError::Denied } else { KeyError::Removed }
        })
    }
}

impl Pipe for HidPipe {
    async fn send(&mut self, packet: &Packet) -> Result<(), KeyError> {
        // The number of the report stands before it; ours has none, which is a zero.
        let mut report = zeroize::Zeroizing::new([0; 1 + PACKET]);
        report[1..].copy_from_slice(packet);
        self.0.write(&report[..]).map(drop).map_err(|_| KeyError::Removed)
    }

    async fn receive(&mut self) -> Result<Packet, KeyError> {
        let begun = Instant::now();
        let mut packet = [0; PACKET];
        loop {
            let left = LONGEST.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Err(KeyError::Timeout);
            }
            match self.0.read_timeout(&mut packet, left.as_millis() as i32) {
                Ok(PACKET) => return Ok(packet),
                // A report of another size is not of our interface.
                Ok(_) => {}
                Err(_) => return Err(KeyError::Removed),
            }
        }
    }
}

/// Only tells two openers of one key apart.
fn nonce() -> [u8; 8] {
    RandomState::new().hash_one(std::process::id()).to_be_bytes()
}
