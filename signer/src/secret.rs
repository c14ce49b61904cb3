//! The secret that office and signer share, and the keys that come from it.

use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sm3::Sm3;
use zeroize::Zeroizing;

use crate::private_file;

/// 32 random bytes. Order tokens and the talk between office and signer are proven with keys made from it. Prints nothing.
#[derive(Clone)]
pub struct SharedSecret(Zeroizing<[u8; 32]>);

#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("{file}: {why}")]
    File { file: String, why: String },
    #[error("the operating system gives no random bytes")]
    Dice,
}

impl SharedSecret {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        SharedSecret(Zeroizing::new(bytes))
    }

    /// A fresh one.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub fn generate() -> Result<Self, SecretError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut()).map_err(|_| SecretError::Dice)?;
        Ok(SharedSecret(bytes))
    }

    /// Reads the file, or makes it (0600) where none stands.
    ///
    /// # Errors
    /// The file cannot be read or made, or holds something else.
    pub fn from_file_or_new(file: &Path) -> Result<Self, SecretError> {
        if !file.exists() {
            let made = Self::generate()?.to_hex();
            private_file::create(file, made.as_bytes())
                .map_err(|e| SecretError::File { file: file.display().to_string(), why: e.to_string() })?;
        }
        Self::from_file(file)
    }

    /// Reads a file of 64 hexadecimal digits that its owner alone may read.
    ///
    /// # Errors
    /// The file cannot be read, is open to others, or holds something else.
    pub fn from_file(file: &Path) -> Result<Self, SecretError> {
        Self::from_file_of_group(file, None)
    }

    /// As [`SharedSecret::from_file`]; the members of `group` may read it too, where one is given.
    ///
    /// # Errors
    /// As [`SharedSecret::from_file`].
    pub fn from_file_of_group(file: &Path, group: Option<u32>) -> Result<Self, SecretError> {
        let fail = |why: String| SecretError::File { file: file.display().to_string(), why };
        if private_file::is_open_beyond(file, group).map_err(|e| fail(e.to_string()))? {
            return Err(fail(
                "others may read it, and who reads it can order any certificate: chmod 600".into(),
            ));
        }
        let text = Zeroizing::new(std::fs::read_to_string(file).map_err(|e| fail(e.to_string()))?);
        let mut bytes = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.trim(), bytes.as_mut())
            .map_err(|_| fail("not 64 hexadecimal digits".into()))?;
        Ok(SharedSecret(bytes))
    }

    /// The 64 hexadecimal digits that [`SharedSecret::from_file`] reads.
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0.as_ref()))
    }

    /// A key for one purpose: nobody who sees it learns the secret or another purpose's key.
    pub(crate) fn key_for(&self, purpose: &[&[u8]]) -> MacKey {
        let root = MacKey::new(self.0.as_ref());
        MacKey::new(Zeroizing::new(root.code(purpose)).as_ref())
    }
}

impl std::fmt::Debug for SharedSecret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SharedSecret(…)")
    }
}

/// HMAC with SM3 (GB/T 15852.2; RFC 2104) under one key, with the key's blocks already hashed.
#[derive(Clone)]
pub(crate) struct MacKey(Hmac<Sm3>);

impl MacKey {
    pub fn new(key: &[u8]) -> Self {
        MacKey(Hmac::new_from_slice(key).expect("HMAC takes keys of any length"))
    }

    /// The code of the parts, one after the other. Whoever calls sees to it that parts cannot flow into one another.
    pub fn code(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }

    /// Compares in constant time.
    pub fn matches(&self, parts: &[&[u8]], code: &[u8]) -> bool {
        let mut mac = self.0.clone();
        parts.iter().for_each(|part| mac.update(part));
        mac.verify_slice(code).is_ok()
    }
}
