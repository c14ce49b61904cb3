//! Orders' roads that did not end: a crash between any two lines, or an errand that was given up, leaves rows behind that
//! nobody would look at again. Each is taken up, or discarded with a change of its standing.

use super::Issuing;
use crate::fault::Fault;
use crate::standing::{self, By, Which};
use crate::store;
use crate::store::certificates::{Slot, Unfinished};
use crate::store::orders::OrderRow;
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
        let unfinished = store::certificates::list_unfinished(&mut reader, before).await?;
        let mut verdicts = Vec::new();
        for (order_id, certificates) in unfinished {
            let row = store::orders::load(&mut reader, &order_id).await?;
            verdicts.push((verdict(&row, &certificates), row));
        }
        drop(reader);
        let mut ended = 0;
        for (verdict, row) in verdicts {
            if verdict == Verdict::Waits {
                continue;
            }
            match self.end_road(&verdict, &row).await {
                Ok(()) => {
                    ended += 1;
                    tracing::warn!(order = row.number, ?verdict, "a road that had broken off was ended");
                }
                Err(fault) => tracing::error!(order = row.number, ?verdict, %fault, "a road cannot be ended"),
            }
        }
        Ok(ended)
    }

    async fn end_road(&self, verdict: &Verdict, row: &OrderRow) -> Result<(), Fault> {
        let (id, ground) = (row.id.clone(), self.ground.clone());
        match verdict {
            Verdict::Waits => Ok(()),
            Verdict::TakeUp => self.issue(&row.id).await.map(drop),
            Verdict::Activate => {
                let write = self.ground.store.write(move |tx| {
                    Box::pin(async move { store::certificates::activate(tx, &id).await.map_err(Fault::from) })
                });
                write.await
            }
            Verdict::Discard => {
                let by = By::new(row.number.clone(), "签发中断，未交付持有人");
                let write = self.ground.store.write(move |tx| {
                    Box::pin(async move {
                        standing::discard(tx, &ground, Which::Order(id.clone()), &by).await?;
                        Ok::<_, Fault>(store::certificates::discard(tx, &id, ground.now()).await?)
                    })
                });
                write.await
            }
        }
    }
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
