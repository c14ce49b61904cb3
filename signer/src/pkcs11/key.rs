//! A key in a device, as a signer.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use certificate::digest::sha256;
use certificate::sign::SignerError;
use certificate::{Algorithm, KeyKind, PublicKey, Signer};
use cryptoki::mechanism::vendor_defined::VendorDefinedMechanism;
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, ObjectClass, ObjectHandle};
use cryptoki::session::Session;

use super::session::{Device, is_lost};
use super::{DeviceError, spki};

/// DigestInfo of SHA-256 up to the digest (RFC 8017, 9.2, note 1).
const SHA256_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];

pub(crate) struct DeviceKey {
    device: Arc<Device>,
    label: String,
    id: Option<Vec<u8>>,
    kind: KeyKind,
    spki: Vec<u8>,
    pool: Mutex<Pool>,
    freed: Condvar,
}

/// Sessions with the key's handle in them.
#[derive(Default)]
struct Pool {
    free: Vec<(Session, ObjectHandle)>,
    busy: usize,
}

impl DeviceKey {
    pub(super) fn find(device: Arc<Device>, label: &str, id: Option<&str>) -> Result<Self, DeviceError> {
        let wrong = |why: &dyn ToString| DeviceError::Kind(label.to_owned(), why.to_string());
        let id = id.map(hex::decode).transpose().map_err(|e| wrong(&e))?;
        let session = device.session(false)?;
        let public = object(&session, ObjectClass::PUBLIC_KEY, label, id.as_deref())?;
        let spki = spki::read(&session, public).map_err(|why| wrong(&why))?;
        let kind = KeyKind::of_spki(&spki).map_err(|e| wrong(&e))?;
        if kind == KeyKind::Sm2 && device.settings.sm2_sign_mechanism.is_none() {
            return Err(wrong(&"sm2_sign_mechanism is not set"));
        }
        let (label, pool) = (label.to_owned(), Mutex::default());
        let key = DeviceKey { device, label, id, kind, spki, pool, freed: Condvar::new() };
        key.prove()?;
        Ok(key)
    }

    /// Signs once, so that a wrong mechanism or a private half of another key shows at the start.
    fn prove(&self) -> Result<(), DeviceError> {
        let wrong = |why: String| DeviceError::Kind(self.label.clone(), why);
        let message = b"certhall: is this key what it says?";
        let signature = self.sign_in_device(message)?;
        certificate::verify(&self.spki, self.algorithm(), message, &signature)
            .map_err(|e| wrong(format!("its first signature: {e}")))
    }

    /// Once more with a new session where the old one was lost.
    fn sign_in_device(&self, message: &[u8]) -> Result<Vec<u8>, DeviceError> {
        let mut taken = self.take();
        for last in [false, true] {
            let signed = self.sign_in(&mut taken, message);
            match signed {
                Err(error) if is_lost(&error) && !last => taken = None,
                other => {
                    self.give_back(taken.filter(|_| other.is_ok()));
                    return other;
                }
            }
        }
        unreachable!("the last try returns")
    }

    fn sign_in(
        &self,
        taken: &mut Option<(Session, ObjectHandle)>,
        message: &[u8],
    ) -> Result<Vec<u8>, DeviceError> {
        let (session, handle) = match taken {
            Some(taken) => taken,
            None => {
                let session = self.device.session(false)?;
                let handle = object(&session, ObjectClass::PRIVATE_KEY, &self.label, self.id.as_deref())?;
                taken.insert((session, handle))
            }
        };
        let wrong = |why: &str| DeviceError::Kind(self.label.clone(), why.to_owned());
        match self.kind {
            KeyKind::P256 => {
                let raw = session.sign(&Mechanism::Ecdsa, *handle, &sha256(message))?;
                spki::raw_to_der(&raw).ok_or_else(|| wrong("its signature is not r‖s"))
            }
            KeyKind::Rsa2048 | KeyKind::Rsa3072 => {
                let info = [&SHA256_INFO[..], &sha256(message)].concat();
                Ok(session.sign(&Mechanism::RsaPkcs, *handle, &info)?)
            }
            KeyKind::Sm2 => {
                let key = PublicKey::from_spki_der(&self.spki).map_err(|e| wrong(&e.to_string()))?;
                let number = self.device.settings.sm2_sign_mechanism.unwrap_or_default();
                let mechanism = VendorDefinedMechanism::new::<()>(vendor(number)?, None);
                let mechanism = Mechanism::VendorDefined(mechanism);
                let signature = session.sign(&mechanism, *handle, &key.message_digest(message))?;
                match self.device.settings.sm2_signature_is_der {
                    true => Ok(signature),
                    false => spki::raw_to_der(&signature).ok_or_else(|| wrong("its signature is not r‖s")),
                }
            }
        }
    }

    /// A free session, or the right to open one; waits while all are busy.
    fn take(&self) -> Option<(Session, ObjectHandle)> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        while pool.busy >= self.device.settings.sessions.max(1) {
            pool = self.freed.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        pool.busy += 1;
        pool.free.pop()
    }

    fn give_back(&self, taken: Option<(Session, ObjectHandle)>) {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.busy -= 1;
        pool.free.extend(taken);
        drop(pool);
        self.freed.notify_one();
    }
}

fn vendor(number: u64) -> Result<MechanismType, DeviceError> {
    MechanismType::new_vendor_defined(number).map_err(DeviceError::Device)
}

fn object(
    session: &Session,
    class: ObjectClass,
    label: &str,
    id: Option<&[u8]>,
) -> Result<ObjectHandle, DeviceError> {
    let mut template = vec![Attribute::Class(class), Attribute::Label(label.as_bytes().to_vec())];
    template.extend(id.map(|id| Attribute::Id(id.to_vec())));
    match session.find_objects(&template)?[..] {
        [one] => Ok(one),
        [] => Err(DeviceError::NoKey(label.to_owned())),
        _ => Err(DeviceError::TwoKeys(label.to_owned())),
    }
}

impl Signer for DeviceKey {
    fn algorithm(&self) -> Algorithm {
        self.kind.algorithm()
    }

    fn spki(&self) -> Vec<u8> {
        self.spki.clone()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.sign_in_device(message).map_err(|error| SignerError(error.to_string()))
    }
}
