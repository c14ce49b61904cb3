//! Unblocks: which medium an order is about, what was released for it, and when it was done (R081, A31).

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

#[derive(Clone, Debug)]
pub struct UnblockRow {
    pub order_id: String,
    pub key_serial: String,
    /// Of the newest release, hex.
    pub nonce: Option<String>,
    pub releases: i64,
    pub done_at: Option<Moment>,
}

pub async fn record(tx: &mut Tx, order_id: &str, key_serial: &str) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO unblocks (order_id, key_serial) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(order_id)
        .bind(key_serial)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn load(tx: &mut Tx, order_id: &str) -> Result<UnblockRow, StoreError> {
    let row = sqlx::query(
        "SELECT order_id, key_serial, nonce, releases, done_at FROM unblocks
         WHERE order_id = $1",
    )
    .bind(order_id)
    .fetch_optional(tx)
    .await?;
    let row = row.ok_or_else(|| StoreError::Missing { table: "unblocks", row: order_id.to_owned() })?;
    Ok(UnblockRow {
        order_id: row.try_get("order_id")?,
        key_serial: row.try_get("key_serial")?,
        nonce: row.try_get("nonce")?,
        releases: row.try_get("releases")?,
        done_at: row.try_get::<Option<i64>, _>("done_at")?.map(Moment::from_millis),
    })
}

/// How many were done on this medium since then.
pub async fn count_done(tx: &mut Tx, key_serial: &str, since: Moment) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT count(*) AS n FROM unblocks WHERE key_serial = $1 AND done_at >= $2")
        .bind(key_serial)
        .bind(since.millis())
        .fetch_one(tx)
        .await?;
    Ok(row.try_get("n")?)
}

pub async fn release(tx: &mut Tx, order_id: &str, nonce: &str, now: Moment) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE unblocks SET nonce = $1, releases = releases + 1, released_at = $2 WHERE order_id = $3",
    )
    .bind(nonce)
    .bind(now.millis())
    .bind(order_id)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn done(tx: &mut Tx, order_id: &str, now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE unblocks SET done_at = $1 WHERE order_id = $2")
        .bind(now.millis())
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}
