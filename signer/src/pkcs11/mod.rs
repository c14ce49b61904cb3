//! Owns: keys in devices behind PKCS#11: finding them, signing with them, sessions that come back after they were lost.
//! Never: takes a private key out of a device, or keeps a PIN longer than a login takes.
//! Start at: `Devices`, then [`DeviceKey`].
//!
//! SM2 is in no PKCS#11 standard: vendors give its signature a mechanism number of their own, which the settings name, and
//! e = SM3(Z ‖ M) is computed here. A device that generates keys on the SM2 curve may still not sign with them (SoftHSM).

mod key;
mod session;
mod spki;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use certificate::KeyKind;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::Attribute;

use crate::settings::DeviceSettings;
pub(crate) use key::DeviceKey;
use session::Device;

#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    #[error("no device is called {0}")]
    Unknown(String),
    #[error("{module}: {why}")]
    Module { module: String, why: String },
    /// Tried again and again a wrong PIN locks the token.
    #[error("the token refused the PIN in {0}: it is tried again when that file was written anew")]
    PinRefused(String),
    #[error("no token with the label {0} is in its slot")]
    NoToken(String),
    #[error("{file}: {why}")]
    PinFile { file: String, why: String },
    #[error("the device has no key {0}")]
    NoKey(String),
    #[error("the device has more than one key {0}: name its id")]
    TwoKeys(String),
    #[error("the device's key {0} is not one that we certify or sign with: {1}")]
    Kind(String, String),
    #[error("the device answers: {0}")]
    Device(#[from] Error),
}

/// The devices of the settings, by name.
pub(crate) struct Devices(BTreeMap<String, Arc<Device>>);

impl Devices {
    /// Loads the libraries and finds the tokens; logs in at the first use of a key.
    pub fn open(settings: &BTreeMap<String, DeviceSettings>) -> Result<Devices, DeviceError> {
        let open = |(name, settings): (&String, &DeviceSettings)| {
            let library = library(&settings.module)?;
            Ok((name.clone(), Arc::new(Device::new(library, settings.clone()))))
        };
        settings.iter().map(open).collect::<Result<_, _>>().map(Devices)
    }

    /// The key with that label, and id (hexadecimal) where one is given.
    pub fn key(&self, device: &str, label: &str, id: Option<&str>) -> Result<DeviceKey, DeviceError> {
        DeviceKey::find(self.device(device)?, label, id)
    }

    /// A fresh P-256 or RSA key that can never leave the device. SM2 keys are made with the vendor's own tool.
    pub fn generate(&self, device: &str, label: &str, kind: KeyKind) -> Result<DeviceKey, DeviceError> {
        let device = self.device(device)?;
        generate(&device, label, kind)?;
        DeviceKey::find(device, label, None)
    }

    fn device(&self, name: &str) -> Result<Arc<Device>, DeviceError> {
        self.0.get(name).cloned().ok_or_else(|| DeviceError::Unknown(name.to_owned()))
    }
}

/// A library is loaded and initialised once in a process, and stays: finalising it would end everybody's sessions.
fn library(module: &Path) -> Result<Pkcs11, DeviceError> {
    static LOADED: Mutex<BTreeMap<PathBuf, Pkcs11>> = Mutex::new(BTreeMap::new());
    let fail = |e: Error| DeviceError::Module { module: module.display().to_string(), why: e.to_string() };
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(library) = loaded.get(module) {
        return Ok(library.clone());
    }
    let library = Pkcs11::new(module).map_err(fail)?;
    match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(e) => return Err(fail(e)),
    }
    loaded.insert(module.to_owned(), library.clone());
    Ok(library)
}

fn generate(device: &Device, label: &str, kind: KeyKind) -> Result<(), DeviceError> {
    let mut id = [0; 16];
    getrandom::fill(&mut id).map_err(|e| DeviceError::Kind(label.to_owned(), e.to_string()))?;
    let (mechanism, shape) = match kind {
        KeyKind::P256 => {
            (Mechanism::EccKeyPairGen, vec![Attribute::EcParams(spki::P256_PARAMETERS.to_vec())])
        }
        KeyKind::Rsa2048 | KeyKind::Rsa3072 => {
            let bits = if kind == KeyKind::Rsa2048 { 2048 } else { 3072 };
            let shape = vec![
                Attribute::ModulusBits(cryptoki::types::Ulong::new(bits)),
                Attribute::PublicExponent(vec![1, 0, 1]),
            ];
            (Mechanism::RsaPkcsKeyPairGen, shape)
        }
        KeyKind::Sm2 => {
            let why = "make it with the vendor's tool, PKCS#11 knows no SM2".to_owned();
            return Err(DeviceError::Kind(label.to_owned(), why));
        }
    };
    let named =
        [Attribute::Token(true), Attribute::Label(label.as_bytes().to_vec()), Attribute::Id(id.to_vec())];
    let public = [&named[..], &shape, &[Attribute::Verify(true), Attribute::Private(false)]].concat();
    let private = [
        &named[..],
        &[
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
        ],
    ]
    .concat();
    device.session(true)?.generate_key_pair(&mechanism, &public, &private)?;
    Ok(())
}

#[cfg(test)]
mod tests;
