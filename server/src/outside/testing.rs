//! A still clock, counting dice and the test keys, for the tests of the clients.

use super::Surroundings;
use crate::clock::{Clock, Dice, Entropy};
use journey::Moment;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// 2026-11-22 16:18 in Beijing.
pub const NOW: Moment = Moment::from_millis(1_795_335_480_000);

struct Still;
impl Clock for Still {
    fn now(&self) -> Moment {
        NOW
    }
}

#[derive(Default)]
struct Counting(AtomicU8);
impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

pub fn surroundings() -> Surroundings {
    Surroundings::new(Arc::new(Still), Dice::new(Arc::new(Counting::default()))).unwrap()
}

/// Keys made for the tests alone: `ours_*`, `theirs_*`.
pub fn key(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/providers/keys").join(name)
}
