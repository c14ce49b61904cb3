//! Owns: makers' libraries (SKF of GM/T 0016, PKCS#11): which may be loaded, and each in a process of its own.
//! Never: loads a library into the helper itself, or one that is not on the list by path and SHA-256.
//! Start at: `Library` (an entry of the list), `child.rs` (our side of the pipe), `serve.rs` (the other side).
//!
//! A library that crashes or hangs takes only its own process with it: the helper answers `KeyError::Library` and starts
//! a new one for the next question.

mod child;
pub mod pkcs11;
mod serve;
pub mod skf;

use std::path::{Path, PathBuf};

use key::{
    KeyError,
    remote::{Said, Verb},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use child::{Child, ChildLine};
pub use serve::serve;

/// The word on the command line that starts the other side.
pub const CHILD: &str = "library-process";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Skf,
    Pkcs11,
}

impl Kind {
    pub fn prefix(self) -> &'static str {
        match self {
            Kind::Skf => "skf",
            Kind::Pkcs11 => "pkcs11",
        }
    }
}

/// An entry of the list in the helper's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Library {
    pub kind: Kind,
    pub path: PathBuf,
    /// Of the file, hex.
    pub sha256: String,
    #[serde(default)]
    pub skf: skf::Habits,
    #[serde(default)]
    pub pkcs11: pkcs11::Habits,
}

impl Library {
    /// An entry for the file as it is now.
    ///
    /// # Errors
    /// The file's.
    pub fn of(kind: Kind, path: &Path) -> std::io::Result<Self> {
        let path = path.canonicalize()?;
        let sha256 = hash(&path)?;
        Ok(Self { kind, path, sha256, skf: skf::Habits::default(), pkcs11: pkcs11::Habits::default() })
    }

    /// Before it is loaded: still the file that was put on the list?
    ///
    /// # Errors
    /// `Library`.
    pub fn check(&self) -> Result<(), KeyError> {
        let name = self.path.display();
        match hash(&self.path) {
            Ok(found) if found == self.sha256 => Ok(()),
            Ok(_) => Err(KeyError::Library(format!("{name} is not the file that was allowed"))),
            Err(error) => Err(KeyError::Library(format!("{name}: {error}"))),
        }
    }
}

fn hash(path: &Path) -> std::io::Result<String> {
    Ok(hex::encode(Sha256::digest(std::fs::read(path)?)))
}

/// What the helper asks of the process.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Order {
    Devices,
    Open(String),
    Close(u32),
    Ask(u32, Verb),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Report {
    /// The library is loaded.
    Ready,
    Devices(Vec<String>),
    Opened(u32),
    Closed,
    Said(Said),
    Failed(KeyError),
    /// Not asked for: a device came or went.
    Changed,
}
