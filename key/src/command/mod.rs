//! Owns: each verb of a key as an APDU of our command set, and how its answer is read.
//! Never: sends anything; `session.rs` does.
//! Start at: `pin.rs`.

pub mod object;
pub mod pair;
pub mod pin;
