//! The crate from outside, one file per promise. `openssl` is the independent judge: without it the tests fail.
#![allow(clippy::unwrap_used)]

#[path = "../../src/dice.rs"]
mod dice;
mod stage;

mod authority;
mod deliveries;
mod envelopes;
mod foreign;
mod golden;
mod judge;
mod names;
mod openssl;
mod requests;
mod revocations;
mod road;
mod seeds;
mod statuses;
mod vectors;
