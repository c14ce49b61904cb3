//! What stays in a soft key when the power goes: the content of its file.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{fault::Faults, pin::PinRecord};
use crate::profile::iso7816::CREATION;

/// Bytes of certificates and pairs a soft key holds unless told otherwise.
pub const CAPACITY: usize = 32 * 1024;

/// No `Debug`: it holds private keys.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    pub serial: String,
    pub label: String,
    /// Life cycle byte of ISO 7816-4.
    pub life: u8,
    pub user: Option<PinRecord>,
    pub admin: Option<PinRecord>,
    pub sign: SlotMemory,
    pub encrypt: SlotMemory,
    /// The next generation, while it is being made.
    #[serde(default)]
    pub next_sign: SlotMemory,
    #[serde(default)]
    pub next_encrypt: SlotMemory,
    /// Encryption pairs of before, the newest first.
    #[serde(default)]
    pub past: Vec<SlotMemory>,
    /// For pairs of before that come back under a signing pair of their own.
    #[serde(default)]
    pub places: Vec<PlaceMemory>,
    /// Counted up when everything is forgotten: whoever was logged in no longer is.
    pub epoch: u32,
    pub inserted: bool,
    /// Counted up with each insertion: an open channel ends with the insertion it began in.
    pub insertion: u32,
    pub capacity: usize,
    #[serde(default)]
    pub faults: Faults,
}

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaceMemory {
    pub sign: SlotMemory,
    pub encrypt: SlotMemory,
}

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SlotMemory {
    pub pair: Option<PrivateKey>,
    #[serde(default)]
    pub certificate: Option<String>,
}

/// d as hex; wiped when dropped.
#[derive(Clone, PartialEq, Zeroize, ZeroizeOnDrop, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PrivateKey(String);

impl PrivateKey {
    pub fn of(pair: &certificate::KeyPair) -> Self {
        Self(hex::encode(&pair.to_bytes()[..]))
    }

    /// `None` if the file was damaged.
    pub fn open(&self) -> Option<certificate::KeyPair> {
        let bytes = zeroize::Zeroizing::new(hex::decode(&self.0).ok()?);
        certificate::KeyPair::from_bytes(&bytes).ok()
    }
}

impl Memory {
    pub fn fresh(serial: &str) -> Self {
        Self {
            serial: serial.into(),
            label: String::new(),
            life: CREATION,
            user: None,
            admin: None,
            sign: SlotMemory::default(),
            encrypt: SlotMemory::default(),
            next_sign: SlotMemory::default(),
            next_encrypt: SlotMemory::default(),
            past: Vec::new(),
            places: Vec::new(),
            epoch: 0,
            inserted: false,
            insertion: 0,
            capacity: CAPACITY,
            faults: Faults::default(),
        }
    }

    /// As fresh, but still the same key in the same port.
    pub fn forget(&mut self) {
        self.label.clear();
        (self.user, self.admin) = (None, None);
        (self.sign, self.encrypt) = (SlotMemory::default(), SlotMemory::default());
        (self.next_sign, self.next_encrypt) = (SlotMemory::default(), SlotMemory::default());
        self.past.clear();
        self.places.clear();
        self.epoch += 1;
    }

    /// Encryption pairs of before, the newest first, those that were brought back last.
    pub fn opens_before(&self) -> impl Iterator<Item = &SlotMemory> {
        let brought = self.places.iter().map(|place| &place.encrypt);
        self.past.iter().chain(brought.filter(|slot| slot.pair.is_some()))
    }

    /// Of before, filled or not.
    pub fn kept(&self) -> usize {
        self.past.len() + self.places.len()
    }

    pub fn used(&self) -> usize {
        [&self.sign, &self.encrypt, &self.next_sign, &self.next_encrypt]
            .into_iter()
            .chain(&self.past)
            .chain(self.places.iter().flat_map(|place| [&place.sign, &place.encrypt]))
            .map(|slot| {
                slot.pair.iter().len() * 32 + slot.certificate.as_ref().map_or(0, |text| text.len() / 2)
            })
            .sum()
    }
}
