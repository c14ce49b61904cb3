//! The tests of the rule book, one binary.
//!
//! Owns: proof that the tables mean what the requirements say.
//! Never: a rule of its own; what is expected is written down by hand or follows from the requirement named.
//! Start at: `stories.rs`.

#![allow(clippy::unwrap_used)]

mod act;
mod calendar;
mod cells;
mod document;
mod eligibility;
mod entry;
mod identity_documents;
mod invariants;
mod key_stories;
mod laws;
mod money_stories;
mod review_stories;
mod stories;
mod values;
mod walks;
