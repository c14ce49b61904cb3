//! Visits: an applicant's browser session, and the orders that it may see.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

pub async fn record(
    tx: &mut Tx,
    token_digest: &[u8],
    now: Moment,
    ends_at: Moment,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO visits (token_digest, opened_at, seen_at, ends_at) VALUES ($1, $2, $2, $3)")
        .bind(token_digest)
        .bind(now.millis())
        .bind(ends_at.millis())
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether the visit is alive: neither ended nor idle since before `idle_since`.
pub async fn alive(
    tx: &mut Tx,
    token_digest: &[u8],
    now: Moment,
    idle_since: Moment,
) -> Result<bool, StoreError> {
    let row =
        sqlx::query("SELECT 1 AS one FROM visits WHERE token_digest = $1 AND ends_at > $2 AND seen_at > $3")
            .bind(token_digest)
            .bind(now.millis())
            .bind(idle_since.millis())
            .fetch_optional(tx)
            .await?;
    Ok(row.is_some())
}

pub async fn seen(tx: &mut Tx, token_digest: &[u8], now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE visits SET seen_at = $1 WHERE token_digest = $2")
        .bind(now.millis())
        .bind(token_digest)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn end(tx: &mut Tx, token_digest: &[u8]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM visits WHERE token_digest = $1").bind(token_digest).execute(tx).await?;
    Ok(())
}

/// Lets the visit see an order; saying it twice changes nothing.
pub async fn let_see(tx: &mut Tx, token_digest: &[u8], order_id: &str) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO visit_orders (token_digest, order_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(token_digest)
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// No visit sees the order any longer: who may is asked again.
pub async fn hide(tx: &mut Tx, order_id: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM visit_orders WHERE order_id = $1").bind(order_id).execute(tx).await?;
    Ok(())
}

pub async fn may_see(tx: &mut Tx, token_digest: &[u8], order_id: &str) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT 1 AS one FROM visit_orders WHERE token_digest = $1 AND order_id = $2")
        .bind(token_digest)
        .bind(order_id)
        .fetch_optional(tx)
        .await?;
    Ok(row.map(|r| r.try_get::<i64, _>("one")).transpose()?.is_some())
}
