//! Owns: checking signatures fast, with arithmetic whose time depends on the values: signature, message and key are public.
//! Never: a private key, a nonce, or anything else that is secret: those stay with the libraries' constant-time code.
//! Start at: [`sm2`], then [`point`] and [`table`].
//!
//! Point formulas are ours, the numbers below them (`F`) are the curve library's own field elements. Every result is
//! compared with the library's verification in `sm2_tests.rs`. Why, and what it brings: docs/decisions/0006-sm2-speed.md.

mod known;
mod point;
pub(crate) mod sm2;
#[cfg(test)]
mod sm2_tests;
mod table;

pub(crate) use known::{Known, find, remember};
