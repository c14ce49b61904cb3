//! A new key takes over: what lies under an old one moves under it, batch by batch, while the office works.

use super::Kmc;
use super::assign::place;
use crate::fault::Fault;
use crate::store::encryption_pairs::{self as pairs, Sealed};
use std::time::Duration;
use tokio::sync::watch;

const BATCH: i64 = 64;
const AFTER_A_FAULT: Duration = Duration::from_secs(60);

impl Kmc {
    pub(super) async fn leave_old_keys(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            match self.reseal_all(&stop).await {
                Ok(moved) => {
                    if moved > 0 {
                        tracing::warn!(
                            moved,
                            key = self.keys.current(),
                            "all lies under this key now; an old one opens nothing any more"
                        );
                    }
                    return;
                }
                Err(error) => tracing::error!(%error, "what lies under an old key does not move"),
            }
            tokio::select! {
                () = tokio::time::sleep(AFTER_A_FAULT) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Moves everything under the key that seals now; says how much there was.
    ///
    /// # Errors
    /// A seal that does not open: what was moved stays moved.
    pub async fn reseal_all(&self, stop: &watch::Receiver<bool>) -> Result<u64, Fault> {
        let mut moved = 0;
        for old in self.keys.old() {
            loop {
                let count = self.reseal_batch(old).await?;
                if count == 0 || *stop.borrow() {
                    break;
                }
                moved += count;
            }
            moved += self.reseal_cases(old).await?;
        }
        Ok(moved)
    }

    async fn reseal_batch(&self, old: &str) -> Result<u64, Fault> {
        let (centre, old) = (self.clone(), old.to_owned());
        let moved = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let rows = pairs::list_sealed_under(tx, &old, BATCH).await?;
                for (id, sealed) in &rows {
                    pairs::reseal(tx, id, &centre.anew(&place(id), sealed)?).await?;
                }
                Ok::<_, Fault>(rows.len() as u64)
            })
        });
        moved.await
    }

    fn anew(&self, place: &str, sealed: &Sealed) -> Result<Sealed, Fault> {
        Ok(self.keys.seal(place, &self.keys.open_sealed(place, sealed)?))
    }
}
