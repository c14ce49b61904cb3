//! Drafts that nobody touches are closed after their days (R160).

use crate::advance::advance;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::store;
use journey::actor::Actor;
use journey::event::Event;
use journey::moment::Moment;

/// The standings in which an unpaid order may lie untouched.
const DRAFTS: [&str; 5] = ["details", "confirm", "evidence", "phone_check", "payment"];

/// Closes what has been untouched since then; gives how many.
///
/// # Errors
/// The store's own.
pub async fn expire_stale(ground: &Ground, untouched_since: Moment) -> Result<usize, Fault> {
    let mut reader = ground.store.read().await?;
    let ids = store::orders::list_stale(&mut reader, &DRAFTS, untouched_since).await?;
    drop(reader);
    let mut closed = 0;
    for id in ids {
        let inner = ground.clone();
        let result = ground.store.write(move |tx| {
            Box::pin(async move {
                let row = store::orders::load(tx, &id).await?;
                advance(tx, &inner, row, None, Event::Expired, &Actor::Office).await.map_err(Fault::from)
            })
        });
        match result.await {
            Ok(_) => closed += 1,
            // A returned order that was paid may wait longer: the rules say so, and the sweep passes on.
            Err(Fault::Refused(_) | Fault::Changed) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(closed)
}
