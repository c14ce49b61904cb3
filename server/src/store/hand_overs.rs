//! Agents that are to be changed, and the time to object (B11).

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

#[derive(Clone, Debug)]
pub struct HandOverRow {
    pub id: String,
    pub order_id: String,
    pub party: String,
    pub holder_key: Vec<u8>,
    /// Of the phone of the agent before.
    pub agent_key: Vec<u8>,
    /// Sealed.
    pub body: Vec<u8>,
    /// `waiting`, `objected`, `done`.
    pub state: String,
    pub asked_at: Moment,
    pub ends_at: Moment,
}

fn read(row: &SqliteRow) -> Result<HandOverRow, StoreError> {
    Ok(HandOverRow {
        id: row.try_get("id")?,
        order_id: row.try_get("order_id")?,
        party: row.try_get("party")?,
        holder_key: row.try_get("holder_key")?,
        agent_key: row.try_get("agent_key")?,
        body: row.try_get("body")?,
        state: row.try_get("state")?,
        asked_at: Moment::from_millis(row.try_get("asked_at")?),
        ends_at: Moment::from_millis(row.try_get("ends_at")?),
    })
}

/// # Errors
/// A duplicate where one waits for this holder's agent.
pub async fn record(tx: &mut Tx, row: &HandOverRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO hand_overs (id, order_id, party, holder_key, agent_key, body, state, asked_at, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&row.id)
    .bind(&row.order_id)
    .bind(&row.party)
    .bind(&row.holder_key)
    .bind(&row.agent_key)
    .bind(&row.body)
    .bind(&row.state)
    .bind(row.asked_at.millis())
    .bind(row.ends_at.millis())
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<HandOverRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, order_id, party, holder_key, agent_key, body, state, asked_at, ends_at FROM hand_overs
         WHERE id = $1",
    );
    row.bind(id).fetch_optional(tx).await?.as_ref().map(read).transpose()
}

/// The one that waits for this agent of this holder.
pub async fn find_waiting(
    tx: &mut Tx,
    holder_key: &[u8],
    agent_key: &[u8],
) -> Result<Option<HandOverRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, order_id, party, holder_key, agent_key, body, state, asked_at, ends_at FROM hand_overs
         WHERE holder_key = $1 AND agent_key = $2 AND state = 'waiting'",
    );
    row.bind(holder_key).bind(agent_key).fetch_optional(tx).await?.as_ref().map(read).transpose()
}

/// Ends a waiting one; `false`: it was decided before.
pub async fn decide(tx: &mut Tx, id: &str, state: &str, now: Moment) -> Result<bool, StoreError> {
    let done =
        sqlx::query("UPDATE hand_overs SET state = $2, decided_at = $3 WHERE id = $1 AND state = 'waiting'");
    Ok(done.bind(id).bind(state).bind(now.millis()).execute(tx).await?.rows_affected() == 1)
}
