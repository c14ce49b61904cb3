//! Owns: the standing of a certificate: what may follow what, and the one function that changes it (row and line in
//! the caller's transaction).
//! Never: a revocation list, an OCSP answer, a signature: the status desk makes those of what is written here.
//! Start at: `rule.rs`, then `change.rs`.

mod change;
mod rule;

pub use change::{By, Which, change, discard, facts, told};
pub use rule::{Change, REASONS, State, Told, follow};
