//! Owns: a key behind an SKF library (GM/T 0016): one application, a container for each generation, the verbs of `Key` in SKF calls.
//! Never: trusts a library to have every function, or to leave a buffer as long as it said.
//! Start at: `verbs.rs`, then `key.rs` (what is open) and `library.rs` (calls that are safe to make); `symbols.rs` has the signatures.

mod generations;
mod history;
mod key;
mod library;
mod symbols;
mod verbs;

use std::{path::Path, rc::Rc};

use ::key::{KeyError, skf::blob::PrivateKeyPlace};
use serde::{Deserialize, Serialize};

pub use key::SkfKey;
use library::Functions;

/// In what libraries and the keys under them differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Habits {
    /// The application in which the office's containers lie, and what their names begin with.
    pub application: String,
    pub container: String,
    /// Of blank keys, hex; known to whoever buys them. Only a key that is being made needs it.
    pub device_key: String,
    pub private_key: PrivateKeyPlace,
    pub decrypt: Decrypt,
}

/// GM/T 0016-2012 has no function that opens a cipher with the private key; makers added their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decrypt {
    #[default]
    No,
    /// SKF_ECCDecrypt(container, cipher, plain, length).
    EccDecrypt,
    /// SKF_PrvKeyDecrypt(container, 1 = encryption pair, cipher, plain, length).
    PrivateKeyDecrypt,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            application: "CERTHALL".into(),
            container: "CERTHALL".into(),
            // What makers deliver, as far as their manuals say: the sixteen digits 1234567812345678.
            device_key: hex::encode("1234567812345678"),
            private_key: PrivateKeyPlace::default(),
            decrypt: Decrypt::default(),
        }
    }
}

/// A library that is loaded.
pub struct Skf {
    functions: Rc<Functions>,
    habits: Habits,
}

impl Skf {
    /// # Errors
    /// `Library`: it does not load, or misses what nobody can do without.
    pub fn load(path: &Path, habits: Habits) -> Result<Self, KeyError> {
        Ok(Self { functions: Rc::new(Functions::load(path)?), habits })
    }

    /// What the library calls its devices, as hex: makers write names in encodings of their own.
    ///
    /// # Errors
    /// The library's.
    pub fn devices(&mut self) -> Result<Vec<String>, KeyError> {
        Ok(self.functions.devices()?.into_iter().map(hex::encode).collect())
    }

    /// # Errors
    /// The library's; `Removed`.
    pub fn open(&mut self, device: &str) -> Result<SkfKey, KeyError> {
        let name = hex::decode(device).map_err(|_| KeyError::Removed)?;
        SkfKey::open(self.functions.clone(), &name, self.habits.clone())
    }
}
