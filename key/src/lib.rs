//! How to talk to a UKEY: the messages, the APDUs and the high-level verbs, the same for browser, helper and tests.
//!
//! Start at `key.rs` (what a key can do), then `message.rs` (how a page asks for it). Feature `soft` adds the UKEY in
//! software and the helper's station key; without it nothing here can hold a private key.

pub mod apdu;
pub mod authorisation;
pub mod certificate_facts;
pub mod channel;
pub mod command;
pub mod der;
pub mod envelope;
pub mod error;
pub mod frame;
pub mod generation;
pub mod key;
pub mod mandate;
pub mod message;
pub mod model;
pub mod past;
pub mod pin_rule;
pub mod production;
pub mod profile;
pub mod remote;
pub mod request;
pub mod secret;
pub mod serve;
mod serve_next;
pub mod session;
#[cfg(feature = "session")]
pub mod session_key;
pub mod signing;
pub mod skf;
#[cfg(feature = "soft")]
pub mod soft;
pub mod statement;
#[cfg(feature = "soft")]
pub mod station;
pub mod status;
#[cfg(feature = "tape")]
pub mod tape;
pub mod verb;
pub mod wire;

pub use error::KeyError;
pub use secret::Pin;
