//! A new key takes over: what lies under an old one moves under it, batch by batch, while the office works.

use super::Kmc;
use super::assign::place;
use super::keyring::Keyring;
use crate::fault::Fault;
use crate::sealing::SealError;
use crate::store::encryption_pairs::{self as pairs, Sealed};
use std::time::Duration;
use tokio::sync::watch;

const BATCH: i64 = 64;
const AFTER_A_FAULT: Duration = Duration::from_secs(60);

/// What a round of moving came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    pub moved: u64,
    /// Pairs and cases that are broken: left as they are, and named in the log.
    pub skipped: u64,
    /// Keys beside the one that seals, under which something lies still: none of them may be destroyed.
    pub still_under: Vec<String>,
}

/// The same of a part of the way.
#[derive(Default)]
pub(super) struct Batch {
    pub moved: u64,
    pub skipped: u64,
    /// The place of the last one that was looked at.
    last: Option<i64>,
}

impl Kmc {
    pub(super) async fn leave_old_keys(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            match self.reseal_all(&stop).await {
                Ok(resealed) => return self.say(&resealed),
                Err(error) => tracing::error!(%error, "what lies under an old key does not move"),
            }
            tokio::select! {
                () = tokio::time::sleep(AFTER_A_FAULT) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Somebody destroys a key on these words: that nothing lies under it was looked up, not concluded.
    fn say(&self, Resealed { moved, skipped, still_under }: &Resealed) {
        let key = self.keys.current();
        if !still_under.is_empty() {
            tracing::warn!(moved, skipped, key, ?still_under, "not all has moved: keep every key file");
        } else if let Some(old) = self.keys.taken_over() {
            tracing::warn!(
                moved,
                key,
                old,
                "all lies under this key now; the old one opens copies of before alone"
            );
        } else if *moved > 0 {
            tracing::warn!(moved, key, "what lay under the office's seal lies under the centre's key now");
        }
    }

    /// Moves everything under the key that seals now, until `stop` says so, and looks up what is left.
    ///
    /// # Errors
    /// The store's own: what was moved stays moved.
    pub async fn reseal_all(&self, stop: &watch::Receiver<bool>) -> Result<Resealed, Fault> {
        let mut done = Resealed::default();
        'moving: for old in self.keys.old() {
            let mut behind = 0;
            loop {
                if *stop.borrow() {
                    break 'moving;
                }
                let batch = self.reseal_batch(old, behind).await?;
                done.count(&batch);
                let Some(last) = batch.last else { break };
                behind = last;
            }
            done.count(&self.reseal_cases(old).await?);
        }
        let seals = Keyring::list_seals(&self.ground).await?;
        done.still_under = seals.into_iter().filter(|name| name != self.keys.current()).collect();
        Ok(done)
    }

    async fn reseal_batch(&self, old: &str, behind: i64) -> Result<Batch, Fault> {
        let (centre, old) = (self.clone(), old.to_owned());
        let moved = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let mut batch = Batch::default();
                for pair in pairs::list_sealed_under(tx, &old, behind, BATCH).await? {
                    batch.last = Some(pair.place);
                    match centre.anew(&place(&pair.id), &pair.sealed) {
                        Ok(sealed) => {
                            pairs::reseal(tx, &pair.id, &sealed).await?;
                            batch.moved += 1;
                        }
                        Err(error) => {
                            tracing::error!(%error, pair = pair.id, "a pair does not open: left as it is");
                            batch.skipped += 1;
                        }
                    }
                }
                Ok::<_, Fault>(batch)
            })
        });
        moved.await
    }

    fn anew(&self, place: &str, sealed: &Sealed) -> Result<Sealed, SealError> {
        Ok(self.keys.seal(place, &self.keys.open_sealed(place, sealed)?))
    }
}

impl Resealed {
    fn count(&mut self, batch: &Batch) {
        self.moved += batch.moved;
        self.skipped += batch.skipped;
    }
}
