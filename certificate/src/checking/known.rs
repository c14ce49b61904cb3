//! Keys whose signatures we check again and again: our own issuers', each time one of them has signed.
//!
//! Only who calls `remember` gets room here, so a stranger's keys cost no memory. It is a memory of a pure function:
//! what it holds changes how long a check takes, never what it says.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::sm2::Multiples;
use crate::read::Certificate;
use crate::sm2::PublicKey;

/// An office has some ten issuers and responders; 148 KiB each.
const ROOM: usize = 64;
/// A table costs as much as forty checks without it.
const WORTH_A_TABLE: u32 = 40;

static KNOWN: RwLock<Vec<Arc<Known>>> = RwLock::new(Vec::new());

pub(crate) struct Known {
    key: PublicKey,
    /// Z under the default identity.
    pub identity_digest: [u8; 32],
    checks: AtomicU32,
    multiples: OnceLock<Multiples>,
}

/// From now on signatures of this key are checked faster.
pub(crate) fn remember(key: &PublicKey) {
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if known.iter().any(|known| known.key == *key) {
        return;
    }
    if known.len() == ROOM {
        known.remove(0);
    }
    known.push(Arc::new(Known {
        key: *key,
        identity_digest: key.identity_digest(),
        checks: AtomicU32::new(0),
        multiples: OnceLock::new(),
    }));
}

pub(crate) fn find(key: &PublicKey) -> Option<Arc<Known>> {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    known.iter().find(|known| known.key == *key).cloned()
}

impl Certificate {
    /// Says that this is an issuer of ours, whose signatures are checked often: each check is then faster.
    pub fn expect_many_signatures(&self) {
        if let Ok(key) = self.public_key() {
            key.expect_many_signatures();
        }
    }
}

impl Known {
    /// `None` as long as a table is not worth it.
    pub fn multiples(&self) -> Option<&Multiples> {
        if self.checks.load(Ordering::Relaxed) < WORTH_A_TABLE {
            self.checks.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        Some(self.multiples.get_or_init(|| Multiples::of(self.key.key.as_affine())))
    }
}
