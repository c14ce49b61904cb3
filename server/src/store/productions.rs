//! Productions: which key an order is made on, and the nonce that key must sign at the end.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

#[derive(Clone, Debug)]
pub struct Production {
    pub key_serial: String,
    /// Hex.
    pub nonce: String,
    /// The PKCS#10 request that the key signed (DER).
    pub request: Option<Vec<u8>>,
    /// Sealed.
    pub challenge: Option<Vec<u8>>,
}

pub async fn find(tx: &mut Tx, order_id: &str) -> Result<Option<Production>, StoreError> {
    let row =
        sqlx::query("SELECT key_serial, nonce, request, challenge FROM productions WHERE order_id = $1")
            .bind(order_id)
            .fetch_optional(tx)
            .await?;
    row.map(|row| {
        Ok(Production {
            key_serial: row.try_get("key_serial")?,
            nonce: row.try_get("nonce")?,
            request: row.try_get("request")?,
            challenge: row.try_get("challenge")?,
        })
    })
    .transpose()
}

/// Starts, or starts anew (another key, because the first one broke).
pub async fn record(
    tx: &mut Tx,
    order_id: &str,
    production: &Production,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO productions (order_id, key_serial, nonce, started_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (order_id) DO UPDATE SET key_serial = excluded.key_serial, nonce = excluded.nonce, request = NULL,
             challenge = NULL",
    )
    .bind(order_id)
    .bind(&production.key_serial)
    .bind(&production.nonce)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn keep_challenge(tx: &mut Tx, order_id: &str, sealed: &[u8]) -> Result<(), StoreError> {
    sqlx::query("UPDATE productions SET challenge = $1 WHERE order_id = $2")
        .bind(sealed)
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn keep_request(tx: &mut Tx, order_id: &str, request: &[u8]) -> Result<(), StoreError> {
    sqlx::query("UPDATE productions SET request = $1 WHERE order_id = $2")
        .bind(request)
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}
