//! How to talk to a UKEY: the messages, the APDUs and the high-level verbs, the same for browser, helper and tests.
//!
//! Start at `key.rs` (what a key can do), then `message.rs` (how a page asks for it).

pub mod error;
pub mod message;
pub mod secret;

pub use error::KeyError;
pub use secret::Pin;
