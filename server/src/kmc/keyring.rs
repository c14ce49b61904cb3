//! The centre's own keys: the one that seals, and those that still open. Each row says under which it lies.

use super::KmcSettings;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::sealing::{SealError, Sealing};
use crate::store;
use crate::store::encryption_pairs::Sealed;
use std::path::Path;
use zeroize::Zeroizing;

/// The name of the office's own seal, under which pairs lay before the centre had a key.
const OFFICE: &str = "office";
const CODE: &str = "recovery_line";

pub struct Keyring {
    current: Key,
    old: Vec<Key>,
}

struct Key {
    name: String,
    sealing: Sealing,
}

impl Keyring {
    /// # Errors
    /// A file that cannot be read or made; the same key in both files, or the office's in one of them.
    pub fn open(settings: &KmcSettings, data_dir: &Path, ground: &Ground) -> Result<Keyring, SealError> {
        let read = |file: &Path| Sealing::from_file(file, ground.dice.clone()).map(Key::new);
        let file = settings.key_file.clone().unwrap_or_else(|| data_dir.join("kmc.key"));
        let mut current = read(&file)?;
        let mut old = vec![Key { name: OFFICE.to_owned(), sealing: ground.sealing.clone() }];
        let office = name_of(&ground.sealing);
        if let Some(next_file) = &settings.next_key_file {
            let next = read(next_file)?;
            if next.name == current.name {
                let why = format!("the same key as {}", file.display());
                return Err(SealError::MasterKey { file: next_file.display().to_string(), why });
            }
            old.push(std::mem::replace(&mut current, next));
        }
        if current.name == office || old.iter().any(|key| key.name == office) {
            let why = "the office's own master key: the centre wants one of its own".to_owned();
            return Err(SealError::MasterKey { file: file.display().to_string(), why });
        }
        Ok(Keyring { current, old })
    }

    /// Every pair must lie under a key that is here.
    ///
    /// # Errors
    /// Names the key that is missing.
    pub async fn check(&self, ground: &Ground) -> Result<(), Fault> {
        let mut reader = ground.store.read().await?;
        for name in store::encryption_pairs::list_seals(&mut reader).await? {
            if self.find(&name).is_none() {
                let why = format!("pairs lie under key {name}, and no file of the settings holds that one");
                return Err(SealError::MasterKey { file: "[kmc] key_file".to_owned(), why }.into());
            }
        }
        Ok(())
    }

    /// The name of the key that seals.
    pub fn current(&self) -> &str {
        &self.current.name
    }

    /// The names of those that only open.
    pub fn old(&self) -> impl Iterator<Item = &str> {
        self.old.iter().map(|key| key.name.as_str())
    }

    pub fn seal(&self, place: &str, clear: &[u8]) -> Sealed {
        Sealed { under: self.current.name.clone(), bytes: self.current.sealing.seal(place, clear) }
    }

    /// Under a key of choice: what lies beside something sealed moves together with it.
    ///
    /// # Errors
    /// A key that is not here.
    pub fn seal_under(&self, name: &str, place: &str, clear: &[u8]) -> Result<Sealed, SealError> {
        let key = self.find(name).ok_or_else(|| SealError::Broken(place.to_owned()))?;
        Ok(Sealed { under: key.name.clone(), bytes: key.sealing.seal(place, clear) })
    }

    /// A code that only the centre can compute.
    ///
    /// # Errors
    /// A key that is not here.
    pub fn code(&self, name: &str, text: &str) -> Result<Vec<u8>, SealError> {
        let key = self.find(name).ok_or_else(|| SealError::Broken(CODE.to_owned()))?;
        Ok(key.sealing.digest(CODE, text))
    }

    /// Compares in constant time.
    pub fn code_matches(&self, name: &str, text: &str, code: &[u8]) -> bool {
        self.find(name).is_some_and(|key| key.sealing.digest_matches(CODE, text, code))
    }

    /// # Errors
    /// Another place, changed bytes, or a key that is not here.
    pub fn open_sealed(&self, place: &str, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let key = self.find(&sealed.under).ok_or_else(|| SealError::Broken(place.to_owned()))?;
        key.sealing.open(place, &sealed.bytes)
    }

    fn find(&self, name: &str) -> Option<&Key> {
        std::iter::once(&self.current).chain(&self.old).find(|key| key.name == name)
    }
}

impl Key {
    fn new(sealing: Sealing) -> Key {
        Key { name: name_of(&sealing), sealing }
    }
}

/// Tells which key it is, and nothing of the key.
fn name_of(sealing: &Sealing) -> String {
    let mut name = hex::encode(sealing.digest("kmc_key_name", ""));
    name.truncate(16);
    name
}
