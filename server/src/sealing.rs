//! Sealing: what the database and the disk hold of people and secrets is AES-256-GCM under the office's master key,
//! bound to the place it stands in. Look-ups go by keyed digests.
//!
//! The master key is a file (0600) made at first start; an HSM takes its place where the settings name one.

use crate::clock::Dice;
use ring::{aead, hkdf, hmac};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use zeroize::Zeroizing;

#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Other key, other place, or changed bytes: nothing more can be told.
    #[error("the seal of {0} does not open")]
    Broken(String),
    #[error("master key {file}: {why}")]
    MasterKey { file: String, why: String },
}

/// Seals and opens under keys derived from one master key. Cheap to clone; prints nothing.
#[derive(Clone)]
pub struct Sealing {
    keys: Arc<Keys>,
    dice: Dice,
}

struct Keys {
    seal: aead::LessSafeKey,
    digest: hmac::Key,
}

struct Okm;
impl hkdf::KeyType for Okm {
    fn len(&self) -> usize {
        32
    }
}

impl Sealing {
    pub fn new(master: &[u8; 32], dice: Dice) -> Sealing {
        let derive = |purpose: &[u8]| {
            let mut key = Zeroizing::new([0_u8; 32]);
            hkdf::Salt::new(hkdf::HKDF_SHA256, b"certhall")
                .extract(master)
                .expand(&[purpose], Okm)
                .and_then(|okm| okm.fill(key.as_mut()))
                .expect("32 bytes are within HKDF's range");
            key
        };
        let seal =
            aead::UnboundKey::new(&aead::AES_256_GCM, derive(b"seal").as_ref()).expect("32 bytes are a key");
        let digest = hmac::Key::new(hmac::HMAC_SHA256, derive(b"digest").as_ref());
        Sealing { keys: Arc::new(Keys { seal: aead::LessSafeKey::new(seal), digest }), dice }
    }

    /// Reads the master key, or makes it at the first start.
    ///
    /// # Errors
    /// The file cannot be read or made, others may read it, or it holds something else.
    pub fn from_file(file: &Path, dice: Dice) -> Result<Sealing, SealError> {
        let fail = |why: String| SealError::MasterKey { file: file.display().to_string(), why };
        if !file.exists() {
            let made = Zeroizing::new(hex::encode(dice.bytes::<32>()));
            create_private(file, made.as_bytes()).map_err(|e| fail(e.to_string()))?;
        }
        let mode = std::fs::metadata(file).map_err(|e| fail(e.to_string()))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(fail(format!("others may read it (mode {:o}): chmod 600", mode & 0o777)));
        }
        let text = Zeroizing::new(std::fs::read_to_string(file).map_err(|e| fail(e.to_string()))?);
        let mut master = Zeroizing::new([0_u8; 32]);
        hex::decode_to_slice(text.trim(), master.as_mut()).map_err(|_| fail("not 64 hex digits".into()))?;
        Ok(Sealing::new(&master, dice))
    }

    /// `place` says where the sealed bytes stand (`orders.details/<id>`): elsewhere they do not open.
    pub fn seal(&self, place: &str, clear: &[u8]) -> Vec<u8> {
        let nonce = self.dice.bytes::<12>();
        let mut sealed = nonce.to_vec();
        let mut body = clear.to_vec();
        self.keys
            .seal
            .seal_in_place_append_tag(
                aead::Nonce::assume_unique_for_key(nonce),
                aead::Aad::from(place.as_bytes()),
                &mut body,
            )
            .expect("AES-GCM takes bodies under 64 GiB");
        sealed.append(&mut body);
        sealed
    }

    /// # Errors
    /// `Broken` when the bytes were sealed for another place or by another office, or were changed.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let broken = || SealError::Broken(place.to_owned());
        let (nonce, body) = sealed.split_at_checked(12).ok_or_else(broken)?;
        let nonce = aead::Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = self
            .keys
            .seal
            .open_in_place(nonce, aead::Aad::from(place.as_bytes()), &mut body)
            .map_err(|_| broken())?
            .len();
        body.truncate(length);
        Ok(body)
    }

    /// A digest that only this office can compute: the same value gives the same bytes, and tells nothing else.
    pub fn digest(&self, purpose: &str, value: &str) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.keys.digest);
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(value.as_bytes());
        context.sign().as_ref().to_vec()
    }

    /// Compares in constant time.
    pub fn digest_matches(&self, purpose: &str, value: &str, digest: &[u8]) -> bool {
        let text = [purpose.as_bytes(), &[0], value.as_bytes()].concat();
        hmac::verify(&self.keys.digest, &text, digest).is_ok()
    }
}

/// Writes a file that only its owner may read; fails when it stands already. Name and bytes survive a power cut.
pub fn create_private(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut handle = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    handle.write_all(bytes)?;
    handle.sync_all()?;
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;

    fn sealing() -> Sealing {
        Sealing::new(&[7; 32], Dice::new(Arc::new(SystemEntropy::default())))
    }

    #[test]
    fn what_is_sealed_opens_only_in_its_place() {
        let sealing = sealing();
        let sealed = sealing.seal("orders.details/1", b"110105194912310021");
        assert_eq!(sealing.open("orders.details/1", &sealed).unwrap().as_slice(), b"110105194912310021");
        assert!(sealing.open("orders.details/2", &sealed).is_err());
        let mut changed = sealed.clone();
        changed[20] ^= 1;
        assert!(sealing.open("orders.details/1", &changed).is_err());
        assert!(sealing.open("orders.details/1", &sealed[..5]).is_err());
    }

    #[test]
    fn a_key_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kmc.key");
        let open = || Sealing::from_file(&file, Dice::new(Arc::new(SystemEntropy::default())));
        assert!(open().is_ok(), "made at the first start, for its owner alone");
        for mode in [0o640, 0o604, 0o660, 0o622] {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            let refused = open().err().unwrap().to_string();
            assert!(refused.contains("chmod 600"), "{refused}");
        }
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o400)).unwrap();
        assert!(open().is_ok());
    }

    #[test]
    fn sealing_twice_differs_and_digests_agree() {
        let sealing = sealing();
        assert_ne!(sealing.seal("a", b"x"), sealing.seal("a", b"x"));
        assert_eq!(sealing.digest("phone", "1"), sealing.digest("phone", "1"));
        assert_ne!(sealing.digest("phone", "1"), sealing.digest("id", "1"));
        assert!(sealing.digest_matches("phone", "1", &sealing.digest("phone", "1")));
        assert!(!sealing.digest_matches("phone", "2", &sealing.digest("phone", "1")));
    }
}
