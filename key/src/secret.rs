//! The PIN in memory: wiped when dropped, silent in `Debug`, never compared in variable time by this crate.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Shortest and longest PIN a key takes, in characters (decision A30).
pub const PIN_LENGTH: std::ops::RangeInclusive<usize> = 6..=16;

/// A user or admin PIN. R129: it prints nothing, and only `reveal` gives it away.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pin(String);

impl Pin {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The characters themselves, for the one place that sends them to the key.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Only the length and the alphabet: what any key can store. Weak PINs are the caller's rule.
    pub fn fits(&self) -> bool {
        PIN_LENGTH.contains(&self.0.len()) && self.0.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}
