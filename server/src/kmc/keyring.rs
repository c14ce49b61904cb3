//! The centre's own keys: the one that seals, and those that still open. Each row says under which it lies.

use super::KmcSettings;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::sealing::{SealError, Sealing};
use crate::store;
use crate::store::encryption_pairs::Sealed;
use std::collections::BTreeSet;
use std::path::Path;
use zeroize::Zeroizing;

/// The name of the office's own seal, under which pairs lay before the centre had a key. No recovery case ever did: of a
/// case or a code under this name nothing is believed.
const OFFICE: &str = "office";
const CODE: &str = "recovery_line";

pub struct Keyring {
    current: Key,
    /// Of the centre, before a rotation.
    old: Option<Key>,
    office: Key,
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
        let (mut current, mut old) = (read(&file)?, None);
        let office = name_of(&ground.sealing);
        if let Some(next_file) = &settings.next_key_file {
            let next = read(next_file)?;
            if next.name == current.name {
                let why = format!("the same key as {}", file.display());
                return Err(SealError::MasterKey { file: next_file.display().to_string(), why });
            }
            old = Some(std::mem::replace(&mut current, next));
        }
        if current.name == office || old.as_ref().is_some_and(|key| key.name == office) {
            let why = "the office's own master key: the centre wants one of its own".to_owned();
            return Err(SealError::MasterKey { file: file.display().to_string(), why });
        }
        let office = Key { name: OFFICE.to_owned(), sealing: ground.sealing.clone() };
        Ok(Keyring { current, old, office })
    }

    /// Every pair and every recovery case must lie under a key that is here.
    ///
    /// # Errors
    /// Names the key that is missing.
    pub async fn check(&self, ground: &Ground) -> Result<(), Fault> {
        for name in Keyring::list_seals(ground).await? {
            if self.find(&name).is_none() {
                let why = format!(
                    "pairs or recovery cases lie under key {name}, and no file of the settings holds that one"
                );
                return Err(SealError::MasterKey { file: "[kmc] key_file".to_owned(), why }.into());
            }
        }
        Ok(())
    }

    /// The names of all keys that something of the centre lies under.
    ///
    /// # Errors
    /// The store's own.
    pub async fn list_seals(ground: &Ground) -> Result<BTreeSet<String>, Fault> {
        let mut reader = ground.store.read().await?;
        let mut names = store::encryption_pairs::list_seals(&mut reader).await?;
        names.extend(store::recoveries::list_seals(&mut reader).await?);
        Ok(names.into_iter().collect())
    }

    /// The name of the key that seals.
    pub fn current(&self) -> &str {
        &self.current.name
    }

    /// The names of those that only open.
    pub fn old(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.office).chain(&self.old).map(|key| key.name.as_str())
    }

    /// The one of them that was the centre's: its file may go once nothing lies under it.
    pub fn taken_over(&self) -> Option<&str> {
        self.old.as_ref().map(|key| key.name.as_str())
    }

    pub fn seal(&self, place: &str, clear: &[u8]) -> Sealed {
        Sealed { under: self.current.name.clone(), bytes: self.current.sealing.seal(place, clear) }
    }

    /// Under a key of choice: what lies beside something sealed moves together with it.
    ///
    /// # Errors
    /// A key that is not here, or is not the centre's own.
    pub fn seal_under(&self, name: &str, place: &str, clear: &[u8]) -> Result<Sealed, SealError> {
        let key = self.find_own(name).ok_or_else(|| SealError::Broken(place.to_owned()))?;
        Ok(Sealed { under: key.name.clone(), bytes: key.sealing.seal(place, clear) })
    }

    /// A code that only the centre can compute.
    ///
    /// # Errors
    /// A key that is not here, or is not the centre's own.
    pub fn code(&self, name: &str, text: &str) -> Result<Vec<u8>, SealError> {
        let key = self.find_own(name).ok_or_else(|| SealError::Broken(CODE.to_owned()))?;
        Ok(key.sealing.digest(CODE, text))
    }

    /// Compares in constant time.
    pub fn code_matches(&self, name: &str, text: &str, code: &[u8]) -> bool {
        self.find_own(name).is_some_and(|key| key.sealing.digest_matches(CODE, text, code))
    }

    /// # Errors
    /// Another place, changed bytes, or a key that is not here.
    pub fn open_sealed(&self, place: &str, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let key = self.find(&sealed.under).ok_or_else(|| SealError::Broken(place.to_owned()))?;
        key.sealing.open(place, &sealed.bytes)
    }

    /// As `open_sealed`, of what only ever lay under the centre's own keys.
    ///
    /// # Errors
    /// The same, and the office's key.
    pub fn open_own(&self, place: &str, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let key = self.find_own(&sealed.under).ok_or_else(|| SealError::Broken(place.to_owned()))?;
        key.sealing.open(place, &sealed.bytes)
    }

    fn find(&self, name: &str) -> Option<&Key> {
        self.find_own(name).or_else(|| (name == OFFICE).then_some(&self.office))
    }

    fn find_own(&self, name: &str) -> Option<&Key> {
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
