//! Passcodes: sealed while they are needed, gone afterwards (A03, R129).

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

#[derive(Clone, Debug)]
pub struct PasscodeRow {
    /// `None` once destroyed.
    pub sealed: Option<Vec<u8>>,
    pub sent_at: Option<Moment>,
    /// Our number of the transfer that carries it, where it goes by remark.
    pub reference: Option<String>,
}

/// Records the sealed passcode; one that stands and is not destroyed stays.
pub async fn record(tx: &mut Tx, order_id: &str, sealed: &[u8], now: Moment) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO passcodes (order_id, sealed, sealed_at) VALUES ($1, $2, $3)
         ON CONFLICT (order_id) DO UPDATE
         SET sealed = excluded.sealed, sealed_at = excluded.sealed_at, sent_at = NULL, reference = NULL, destroyed_at = NULL
         WHERE passcodes.sealed IS NULL",
    )
    .bind(order_id)
    .bind(sealed)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, order_id: &str) -> Result<Option<PasscodeRow>, StoreError> {
    let row = sqlx::query("SELECT sealed, sent_at, reference FROM passcodes WHERE order_id = $1")
        .bind(order_id)
        .fetch_optional(tx)
        .await?;
    row.map(|row| {
        Ok(PasscodeRow {
            sealed: row.try_get("sealed")?,
            sent_at: row.try_get::<Option<i64>, _>("sent_at")?.map(Moment::from_millis),
            reference: row.try_get("reference")?,
        })
    })
    .transpose()
}

/// Keeps the transfer's number before the bank is asked, so that a crash asks the bank and does not pay twice.
pub async fn keep_reference(tx: &mut Tx, order_id: &str, reference: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE passcodes SET reference = $1 WHERE order_id = $2")
        .bind(reference)
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn sent(tx: &mut Tx, order_id: &str, now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE passcodes SET sent_at = $1 WHERE order_id = $2")
        .bind(now.millis())
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn destroy(tx: &mut Tx, order_id: &str, now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE passcodes SET sealed = NULL, destroyed_at = $1 WHERE order_id = $2")
        .bind(now.millis())
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}
