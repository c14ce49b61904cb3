//! 备用密钥库: pairs made ahead, so that nobody waits for one (GM/T 0034, 9.2).

use super::{Kmc, KmcSettings};
use crate::fault::Fault;
use crate::store;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// Pairs that one turn of the blocking thread makes, and one statement writes.
const BATCH: i64 = 16;
/// The pool is counted this often, whatever the bell says.
const COUNT: Duration = Duration::from_secs(15);
const AFTER_A_FAULT: Duration = Duration::from_secs(10);

pub struct Pool {
    low: i64,
    high: i64,
    /// About how many pairs stand by: a transaction that was undone has given none, and the next count sees it.
    level: AtomicI64,
    bell: Notify,
}

impl Pool {
    pub fn new(settings: &KmcSettings) -> Pool {
        let (low, high) = (i64::from(settings.pool_low), i64::from(settings.pool_high));
        Pool { low, high: high.max(low), level: AtomicI64::new(0), bell: Notify::new() }
    }

    /// So many pairs went into use.
    pub fn gave(&self, pairs: usize) {
        let pairs = i64::try_from(pairs).unwrap_or(i64::MAX);
        if self.level.fetch_sub(pairs, Ordering::Relaxed) - pairs < self.low {
            self.ring();
        }
    }

    pub fn ring(&self) {
        self.bell.notify_one();
    }
}

impl Kmc {
    /// Keeps the pool between its two marks.
    pub(super) async fn keep_the_pool(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let pause = match self.fill(&stop).await {
                Ok(()) => COUNT,
                Err(error) => {
                    tracing::error!(%error, "no standby pairs can be made");
                    AFTER_A_FAULT
                }
            };
            tokio::select! {
                () = self.pool.bell.notified(), if pause == COUNT => {}
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Below the low mark: makes pairs up to the high one.
    async fn fill(&self, stop: &watch::Receiver<bool>) -> Result<(), Fault> {
        let mut reader = self.ground.store.read().await?;
        let mut level = store::encryption_pairs::count_standby(&mut reader).await?;
        drop(reader);
        self.pool.level.store(level, Ordering::Relaxed);
        if level >= self.pool.low {
            return Ok(());
        }
        let before = level;
        while level < self.pool.high && !*stop.borrow() {
            let started = Instant::now();
            let made = self.make_ahead((self.pool.high - level).min(BATCH)).await?;
            level = self.pool.level.fetch_add(made, Ordering::Relaxed) + made;
            // Half of one core at most, unless the next order would have to wait for its pair.
            if level > BATCH {
                tokio::time::sleep(started.elapsed()).await;
            }
        }
        tracing::debug!(before, level, "standby pairs made");
        Ok(())
    }

    async fn make_ahead(&self, count: i64) -> Result<i64, Fault> {
        let centre = self.clone();
        let wanted = usize::try_from(count).unwrap_or_default();
        let made = tokio::task::spawn_blocking(move || centre.make(wanted));
        let made = made.await.map_err(|error| Fault::Disk(std::io::Error::other(error)))??;
        let now = self.ground.now();
        let written = self.ground.store.write(move |tx| {
            Box::pin(async move { store::encryption_pairs::record_standby(tx, &made, now).await })
        });
        written.await?;
        Ok(count)
    }
}
