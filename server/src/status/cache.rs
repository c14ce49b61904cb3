//! Answers signed ahead, of one issuer, by serial and form of the question. Each is packed into about 105 octets, its
//! place in the table takes up to 34 more: a million of them are some 150 MB.
//!
//! A change of standing drops what is kept of that serial, and forbids an answer whose reading began before the change.

use certificate::status::{Hash, Packed};
use hashbrown::HashTable;
use std::hash::{BuildHasher, RandomState};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Askers in parallel seldom meet in one of these.
const SHARDS: usize = 64;
/// An answer that ends sooner is not given out any more, seconds.
const LEAST_LEFT: i64 = 60;
/// An answer from further in the future was made under a wrong clock, seconds.
const CLOCK_WENT_BACK: i64 = 60;

/// How a certificate is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'a> {
    pub hash: Hash,
    /// Whether the hash's identifier carries NULL parameters.
    pub null: bool,
    /// Big-endian, without leading zeros.
    pub serial: &'a [u8],
}

pub struct Cache {
    shards: Vec<Mutex<Shard>>,
    hasher: RandomState,
    limit: usize,
    count: AtomicUsize,
}

#[derive(Default)]
struct Shard {
    table: HashTable<Packed>,
    /// How often something was dropped here because it changed.
    epoch: u64,
    /// Nothing here is to be signed again before.
    due: i64,
}

/// When an answer is to be signed again: after three quarters of its life.
fn due(this_update: i64, next_update: i64) -> i64 {
    this_update + (next_update - this_update) / 4 * 3
}

impl Cache {
    /// Keeps `limit` answers at most.
    pub fn new(limit: usize) -> Cache {
        let shards = (0..SHARDS).map(|_| Mutex::new(Shard { due: i64::MAX, ..Shard::default() })).collect();
        Cache { shards, hasher: RandomState::new(), limit, count: AtomicUsize::new(0) }
    }

    pub fn len(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Lends the answer, if there is one that is good at `now` (Unix seconds).
    pub fn find<T>(&self, key: Key<'_>, now: i64, lend: impl FnOnce(&Packed) -> T) -> Option<T> {
        let hash = self.hash(key);
        let shard = self.shard(key.serial);
        let packed = shard.table.find(hash, |packed| key_of(packed) == Some(key))?;
        let (this_update, next_update) = packed.times()?;
        let good = this_update <= now + CLOCK_WENT_BACK && now + LEAST_LEFT < next_update;
        good.then(|| lend(packed))
    }

    /// To be asked before a standing is read from the store, and shown when its answer is put in.
    pub fn epoch(&self, serial: &[u8]) -> u64 {
        self.shard(serial).epoch
    }

    /// Puts an answer in; `false`: its standing may have changed since it was read.
    pub fn put(&self, packed: Packed, epoch: u64) -> bool {
        let (Some(key), Some((this_update, next_update))) = (key_of(&packed), packed.times()) else {
            return false;
        };
        let hash = self.hash(key);
        let mut shard = self.shard(key.serial);
        if shard.epoch != epoch {
            return false;
        }
        shard.due = shard.due.min(due(this_update, next_update));
        if let Some(old) = shard.table.find_mut(hash, |old| key_of(old) == Some(key)) {
            *old = packed;
            return true;
        }
        if self.len() >= self.limit {
            self.evict_one(&mut shard);
        }
        shard.table.insert_unique(hash, packed, |packed| self.hash_of(packed));
        self.count.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// Whichever lies first: where a serial lies is random, and nobody outside knows it.
    fn evict_one(&self, shard: &mut Shard) {
        let first = shard.table.iter().next().map(|packed| self.hash_of(packed));
        let entry = first.and_then(|hash| shard.table.find_entry(hash, |_| true).ok());
        if let Some(entry) = entry {
            entry.remove();
            self.count.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Its standing has changed: in whatever form it is asked for, no answer of before is given any more.
    pub fn forget(&self, serial: &[u8]) {
        let mut shard = self.shard(serial);
        shard.epoch += 1;
        for hash in Hash::ALL {
            for null in [false, true] {
                self.remove(&mut shard, Key { hash, null, serial });
            }
        }
    }

    /// Whoever answers is another one now: nothing of before is given any more.
    pub fn forget_all(&self) {
        for shard in &self.shards {
            let mut shard = shard.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            shard.epoch += 1;
            shard.due = i64::MAX;
            self.count.fetch_sub(shard.table.len(), Ordering::Relaxed);
            shard.table = HashTable::new();
        }
    }

    /// What is not worth keeping goes.
    pub fn drop_one(&self, key: Key<'_>) {
        let mut shard = self.shard(key.serial);
        self.remove(&mut shard, key);
    }

    fn remove(&self, shard: &mut Shard, key: Key<'_>) {
        if let Ok(entry) = shard.table.find_entry(self.hash(key), |packed| key_of(packed) == Some(key)) {
            entry.remove();
            self.count.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Answers whose time has come to be signed again, `most` at most; those whose time is over are dropped.
    pub fn take_due(&self, now: i64, most: usize) -> Vec<(Hash, bool, Vec<u8>)> {
        let mut found = Vec::new();
        for shard in &self.shards {
            // The rest of a million is not looked through for each few hundred of them.
            if found.len() == most {
                break;
            }
            let mut shard = shard.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            if now < shard.due {
                continue;
            }
            let mut next = i64::MAX;
            let before = shard.table.len();
            shard.table.retain(|packed| {
                let (Some(key), Some((this_update, next_update))) = (key_of(packed), packed.times()) else {
                    return false;
                };
                let due = due(this_update, next_update);
                if now < next_update && now >= due && found.len() < most {
                    found.push((key.hash, key.null, key.serial.to_vec()));
                }
                next = next.min(due);
                now < next_update
            });
            shard.due = next;
            self.count.fetch_sub(before - shard.table.len(), Ordering::Relaxed);
        }
        found
    }

    fn shard(&self, serial: &[u8]) -> std::sync::MutexGuard<'_, Shard> {
        let index = usize::try_from(self.hasher.hash_one(serial) >> 58).unwrap_or(0);
        self.shards[index % SHARDS].lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn hash(&self, key: Key<'_>) -> u64 {
        let form = key.hash as u64 * 2 + u64::from(key.null);
        // The upper bits choose the shard; the table wants its own.
        self.hasher.hash_one(key.serial).rotate_left(7) ^ form.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn hash_of(&self, packed: &Packed) -> u64 {
        key_of(packed).map_or(0, |key| self.hash(key))
    }
}

fn key_of(packed: &Packed) -> Option<Key<'_>> {
    let (hash, null, serial) = packed.key()?;
    Some(Key { hash, null, serial })
}
