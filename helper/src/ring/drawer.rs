//! The drawer of soft keys as a kind of port: a place is a serial.

use key::{KeyError, session::ApduKey, soft::Drawer};

use super::{
    OpenKey,
    socket::{Port, at_once},
};

pub struct SoftKeys(pub Drawer);

impl Port for SoftKeys {
    fn places(&mut self) -> Result<Vec<String>, KeyError> {
        let keys = self.0.list()?;
        Ok(keys.into_iter().filter(|key| key.inserted).map(|key| key.serial).collect())
    }

    fn open(&mut self, place: &str) -> Result<OpenKey, KeyError> {
        at_once(ApduKey::open(self.0.open(place)?)).map(OpenKey::Soft)
    }

    fn serial(&self, place: &str) -> Option<String> {
        Some(place.to_owned())
    }
}
