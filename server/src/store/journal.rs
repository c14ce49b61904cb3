//! The journal: every event of every order, in order. `journey::replay` of it gives the order's row.

use super::{StoreError, Tx};
use journey::actor::Actor;
use journey::event::Event;
use journey::moment::Moment;
use journey::replay::Entry;
use sqlx::Row;

pub struct Line<'a> {
    pub order_id: &'a str,
    /// The order's version after the event; the first is 1.
    pub seq: i64,
    pub at: Moment,
    pub actor: &'a Actor,
    pub event: &'a Event,
    pub before: &'a str,
    pub after: &'a str,
}

/// # Errors
/// A duplicate when this version was written already.
pub async fn record(tx: &mut Tx, line: &Line<'_>) -> Result<(), StoreError> {
    let encode = |e: serde_json::Error| StoreError::impossible("journal", "event", line.order_id, e);
    sqlx::query(
        "INSERT INTO journal (order_id, seq, at, actor, event, kind, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(line.order_id)
    .bind(line.seq)
    .bind(line.at.millis())
    .bind(serde_json::to_string(line.actor).map_err(encode)?)
    .bind(serde_json::to_string(line.event).map_err(encode)?)
    .bind(line.event.kind().code())
    .bind(line.before)
    .bind(line.after)
    .execute(tx)
    .await?;
    Ok(())
}

/// The entries of one order, oldest first.
pub async fn list(tx: &mut Tx, order_id: &str) -> Result<Vec<Entry>, StoreError> {
    let rows = sqlx::query("SELECT at, actor, event FROM journal WHERE order_id = $1 ORDER BY seq")
        .bind(order_id)
        .fetch_all(tx)
        .await?;
    rows.iter()
        .map(|row| {
            let actor: String = row.try_get("actor")?;
            let event: String = row.try_get("event")?;
            Ok(Entry {
                at: Moment::from_millis(row.try_get("at")?),
                actor: serde_json::from_str(&actor)
                    .map_err(|e| StoreError::impossible("journal", "actor", order_id, e))?,
                event: serde_json::from_str(&event)
                    .map_err(|e| StoreError::impossible("journal", "event", order_id, e))?,
            })
        })
        .collect()
}
