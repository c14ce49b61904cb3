//! The crate from outside, one file per promise. `openssl` is the independent judge: without it the tests fail.
#![allow(clippy::unwrap_used)]

#[path = "../../src/dice.rs"]
mod dice;
mod stage;
mod tree;

mod authority;
mod deliveries;
mod empty_id;
mod envelopes;
mod foreign;
mod gmt;
mod golden;
mod hostile;
mod identities;
mod judge;
mod names;
mod old_systems;
mod openssl;
mod request_kinds;
mod requests;
mod revocations;
mod road;
mod seeds;
mod statuses;
mod vectors;
mod whole;
