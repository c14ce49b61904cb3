//! Owns: checking signatures fast, with arithmetic whose time depends on the values: signature, message and key are public.
//! Never: a private key, a nonce, or anything else that is secret: those are `secret`'s, in constant time.
//! Start at: [`sm2`], then [`table`]; [`known`] for whose signatures a table is kept.
//!
//! Point formulas are ours, the numbers below them (`F`) are the curve library's own field elements. Every result is
//! compared with a library's verification in `sm2_tests.rs` and `p256_tests.rs`. Why, and what it brings: docs/decisions/0006-sm2-speed.md.

mod known;
pub(crate) mod p256;
mod p256_field;
#[cfg(test)]
mod p256_tests;
pub(crate) mod sm2;
#[cfg(test)]
mod sm2_tests;
mod table;

pub(crate) use known::{P256, SM2};

/// A number of the standards, at compile time.
const fn hex(digits: &[u8; 64]) -> [u8; 32] {
    const fn nibble(digit: u8) -> u8 {
        if digit <= b'9' { digit - b'0' } else { digit - b'A' + 10 }
    }
    let mut bytes = [0; 32];
    let mut i = 0;
    while i < 32 {
        bytes[i] = nibble(digits[2 * i]) << 4 | nibble(digits[2 * i + 1]);
        i += 1;
    }
    bytes
}
