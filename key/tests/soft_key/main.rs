//! Conversations with a soft key, over the same `ApduKey` and the same conversations the helper uses.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

mod faults;
mod frames;
mod generations;
#[path = "../laws/mod.rs"]
mod laws;
#[path = "laws.rs"]
mod laws_here;
mod office;
mod pins;
mod production;
mod wire;

use futures::executor::block_on;
use key::{
    KeyError, Pin,
    message::NameParts,
    production::{Personalised, personalise},
    session::ApduKey,
    soft::{Drawer, SoftChannel},
};
use office::{Issued, Office};
use tempfile::TempDir;

pub const SERIAL: &str = "SK00000001";
/// 32 hex digits: a nonce of the office.
pub const NONCE: &str = "00112233445566778899aabbccddeeff";

pub type SoftKey = ApduKey<SoftChannel>;

/// A drawer with one blank key in the port.
pub struct Desk {
    pub office: Office,
    pub drawer: Drawer,
    dir: TempDir,
}

impl Desk {
    pub fn set_up() -> Self {
        let dir = laws::shelf();
        let drawer = Drawer::at(dir.path().join("soft-keys"));
        drawer.add(Some(SERIAL)).unwrap();
        drawer.insert(SERIAL).unwrap();
        Self { office: Office::open(), drawer, dir }
    }

    pub fn open(&self) -> SoftKey {
        self.try_open().unwrap()
    }

    pub fn try_open(&self) -> Result<SoftKey, KeyError> {
        block_on(ApduKey::open(self.drawer.open(SERIAL)?))
    }

    /// A finished key, still open and logged in.
    pub fn finished(&self) -> (SoftKey, Issued) {
        let mut key = self.open();
        let issued = self.office.issue(&begin(&mut key).unwrap().request);
        install(&mut key, &issued).unwrap();
        (key, issued)
    }

    pub fn file(&self, ending: &str) -> std::path::PathBuf {
        self.dir.path().join("soft-keys").join(format!("{SERIAL}.{ending}"))
    }
}

pub fn user() -> Pin {
    Pin::new("Kx7-uQ92")
}

pub fn admin() -> Pin {
    Pin::new("ADMINADMIN234567")
}

pub fn subject() -> NameParts {
    NameParts {
        country: "CN".into(),
        organisation: Some("北京示例科技有限公司".into()),
        unit: None,
        serial_number: Some("91110108MA01ABCDE6".into()),
        common_name: "北京示例科技有限公司".into(),
    }
}

pub fn begin(key: &mut SoftKey) -> Result<Personalised, KeyError> {
    block_on(personalise(key, "示例科技", &admin(), &user(), &subject(), NONCE))
}

pub fn install(key: &mut SoftKey, issued: &Issued) -> Result<(), KeyError> {
    let Issued { sign_certificate, encrypt_certificate, enveloped_key, .. } = issued;
    block_on(key::production::install(key, sign_certificate, encrypt_certificate, enveloped_key))
}
