//! Owns: every key that this computer has in a port, whatever kind of port, and the ones this page has open.
//! Never: what a key is asked for; two names for one key that is reached in two ways (R059).
//! Start at: `Ring`, then `socket.rs` (what all kinds of port have in common).
//!
//! A `KeyRef` is the kind of port and the key's own serial: `card:SK26A1B2C3`. So it never means another key that was
//! put into the same port.

mod card;
mod drawer;
mod hid;
mod library;
mod open_key;
mod patience;
mod socket;

use std::{collections::HashMap, path::PathBuf};

use key::{KeyError, message::KeyRef, soft::Drawer};

pub use card::CardChannel;
pub use hid::HidPipe;
pub use open_key::OpenKey;

use crate::library::Library;
use socket::Socket;

/// Where to look.
#[derive(Default)]
pub struct Places {
    pub drawer: Option<Drawer>,
    /// Readers of PC/SC.
    pub cards: bool,
    pub hid: bool,
    pub libraries: Vec<Library>,
    /// The program that runs a library in a process of its own: this one.
    pub program: PathBuf,
}

pub struct Ring {
    /// In the order in which a key is reached that has several ways.
    sockets: Vec<Socket>,
    open: HashMap<KeyRef, OpenKey>,
    /// What was in the ports when it was last looked.
    filled: Vec<String>,
}

impl Ring {
    pub fn of(places: Places) -> Self {
        let mut sockets = Vec::new();
        if let Some(drawer) = places.drawer {
            sockets.push(Socket::new("soft", drawer::SoftKeys(drawer)));
        }
        if places.hid {
            sockets.push(Socket::new("hid", hid::HidKeys::default()));
        }
        if places.cards {
            sockets.push(Socket::new("card", card::Readers::default()));
        }
        for library in places.libraries {
            let kind = library.kind.prefix();
            let keys = library::LibraryKeys::new(library, places.program.clone());
            sockets.push(Socket::new(kind, keys));
        }
        Self { sockets, open: HashMap::new(), filled: Vec::new() }
    }

    /// Whether something came or went since it was last asked so; asks no key anything.
    pub fn stirred(&mut self) -> bool {
        let filled = self.sockets.iter_mut().flat_map(Socket::filled).collect();
        let before = std::mem::replace(&mut self.filled, filled);
        before != self.filled
    }

    /// A session of the caller's own.
    ///
    /// # Errors
    /// `Removed` when it is not in; `NotFound` for a kind of port that is not looked at.
    pub async fn take(&mut self, name: &KeyRef) -> Result<OpenKey, KeyError> {
        let (prefix, serial) = name.0.split_once(':').ok_or(KeyError::NotFound)?;
        let mut opened = Err(KeyError::NotFound);
        for socket in self.sockets.iter_mut().filter(|socket| socket.prefix == prefix) {
            opened = socket.open(serial).await;
            if opened.is_ok() {
                break;
            }
        }
        opened
    }
}

impl key::serve::Ring for Ring {
    type Key = OpenKey;

    /// # Errors
    /// A port's fault, if no other port has a key.
    async fn inserted(&mut self) -> Result<Vec<KeyRef>, KeyError> {
        let mut names: Vec<KeyRef> = Vec::new();
        let mut serials: Vec<String> = Vec::new();
        let mut fault = None;
        for socket in &mut self.sockets {
            let seen = match socket.look().await {
                Ok(seen) => seen,
                Err(error) => {
                    fault.get_or_insert(error);
                    continue;
                }
            };
            for (serial, opened) in seen {
                let name = KeyRef(format!("{}:{serial}", socket.prefix));
                if serials.contains(&serial) {
                    continue;
                }
                if let Some(key) = opened {
                    self.open.insert(name.clone(), key);
                }
                serials.push(serial);
                names.push(name);
            }
        }
        match fault {
            Some(error) if names.is_empty() => Err(error),
            _ => Ok(names),
        }
    }

    async fn key(&mut self, name: &KeyRef) -> Result<&mut OpenKey, KeyError> {
        if !self.open.contains_key(name) {
            let opened = self.take(name).await?;
            self.open.insert(name.clone(), opened);
        }
        self.open.get_mut(name).ok_or(KeyError::NotFound)
    }

    fn forget(&mut self, name: &KeyRef) {
        self.open.remove(name);
        if let Some((prefix, serial)) = name.0.split_once(':') {
            for socket in self.sockets.iter_mut().filter(|socket| socket.prefix == prefix) {
                socket.forget(serial);
            }
        }
    }
}
