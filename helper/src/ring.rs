//! The key ring: every key this computer has in a port, and the ones this page has open.
//!
//! Today the ports are the drawer of soft keys; a further kind of port is a further prefix of `KeyRef`.

use std::collections::HashMap;

use key::{
    KeyError,
    message::KeyRef,
    session::ApduKey,
    soft::{Drawer, SoftChannel},
};

const SOFT: &str = "soft:";

pub type OpenKey = ApduKey<SoftChannel>;

pub struct Ring {
    drawer: Drawer,
    open: HashMap<KeyRef, OpenKey>,
}

impl Ring {
    pub fn of(drawer: Drawer) -> Self {
        Self { drawer, open: HashMap::new() }
    }
}

impl key::serve::Ring for Ring {
    type Key = OpenKey;

    async fn inserted(&mut self) -> Result<Vec<KeyRef>, KeyError> {
        let keys = self.drawer.list()?;
        Ok(keys
            .into_iter()
            .filter(|key| key.inserted)
            .map(|key| KeyRef(format!("{SOFT}{}", key.serial)))
            .collect())
    }

    async fn key(&mut self, name: &KeyRef) -> Result<&mut OpenKey, KeyError> {
        if !self.open.contains_key(name) {
            let serial = name.0.strip_prefix(SOFT).ok_or(KeyError::NotFound)?;
            let key = ApduKey::open(self.drawer.open(serial)?).await?;
            self.open.insert(name.clone(), key);
        }
        self.open.get_mut(name).ok_or(KeyError::NotFound)
    }

    fn forget(&mut self, name: &KeyRef) {
        self.open.remove(name);
    }
}
