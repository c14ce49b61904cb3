//! The office's key for mandates: one row.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

/// The private key, sealed.
pub async fn find_key(tx: &mut Tx) -> Result<Option<Vec<u8>>, StoreError> {
    let row = sqlx::query("SELECT sealed FROM mandate_key WHERE id = 1").fetch_optional(tx).await?;
    row.map(|row| Ok(row.try_get("sealed")?)).transpose()
}

pub async fn record_key(tx: &mut Tx, sealed: &[u8], now: Moment) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO mandate_key (id, sealed, made_at) VALUES (1, $1, $2)")
        .bind(sealed)
        .bind(now.millis())
        .execute(tx)
        .await?;
    Ok(())
}
