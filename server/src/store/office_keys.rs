//! The office's own key pairs, by purpose: made once, the private half sealed.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

pub struct OfficeKeyRow {
    /// DER.
    pub spki: Vec<u8>,
    /// The private half.
    pub sealed: Vec<u8>,
}

pub async fn find(tx: &mut Tx, purpose: &str) -> Result<Option<OfficeKeyRow>, StoreError> {
    let row = sqlx::query("SELECT spki, sealed FROM office_keys WHERE purpose = $1")
        .bind(purpose)
        .fetch_optional(tx)
        .await?;
    row.map(|row| Ok(OfficeKeyRow { spki: row.try_get("spki")?, sealed: row.try_get("sealed")? })).transpose()
}

/// The first one stays.
pub async fn record(tx: &mut Tx, purpose: &str, row: &OfficeKeyRow, now: Moment) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO office_keys (purpose, spki, sealed, made_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (purpose) DO NOTHING",
    )
    .bind(purpose)
    .bind(&row.spki)
    .bind(&row.sealed)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}
