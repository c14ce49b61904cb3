//! Owns: a private key in a file, sealed under a passphrase: argon2id (RFC 9106) and SM4-GCM.
//! Never: overwrites a file, keeps a clear key longer than the reading takes, opens a demo key outside a demo.
//! Start at: `KeyFile`, then [`form`] for the text.

mod form;

use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use certificate::{Signer, SoftwareKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{private_file, sm4_gcm};
pub(crate) use form::Header;

/// A sealed key is some kilobytes, an RSA one too.
const MAX_BYTES: u64 = 64 * 1024;

/// What one try at a passphrase costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Cost {
    /// For passphrases that people choose (RFC 9106, 4: the second recommendation).
    pub const PEOPLE: Cost = Cost { memory_kib: 64 * 1024, passes: 3, lanes: 4 };
    /// For a passphrase of 256 random bits, which nobody guesses at any cost.
    pub const RANDOM: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };
    /// More than this is nobody's key file, but somebody's try to make us work.
    const MOST: Cost = Cost { memory_kib: 4 * 1024 * 1024, passes: 64, lanes: 64 };
}

/// A passphrase; wiped when dropped, prints nothing.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<Vec<u8>>);

impl Passphrase {
    pub fn new(text: &str) -> Self {
        Passphrase(Zeroizing::new(text.as_bytes().to_vec()))
    }

    /// The file's first line.
    ///
    /// # Errors
    /// The file cannot be read, others may read it, or its first line is empty.
    pub fn from_file(file: &Path) -> Result<Self, KeyFileError> {
        let fail = |why: String| KeyFileError::File { file: file.display().to_string(), why };
        if private_file::is_open_to_others(file).map_err(|e| fail(e.to_string()))? {
            return Err(fail("others may read it: chmod 600".to_owned()));
        }
        let text = Zeroizing::new(std::fs::read_to_string(file).map_err(|e| fail(e.to_string()))?);
        match text.lines().next() {
            Some(line) if !line.is_empty() => Ok(Passphrase::new(line)),
            _ => Err(fail("it holds no passphrase".to_owned())),
        }
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Passphrase(…)")
    }
}

#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error("{file}: {why}")]
    File { file: String, why: String },
    #[error("{0} stands already: a key file is never overwritten")]
    Stands(String),
    /// Another passphrase, or changed bytes: nothing more can be told.
    #[error("{0} does not open with this passphrase")]
    Passphrase(String),
    #[error("{0} holds a demo key: good for trying out, not for an authority (demo = false)")]
    Demo(String),
    #[error("the operating system gives no random bytes")]
    Dice,
}

/// Seals `key` and writes it as a new file.
///
/// # Errors
/// The file stands already or cannot be written.
pub(crate) fn write(
    file: &Path,
    name: &str,
    key: &SoftwareKey,
    demo: bool,
    passphrase: &Passphrase,
    cost: Cost,
) -> Result<(), KeyFileError> {
    let fail = |why: String| KeyFileError::File { file: file.display().to_string(), why };
    let mut salt = [0; 16];
    let mut nonce = [0; 12];
    getrandom::fill(&mut salt).and(getrandom::fill(&mut nonce)).map_err(|_| KeyFileError::Dice)?;
    let kind = key.kind().code().to_owned();
    let header = Header { name: name.to_owned(), kind, demo, cost, salt, nonce, spki: key.spki() };
    let clear = key.to_pkcs8_der().map_err(|e| fail(e.to_string()))?;
    let head = header.to_text();
    let stretched = stretch(passphrase, &header)?;
    let sealed = sm4_gcm::seal(&stretched, &nonce, head.as_bytes(), &clear);
    match private_file::create(file, form::whole(&head, &sealed).as_bytes()) {
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(KeyFileError::Stands(file.display().to_string()))
        }
        other => other.map_err(|e| fail(e.to_string())),
    }
}

/// What a file says of its key without being opened. Only [`read`] proves it.
///
/// # Errors
/// The file cannot be read, or is no key file.
pub(crate) fn peek(file: &Path) -> Result<Header, KeyFileError> {
    Ok(load(file)?.0)
}

/// Opens the file's key. The header, name and demo mark in it, is as authentic as the key.
///
/// # Errors
/// Another passphrase, another name, changed bytes, or a demo key where `demo` is false.
pub(crate) fn read(
    file: &Path,
    name: &str,
    passphrase: &Passphrase,
    demo: bool,
) -> Result<SoftwareKey, KeyFileError> {
    let place = || file.display().to_string();
    let fail = |why: String| KeyFileError::File { file: place(), why };
    let (header, head, sealed) = load(file)?;
    if header.demo && !demo {
        return Err(KeyFileError::Demo(place()));
    }
    if header.name != name {
        return Err(fail(format!("it holds the key {}", header.name)));
    }
    let stretched = stretch(passphrase, &header)?;
    let clear = sm4_gcm::open(&stretched, &header.nonce, head.as_bytes(), &sealed);
    let clear = clear.ok_or_else(|| KeyFileError::Passphrase(place()))?;
    let key = SoftwareKey::from_pkcs8_der(&clear).map_err(|e| fail(e.to_string()))?;
    if key.spki() != header.spki {
        return Err(fail("its public key is another one".to_owned()));
    }
    Ok(key)
}

fn load(file: &Path) -> Result<(Header, String, Vec<u8>), KeyFileError> {
    let fail = |why: String| KeyFileError::File { file: file.display().to_string(), why };
    if std::fs::metadata(file).map_err(|e| fail(e.to_string()))?.len() > MAX_BYTES {
        return Err(fail("too long for a key file".to_owned()));
    }
    if private_file::is_open_to_others(file).map_err(|e| fail(e.to_string()))? {
        return Err(fail("others may read it: chmod 600".to_owned()));
    }
    let text = std::fs::read_to_string(file).map_err(|e| fail(e.to_string()))?;
    form::parse(&text).map_err(fail)
}

fn stretch(passphrase: &Passphrase, header: &Header) -> Result<Zeroizing<[u8; 16]>, KeyFileError> {
    let fail = |why: String| KeyFileError::File { file: header.name.clone(), why };
    let Cost { memory_kib, passes, lanes } = header.cost;
    if memory_kib > Cost::MOST.memory_kib || passes > Cost::MOST.passes || lanes > Cost::MOST.lanes {
        return Err(fail("its cost is beyond reason".to_owned()));
    }
    let params = Params::new(memory_kib, passes, lanes, Some(16)).map_err(|e| fail(e.to_string()))?;
    let mut key = Zeroizing::new([0; 16]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(&passphrase.0, &header.salt, key.as_mut())
        .map_err(|e| fail(e.to_string()))?;
    Ok(key)
}

#[cfg(test)]
mod tests;
