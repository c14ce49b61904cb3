//! An open key: its application, its containers, and what lies in them.
//!
//! GM/T 0016 has no life cycle: a key is finished when its container carries both certificates. From then on we refuse to
//! make it anew; the device itself would obey whoever knows its device key.

use std::{collections::BTreeMap, rc::Rc};

use key::{
    KeyError,
    key::{Identity, Life, Slot},
    signing::{Point, signature_der, signing_hash},
    skf::blob,
};
use sm4::{
    Sm4,
    cipher::{BlockCipherEncrypt, KeyInit},
};

use super::{
    Habits,
    generations::{self, Generations},
    library::Functions,
    symbols::Handle,
};

pub struct SkfKey {
    pub(super) library: Rc<Functions>,
    pub(super) habits: Habits,
    pub(super) device: Handle,
    pub(super) application: Option<Handle>,
    /// Which containers there are, until we change it ourselves.
    pub(super) generations: Option<Generations>,
    /// By name.
    open: BTreeMap<String, Handle>,
}

impl SkfKey {
    pub fn open(library: Rc<Functions>, name: &[u8], habits: Habits) -> Result<Self, KeyError> {
        let device = library.connect(name)?;
        let open = BTreeMap::new();
        let mut key = Self { library, habits, device, application: None, generations: None, open };
        key.identity()?;
        Ok(key)
    }

    pub(super) fn identity(&mut self) -> Result<Identity, KeyError> {
        let info = self.library.info(self.device)?;
        let life = match (self.certificate(Slot::Sign)?, self.certificate(Slot::Encrypt)?) {
            (Some(_), Some(_)) => Life::Operational,
            _ => Life::Creation,
        };
        Ok(Identity { serial: info.serial, label: info.label, life })
    }

    /// The office's application; `NotFound` on a blank key.
    pub(super) fn application(&mut self) -> Result<Handle, KeyError> {
        if let Some(open) = self.application {
            return Ok(open);
        }
        let open = self.library.open_application(self.device, &self.habits.application)?;
        self.application = Some(open);
        Ok(open)
    }

    /// `NotFound` on a blank key.
    pub(super) fn generations(&mut self) -> Result<Generations, KeyError> {
        if let Some(known) = &self.generations {
            return Ok(known.clone());
        }
        let application = self.application()?;
        let names = self.library.containers(application)?;
        let found = Generations::of(&self.habits.container, &names);
        self.generations = Some(found.clone());
        Ok(found)
    }

    /// The container of a slot, and whether it is its signing pair; `NotFound` while there is none.
    pub(super) fn slot(&mut self, slot: Slot) -> Result<(Handle, bool), KeyError> {
        let generations = self.generations()?;
        let (number, sign) = match slot {
            Slot::Sign => (generations.in_use(), true),
            Slot::Encrypt => (generations.in_use(), false),
            Slot::NextSign => (generations.next(), true),
            Slot::NextEncrypt => (generations.next(), false),
            Slot::PastEncrypt(number) => return Ok((self.past(number)?, false)),
        };
        Ok((self.container(number.ok_or(KeyError::NotFound)?)?, sign))
    }

    pub(super) fn container(&mut self, number: u32) -> Result<Handle, KeyError> {
        self.named(generations::name(&self.habits.container, number))
    }

    pub(super) fn named(&mut self, name: String) -> Result<Handle, KeyError> {
        if let Some(open) = self.open.get(&name) {
            return Ok(*open);
        }
        let application = self.application()?;
        let open = self.library.open_container(application, &name)?;
        self.open.insert(name, open);
        Ok(open)
    }

    /// A container with a fresh signing pair.
    pub(super) fn make(&mut self, number: u32) -> Result<Point, KeyError> {
        self.make_named(generations::name(&self.habits.container, number))
    }

    pub(super) fn make_named(&mut self, name: String) -> Result<Point, KeyError> {
        let application = self.application()?;
        let container = match self.named(name.clone()) {
            Err(KeyError::NotFound) => self.library.create_container(application, &name)?,
            other => other?,
        };
        self.open.insert(name, container);
        self.generations = None;
        let key = self.library.generate(container)?;
        blob::point(&key).ok_or_else(not_256)
    }

    pub(super) fn import(&mut self, slot: Slot, enveloped: &[u8]) -> Result<(), KeyError> {
        let blob = blob::envelope(enveloped, self.habits.private_key).ok_or(KeyError::BadEnvelope)?;
        let (container, _) = self.slot(slot)?;
        self.library.import_pair(container, &blob).map_err(bad_envelope)
    }

    pub(super) fn certificate(&mut self, slot: Slot) -> Result<Option<Vec<u8>>, KeyError> {
        let read = self.slot(slot).and_then(|(open, sign)| self.library.certificate(open, sign));
        match read {
            // Libraries answer an empty slot with a code, or with nothing at all.
            Ok(der) if der.is_empty() => Ok(None),
            Ok(der) => Ok(Some(der)),
            Err(KeyError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn point(&mut self, slot: Slot) -> Result<Point, KeyError> {
        let (container, sign) = self.slot(slot)?;
        self.point_in(container, sign)
    }

    pub(super) fn point_in(&self, container: Handle, sign: bool) -> Result<Point, KeyError> {
        let key = self.library.public_key(container, sign)?;
        // Libraries answer an empty slot with a code, or with nothing at all.
        if key.is_empty() {
            return Err(KeyError::NotFound);
        }
        blob::point(&key).ok_or_else(not_256)
    }

    /// 8.2.3 of the standard: one block of the device's random octets, filled up with zeros, under its key.
    pub(super) fn authenticate(&mut self) -> Result<(), KeyError> {
        let malformed = || KeyError::Malformed("the device key is not 16 octets of hex".into());
        let device_key = hex::decode(&self.habits.device_key).map_err(|_| malformed())?;
        let cipher = Sm4::new_from_slice(&device_key).map_err(|_| malformed())?;
        let mut block = [0; 16];
        block[..8].copy_from_slice(&self.library.random(self.device)?);
        cipher.encrypt_block((&mut block).into());
        // The device does not say more than no.
        self.library.device_auth(self.device, &block).map_err(|error| match error {
            KeyError::Removed => error,
            _ => KeyError::Denied,
        })
    }

    pub(super) fn close_containers(&mut self) {
        for (_, container) in std::mem::take(&mut self.open) {
            self.library.close_container(container);
        }
        self.generations = None;
    }

    pub(super) fn let_go(&mut self) {
        self.close_containers();
        if let Some(application) = self.application.take() {
            self.library.close_application(application);
        }
    }

    /// What is in use on a finished key is replaced by a switch, and by nothing else.
    pub(super) fn in_creation(&mut self) -> Result<(), KeyError> {
        match self.identity()?.life {
            Life::Creation => Ok(()),
            Life::Operational => Err(KeyError::Denied),
        }
    }

    pub(super) fn sign_raw(&mut self, slot: Slot, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let hash = signing_hash(&self.point(slot)?, message);
        let (container, _) = self.slot(slot)?;
        let blob = self.library.sign(container, &hash)?;
        blob::raw_signature(&blob)
            .and_then(|raw| signature_der(&raw))
            .ok_or_else(|| KeyError::Transport("the signature is not 64 octets".into()))
    }
}

impl Drop for SkfKey {
    fn drop(&mut self) {
        self.let_go();
        self.library.disconnect(self.device);
    }
}

fn not_256() -> KeyError {
    KeyError::Transport("the public key is not one of 256 bits".into())
}

/// Libraries do not say more than that they do not like it.
pub(super) fn bad_envelope(error: KeyError) -> KeyError {
    match error {
        KeyError::Malformed(_) | KeyError::Status(_) => KeyError::BadEnvelope,
        other => other,
    }
}
