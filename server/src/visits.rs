//! Visits: an applicant's browser session. The office keeps the digest of its token, what it may see, and when it ends.

use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};

/// Without a request (A51).
pub const IDLE_MINUTES: i64 = 30;
pub const HOURS: i64 = 12;
/// A visit seen within this time need not be written again.
const NOTED_AFTER_MINUTES: i64 = 1;

/// The order of this number if this visit may see it; a stranger's order is not found, like one that is not. The only way
/// from a number that somebody typed to an order's row.
///
/// # Errors
/// `NotFound`.
pub async fn order_for(tx: &mut Tx, visit: &[u8], number: &str) -> Result<OrderRow, Fault> {
    let row = store::orders::find_by_number(tx, number).await?.ok_or(Fault::NotFound)?;
    if store::visits::may_see(tx, visit, &row.id).await? { Ok(row) } else { Err(Fault::NotFound) }
}

/// Whether the visit is alive; then it counts as seen.
///
/// # Errors
/// The store's own.
pub async fn note_if_alive(ground: &Ground, digest: &[u8]) -> Result<bool, Fault> {
    let now = ground.now();
    let mut reader = ground.store.read().await?;
    if !store::visits::alive(&mut reader, digest, now, now.plus_minutes(-IDLE_MINUTES)).await? {
        return Ok(false);
    }
    let noted = now.plus_minutes(-NOTED_AFTER_MINUTES);
    let lately = store::visits::alive(&mut reader, digest, now, noted).await?;
    drop(reader);
    if !lately {
        let digest = digest.to_vec();
        let note = ground
            .store
            .write(move |tx| Box::pin(async move { store::visits::seen(tx, &digest, now).await }));
        note.await.map_err(Fault::Store)?;
    }
    Ok(true)
}

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Visits {
    ground: Ground,
}

/// A visit that has just begun.
pub struct Fresh {
    /// For the browser alone.
    pub token: String,
    pub digest: Vec<u8>,
}

impl Visits {
    pub fn new(ground: Ground) -> Visits {
        Visits { ground }
    }

    /// The digest of a visit that is alive; it counts as seen.
    ///
    /// # Errors
    /// The store's own.
    pub async fn find(&self, token: &str) -> Result<Option<Vec<u8>>, Fault> {
        let digest = self.digest(token);
        Ok(note_if_alive(&self.ground, &digest).await?.then_some(digest))
    }

    /// Begins a visit that may see nothing yet.
    ///
    /// # Errors
    /// The store's own.
    pub async fn begin(&self) -> Result<Fresh, Fault> {
        let token = self.ground.dice.token();
        let digest = self.digest(&token);
        let (kept, now) = (digest.clone(), self.ground.now());
        let begun = self.ground.store.write(move |tx| {
            Box::pin(async move { store::visits::record(tx, &kept, now, now.plus_hours(HOURS)).await })
        });
        begun.await?;
        Ok(Fresh { token, digest })
    }

    /// The fresh visit may see what the old one could, and the old one ends: whoever knew its token knows nothing now
    /// (ASVS 7.2.4).
    ///
    /// # Errors
    /// The store's own.
    pub async fn take_over(&self, old: &[u8], fresh: &Fresh) -> Result<(), Fault> {
        let (old, new) = (old.to_vec(), fresh.digest.clone());
        let taken = self.ground.store.write(move |tx| {
            Box::pin(async move {
                for row in store::orders::list_for_visit(tx, &old).await? {
                    store::visits::let_see(tx, &new, &row.id).await?;
                }
                store::visit_holders::take_over(tx, &old, &new).await?;
                store::replacements::take_over(tx, &old, &new).await?;
                store::visits::end(tx, &old).await
            })
        });
        taken.await.map_err(Fault::Store)
    }

    /// # Errors
    /// The store's own.
    pub async fn end(&self, digest: &[u8]) -> Result<(), Fault> {
        let digest = digest.to_vec();
        let ended =
            self.ground.store.write(move |tx| Box::pin(async move { store::visits::end(tx, &digest).await }));
        ended.await.map_err(Fault::Store)
    }

    fn digest(&self, token: &str) -> Vec<u8> {
        self.ground.sealing.digest("visit", token)
    }
}
