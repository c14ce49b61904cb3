//! Owns: the soft key, a UKEY in software: a card that answers our APDUs, and the drawer of files such keys live in.
//! Never: lets a private key, a PIN or command data out of its file, into a log or into the journal.
//! Start at: `card.rs` (what it answers), then `drawer.rs` (where keys lie and how one is put into the port).
//!
//! It protects nobody's secrets: whoever reads the file has the keys. It is for trials, training and tests.

mod card;
mod channel;
mod drawer;
mod fault;
mod memory;
mod object;
mod pair;
mod pin;
mod port;

pub use channel::SoftChannel;
pub use drawer::{Drawer, DrawerError, SoftKeyInfo};
pub use fault::{Faults, PowerCut};
pub use port::Port;
