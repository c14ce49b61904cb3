//! Orders' roads that did not end: a crash between any two lines, or an errand that was given up, leaves rows behind that
//! nobody would look at again. Each is taken up, or discarded with a change of its standing.

use super::Issuing;
use super::after::activate_pair;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::standing::{self, By, Which};
use crate::store::certificates::{Slot, Unfinished};
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use journey::moment::Moment;
use journey::order::Standing;

/// What becomes of an order's unfinished certificates.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// Issued, and waiting for the key to prove itself: no orphan.
    Waits,
    /// Meant and wanted, but never signed or never reported.
    TakeUp,
    /// Proven on its key, but nobody said that it counts.
    Activate,
    /// Nobody wants it any more.
    Discard,
}

impl Issuing {
    /// Ends every road that began before this moment and has not ended; gives how many were.
    ///
    /// # Errors
    /// The store's own; one order's fault does not keep the others waiting.
    pub async fn end_roads(&self, before: Moment) -> Result<usize, Fault> {
        let mut reader = self.ground.store.read().await?;
        let unfinished = store::certificates::list_unfinished(&mut reader, before, None).await?;
        let mut verdicts = Vec::new();
        for (order_id, certificates) in unfinished {
            let row = store::orders::load(&mut reader, &order_id).await?;
            verdicts.push((verdict(&row, &certificates), row));
        }
        drop(reader);
        let mut ended = 0;
        for (verdict, row) in verdicts {
            match self.end_road(&verdict, &row, before).await {
                Ok(true) => {
                    ended += 1;
                    tracing::warn!(order = row.number, ?verdict, "a road that had broken off was ended");
                }
                Ok(false) => {}
                Err(fault) => tracing::error!(order = row.number, ?verdict, %fault, "a road cannot be ended"),
            }
        }
        Ok(ended)
    }

    /// `false`: nothing was to be done, or the order went on by itself meanwhile.
    async fn end_road(&self, verdict: &Verdict, row: &OrderRow, before: Moment) -> Result<bool, Fault> {
        match verdict {
            Verdict::Waits => Ok(false),
            // Issuing asks the journal itself.
            Verdict::TakeUp => self.issue(&row.id).await.map(|_| true),
            Verdict::Activate | Verdict::Discard => {
                let _turn = self.turns.take(&row.id).await;
                let (id, ground) = (row.id.clone(), self.ground.clone());
                let write = self
                    .ground
                    .store
                    .write(move |tx| Box::pin(async move { act(tx, &ground, &id, before).await }));
                write.await
            }
        }
    }
}

/// Judges once more, inside the write that acts: since the verdict was read the key may have proven itself, or the order
/// may have got another pair.
async fn act(tx: &mut Tx, ground: &Ground, order_id: &str, before: Moment) -> Result<bool, Fault> {
    let mut unfinished = store::certificates::list_unfinished(tx, before, Some(order_id)).await?;
    let Some(certificates) = unfinished.remove(order_id) else { return Ok(false) };
    let row = store::orders::load(tx, order_id).await?;
    match verdict(&row, &certificates) {
        Verdict::Activate => activate_pair(tx, ground, order_id).await?,
        Verdict::Discard => {
            let by = By::new(row.number, "签发中断，未交付持有人");
            standing::discard(tx, ground, Which::Order(order_id.to_owned()), &by).await?;
            store::certificates::discard(tx, order_id, ground.now()).await?;
        }
        Verdict::Waits | Verdict::TakeUp => return Ok(false),
    }
    Ok(true)
}

fn verdict(row: &OrderRow, certificates: &[Unfinished]) -> Verdict {
    let order = &row.order;
    let named = |certificate: &Unfinished| {
        let serial = match certificate.slot {
            Slot::Sign | Slot::Single => &order.sign_serial,
            Slot::Encrypt => &order.encrypt_serial,
        };
        serial.as_ref() == Some(&certificate.serial)
    };
    let wanted = order.standing.is_open() || order.standing == Standing::Completed;
    if wanted && certificates.iter().all(named) {
        return if order.key_verified { Verdict::Activate } else { Verdict::Waits };
    }
    let for_this_key = |certificate: &Unfinished| {
        certificate.slot == Slot::Encrypt || order.spki_digest.as_ref() == Some(&certificate.spki_digest)
    };
    let unreported = order.sign_serial.is_none() && certificates.iter().all(for_this_key);
    if order.standing.is_open() && order.spki_digest.is_some() && unreported {
        Verdict::TakeUp
    } else {
        Verdict::Discard
    }
}
