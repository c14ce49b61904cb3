//! Where the last seal stands, in a file beside the log: whoever rewrites the log and drops its seals has this against him.
//!
//! `acts.log.seal` holds one line of JSON. Its signature is another than the one in the log, so the file cannot be made
//! anew from an older part of the log.

use std::path::{Path, PathBuf};

use certificate::Signer;
use serde::{Deserialize, Serialize};

use super::verify::{LogFault, verifies};
use crate::private_file;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LastSeal {
    /// So many lines stand in the log up to the seal, itself among them; 0 where none was written yet.
    pub lines: u64,
    /// The chain after them, hexadecimal.
    pub chain: String,
    pub signature: String,
}

impl LastSeal {
    pub fn new(lines: u64, chain: &[u8; 32], signer: &dyn Signer) -> Result<Self, String> {
        let signature = signer.sign(&message(lines, chain)).map_err(|e| e.to_string())?;
        Ok(LastSeal { lines, chain: hex::encode(chain), signature: hex::encode(signature) })
    }

    pub fn place(log: &Path) -> PathBuf {
        let mut name = log.file_name().unwrap_or_default().to_owned();
        name.push(".seal");
        log.with_file_name(name)
    }

    /// `None` where no file stands. `spki` (DER) is the key that must have signed it.
    pub fn load(log: &Path, spki: &[u8]) -> Result<Option<Self>, LogFault> {
        let text = match std::fs::read_to_string(Self::place(log)) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(LogFault::Unreadable(e.to_string())),
        };
        let found: LastSeal = serde_json::from_str(&text).map_err(|_| LogFault::LastSeal)?;
        let signature = hex::decode(&found.signature).map_err(|_| LogFault::LastSeal)?;
        let good = verifies(spki, &message(found.lines, &found.chain()?), &signature);
        if good { Ok(Some(found)) } else { Err(LogFault::LastSeal) }
    }

    pub fn chain(&self) -> Result<[u8; 32], LogFault> {
        let mut chain = [0; 32];
        hex::decode_to_slice(&self.chain, &mut chain).map_err(|_| LogFault::LastSeal)?;
        Ok(chain)
    }

    /// Name and bytes survive a power cut.
    pub fn store(&self, log: &Path) -> std::io::Result<()> {
        let mut text = serde_json::to_vec(self).map_err(std::io::Error::other)?;
        text.push(b'\n');
        private_file::replace(&Self::place(log), &text)
    }
}

fn message(lines: u64, chain: &[u8; 32]) -> Vec<u8> {
    [b"certhall last seal 1".as_slice(), &lines.to_be_bytes(), chain].concat()
}
