//! Text messages of an order whose arrival somebody waits for, and what the carrier reported of them (B27).

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// With the carrier.
    Sent,
    Delivered,
    Failed,
}

impl Delivery {
    const ALL: [Delivery; 3] = [Delivery::Sent, Delivery::Delivered, Delivery::Failed];

    fn code(self) -> &'static str {
        match self {
            Delivery::Sent => "sent",
            Delivery::Delivered => "delivered",
            Delivery::Failed => "failed",
        }
    }
}

#[derive(Clone, Debug)]
pub struct TextRow {
    pub sent_at: Moment,
    pub state: Delivery,
    pub state_at: Option<Moment>,
}

/// `id` is the carrier's number of the message: its report comes under it.
pub async fn record(
    tx: &mut Tx,
    id: &str,
    order_id: &str,
    kind: &str,
    state: Delivery,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO texts (id, order_id, kind, sent_at, state) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(order_id)
    .bind(kind)
    .bind(now.millis())
    .bind(state.code())
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes a report down; the first one counts, and one of a message that nobody waits for is nothing.
pub async fn report(tx: &mut Tx, id: &str, state: Delivery, now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE texts SET state = $1, state_at = $2 WHERE id = $3 AND state = 'sent'")
        .bind(state.code())
        .bind(now.millis())
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Oldest first.
pub async fn list(tx: &mut Tx, order_id: &str, kind: &str) -> Result<Vec<TextRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, sent_at, state, state_at FROM texts WHERE order_id = $1 AND kind = $2 ORDER BY sent_at",
    );
    let rows = rows.bind(order_id).bind(kind).fetch_all(tx).await?;
    rows.iter()
        .map(|row| {
            let (id, code): (String, String) = (row.try_get("id")?, row.try_get("state")?);
            let state = Delivery::ALL.into_iter().find(|state| state.code() == code);
            Ok(TextRow {
                sent_at: Moment::from_millis(row.try_get("sent_at")?),
                state: state.ok_or_else(|| StoreError::impossible("texts", "state", &id, &code))?,
                state_at: row.try_get::<Option<i64>, _>("state_at")?.map(Moment::from_millis),
            })
        })
        .collect()
}
