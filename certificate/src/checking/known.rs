//! Keys whose signatures we check again and again: our own issuers', each time one of them has signed.
//!
//! Only who calls `remember` gets room here, so a stranger's keys cost no memory. It is a memory of a pure function:
//! what it holds changes how long a check takes, never what it says.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::{p256, sm2};
use crate::key_kind::KeyKind;
use crate::read::Certificate;
use crate::sm2::PublicKey;

/// An office has some ten issuers and responders; 148 KiB each.
const ROOM: usize = 64;
/// A table costs as much as forty checks without it.
const WORTH_A_TABLE: u32 = 40;

/// The keys of one curve.
pub(crate) struct Roll<K, M>(RwLock<Vec<Arc<Known<K, M>>>>);

pub(crate) static SM2: Roll<PublicKey, sm2::Multiples> = Roll(RwLock::new(Vec::new()));
/// By 04‖X‖Y.
pub(crate) static P256: Roll<[u8; 65], p256::Multiples> = Roll(RwLock::new(Vec::new()));

pub(crate) struct Known<K, M> {
    key: K,
    checks: AtomicU32,
    multiples: OnceLock<M>,
}

impl<K: PartialEq, M> Roll<K, M> {
    pub fn remember(&self, key: K) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.iter().any(|known| known.key == key) {
            return;
        }
        if known.len() == ROOM {
            known.remove(0);
        }
        known.push(Arc::new(Known { key, checks: AtomicU32::new(0), multiples: OnceLock::new() }));
    }

    pub fn find(&self, key: &K) -> Option<Arc<Known<K, M>>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|known| known.key == *key).cloned()
    }
}

impl<K, M> Known<K, M> {
    /// `None` as long as a table is not worth it, and for what is no point.
    pub fn multiples(&self, make: impl FnOnce(&K) -> Option<M>) -> Option<&M> {
        if self.checks.load(Ordering::Relaxed) < WORTH_A_TABLE {
            self.checks.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        if self.multiples.get().is_none() {
            // Whoever comes second has worked in vain, once.
            let _ = self.multiples.set(make(&self.key)?);
        }
        self.multiples.get()
    }
}

impl Certificate {
    /// Says that this is an issuer of ours, whose signatures are checked often: each check is then faster.
    pub fn expect_many_signatures(&self) {
        match KeyKind::of_spki(self.spki()) {
            Ok(KeyKind::Sm2) => {
                if let Ok(key) = PublicKey::from_spki_der(self.spki()) {
                    key.expect_many_signatures();
                }
            }
            Ok(KeyKind::P256) => {
                // The point stands at the end of a SubjectPublicKeyInfo.
                if let Some(point) = self.spki().last_chunk::<65>() {
                    P256.remember(*point);
                }
            }
            _ => {}
        }
    }
}
