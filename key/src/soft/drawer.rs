//! A drawer of soft keys: one file per key, `<serial>.softkey`, and which of them are in the port.
//!
//! Several processes may use one drawer at once: every command reads the file, changes it and puts it back whole, under a
//! lock, the way a real card does one command at a time. A file is replaced by rename after fsync: a power cut leaves the
//! old content or the new, never half of either.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use certificate::rand_core::TryRng;
use getrandom::SysRng;
use thiserror::Error;

use super::{channel::SoftChannel, fault::Faults, memory::Memory};
use crate::{KeyError, profile::iso7816::OPERATIONAL};

#[derive(Debug, Error)]
pub enum DrawerError {
    #[error("there is no soft key {0} here")]
    Missing(String),
    #[error("a serial is 4 to 32 capital letters and digits, not {0:?}")]
    BadSerial(String),
    #[error("{0} exists already")]
    Exists(String),
    #[error("{path}: {error}")]
    File { path: PathBuf, error: io::Error },
    #[error("{path} is damaged: {error}")]
    Damaged { path: PathBuf, error: serde_json::Error },
}

impl From<DrawerError> for KeyError {
    fn from(error: DrawerError) -> Self {
        match error {
            DrawerError::Missing(_) | DrawerError::BadSerial(_) => KeyError::Removed,
            other => KeyError::Transport(other.to_string()),
        }
    }
}

/// A soft key as a person lists it; no secret in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoftKeyInfo {
    pub serial: String,
    pub label: String,
    pub inserted: bool,
    pub finished: bool,
    pub faults: Faults,
}

#[derive(Clone, Debug)]
pub struct Drawer {
    dir: PathBuf,
}

impl Drawer {
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// A fresh blank key, not inserted. Without a serial it gets a random one, `SK` and ten digits of hex.
    pub fn add(&self, serial: Option<&str>) -> Result<String, DrawerError> {
        let serial = match serial {
            Some(serial) => serial.to_string(),
            None => {
                let random =
                    SysRng.try_next_u64().map_err(|error| self.failed(&self.dir, io::Error::other(error)))?;
                format!("SK{:010X}", random & 0xFF_FFFF_FFFF)
            }
        };
        let path = self.path(&serial)?;
        if path.exists() {
            return Err(DrawerError::Exists(serial));
        }
        make_private_dir(&self.dir).map_err(|error| self.failed(&self.dir, error))?;
        self.locked(&serial, |_| Ok(Memory::fresh(&serial)))?;
        Ok(serial)
    }

    /// Every key, by serial. A drawer that does not exist yet is empty.
    pub fn list(&self) -> Result<Vec<SoftKeyInfo>, DrawerError> {
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.failed(&self.dir, error)),
        };
        let mut found = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| self.failed(&self.dir, error))?.path();
            if path.extension().is_some_and(|extension| extension == "softkey") {
                let memory = self.load(&path)?;
                found.push(SoftKeyInfo {
                    serial: memory.serial.clone(),
                    label: memory.label.clone(),
                    inserted: memory.inserted,
                    finished: memory.life == OPERATIONAL,
                    faults: memory.faults.clone(),
                });
            }
        }
        found.sort_by(|one, other| one.serial.cmp(&other.serial));
        Ok(found)
    }

    pub fn insert(&self, serial: &str) -> Result<(), DrawerError> {
        self.change(serial, |memory| {
            if !memory.inserted {
                memory.inserted = true;
                memory.insertion += 1;
            }
        })
    }

    pub fn remove(&self, serial: &str) -> Result<(), DrawerError> {
        self.change(serial, |memory| memory.inserted = false)
    }

    pub fn set_faults(&self, serial: &str, faults: Faults) -> Result<(), DrawerError> {
        self.change(serial, |memory| memory.faults = faults)
    }

    /// A channel to an inserted key; `Removed` if it is not.
    pub fn open(&self, serial: &str) -> Result<SoftChannel, KeyError> {
        let memory = self.load(&self.path(serial)?)?;
        if !memory.inserted {
            return Err(KeyError::Removed);
        }
        Ok(SoftChannel::new(self.clone(), serial.into(), memory.insertion))
    }

    /// One line per command: number of the insertion, header, length, status. Never data (R129).
    pub fn journal(&self, serial: &str) -> Result<Vec<String>, DrawerError> {
        let path = self.path(serial)?.with_extension("journal");
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.lines().map(String::from).collect()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(self.failed(&path, error)),
        }
    }

    pub(super) fn note(&self, serial: &str, line: &str) -> Result<(), DrawerError> {
        let path = self.path(serial)?.with_extension("journal");
        let mut options = OpenOptions::new();
        private(options.create(true).append(true));
        let written = options.open(&path).and_then(|mut file| writeln!(file, "{line}"));
        written.map_err(|error| self.failed(&path, error))
    }

    /// The one way to change a key: under its lock, from what is on disk to what `next` makes of it.
    pub(super) fn locked(
        &self,
        serial: &str,
        next: impl FnOnce(Option<Memory>) -> Result<Memory, DrawerError>,
    ) -> Result<(), DrawerError> {
        let path = self.path(serial)?;
        let lock = path.with_extension("lock");
        let mut options = OpenOptions::new();
        private(options.create(true).truncate(false).write(true));
        let guard = options.open(&lock).and_then(|file| file.lock().map(|()| file));
        let _guard: File = guard.map_err(|error| self.failed(&lock, error))?;
        let before = if path.exists() { Some(self.load(&path)?) } else { None };
        let after = next(before.clone())?;
        if before.as_ref() != Some(&after) {
            let text = zeroize::Zeroizing::new(
                serde_json::to_string(&after)
                    .map_err(|error| DrawerError::Damaged { path: path.clone(), error })?,
            );
            replace(&path, text.as_bytes()).map_err(|error| self.failed(&path, error))?;
        }
        Ok(())
    }

    fn change(&self, serial: &str, change: impl FnOnce(&mut Memory)) -> Result<(), DrawerError> {
        if !self.path(serial)?.exists() {
            return Err(DrawerError::Missing(serial.into()));
        }
        self.locked(serial, |memory| {
            let mut memory = memory.ok_or_else(|| DrawerError::Missing(serial.into()))?;
            change(&mut memory);
            Ok(memory)
        })
    }

    fn load(&self, path: &Path) -> Result<Memory, DrawerError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => zeroize::Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let serial = path.file_stem().unwrap_or_default().to_string_lossy();
                return Err(DrawerError::Missing(serial.into()));
            }
            Err(error) => return Err(self.failed(path, error)),
        };
        serde_json::from_str(&text).map_err(|error| DrawerError::Damaged { path: path.into(), error })
    }

    /// The serial becomes a file name, so it is checked before anything else.
    fn path(&self, serial: &str) -> Result<PathBuf, DrawerError> {
        let plain = serial.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        match plain && (4..=32).contains(&serial.len()) {
            true => Ok(self.dir.join(format!("{serial}.softkey"))),
            false => Err(DrawerError::BadSerial(serial.into())),
        }
    }

    fn failed(&self, path: &Path, error: io::Error) -> DrawerError {
        DrawerError::File { path: path.into(), error }
    }
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let next = path.with_extension("next");
    let mut options = OpenOptions::new();
    private(options.create(true).truncate(true).write(true));
    let mut file = options.open(&next)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&next, path)?;
    // Windows writes a folder by itself, and opens none as a file.
    if cfg!(unix) { File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all() } else { Ok(()) }
}

/// For the owner alone; elsewhere than on Unix what the user's own folder gives.
#[cfg(unix)]
fn private(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn private(_options: &mut OpenOptions) {}

fn make_private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.recursive(true).create(dir)
}
