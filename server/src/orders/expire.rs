//! What its applicant lets lie is closed: a draft after its days (R160), a correction of a paid order after fifteen, and
//! then the money goes back (A53). Of an order that ended without ever having been paid nothing personal stays.

use crate::advance::advance;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::store;
use journey::actor::Actor;
use journey::event::Event;
use journey::moment::Moment;
use journey::order::Order;
use journey::payment::{Channel, channels};

/// The standings in which an order waits for its applicant.
const WAITING: [&str; 11] = [
    "key_login",
    "key_presence",
    "record",
    "details",
    "confirm",
    "evidence",
    "phone_check",
    "identity_check",
    "signature",
    "pin_reset",
    "payment",
];
/// Where the replacement of an organisation waits for its transfer: the voucher is still to come, or the money (A34).
const TRANSFER: [&str; 3] = ["evidence", "signature", "settlement"];
/// A53.
const CORRECTION_DAYS: i64 = 15;
/// A34.
const TRANSFER_DAYS: i64 = 15;

/// Closes the drafts that nobody touched since then, and the corrections past their days; gives how many.
///
/// # Errors
/// The store's own.
pub async fn expire_stale(ground: &Ground, drafts_since: Moment) -> Result<usize, Fault> {
    let drafts = close(ground, &WAITING, false, drafts_since, |_| true).await?;
    let since = ground.now().plus_days(-CORRECTION_DAYS);
    let corrections = close(ground, &WAITING, true, since, |_| true).await?;
    let since = ground.now().plus_days(-TRANSFER_DAYS);
    let transfers = close(ground, &TRANSFER, false, since, by_transfer).await?;
    Ok(drafts + corrections + transfers)
}

fn by_transfer(order: &Order) -> bool {
    channels(order.service, order.party).contains(&Channel::Transfer)
}

async fn close(
    ground: &Ground,
    standings: &[&str],
    paid: bool,
    untouched_since: Moment,
    only: fn(&Order) -> bool,
) -> Result<usize, Fault> {
    let mut reader = ground.store.read().await?;
    let ids = store::orders::list_stale(&mut reader, standings, paid, untouched_since).await?;
    drop(reader);
    let mut closed = 0;
    for id in ids {
        let inner = ground.clone();
        let result = ground.store.write(move |tx| {
            Box::pin(async move {
                let row = store::orders::load(tx, &id).await?;
                // Touched, or paid, since it was listed.
                let touched = row.changed_at >= untouched_since || row.order.paid.is_some() != paid;
                if touched || !only(&row.order) {
                    return Err(Fault::Changed);
                }
                advance(tx, &inner, row, None, Event::Expired, &Actor::Office).await.map_err(Fault::from)
            })
        });
        match result.await {
            Ok(_) => closed += 1,
            Err(Fault::Refused(_) | Fault::Changed) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(closed)
}

/// Deletes details and evidence of orders that ended before then and to which no money ever came (R160); gives the ids of
/// the evidence whose bytes may go now. The journal stays: it holds nothing personal.
///
/// # Errors
/// The store's own.
pub async fn forget_unpaid(ground: &Ground, ended_before: Moment) -> Result<Vec<String>, Fault> {
    let now = ground.now();
    let forgotten = ground.store.write(move |tx| {
        Box::pin(async move {
            let mut files = Vec::new();
            for id in store::orders::list_ended_unpaid(tx, ended_before).await? {
                store::orders::forget_details(tx, &id).await?;
                store::signatures::forget(tx, &id).await?;
                files.extend(store::evidence::remove_all(tx, &id, now).await?);
            }
            Ok::<_, Fault>(files)
        })
    });
    forgotten.await
}
