//! What an applicant agreed to: version, digest and time for the order, and each text once (R151).

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

#[derive(Clone, Debug)]
pub struct Agreed {
    pub version: String,
    /// SHA-256 of the text, hex.
    pub digest: String,
    pub at: Moment,
}

/// Once a version; the text is kept where it is new.
pub async fn record(tx: &mut Tx, order_id: &str, agreed: &Agreed, text: &str) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO agreement_texts (digest, version, text, kept_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(&agreed.digest)
    .bind(&agreed.version)
    .bind(text)
    .bind(agreed.at.millis())
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO agreements (order_id, version, digest, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(order_id)
    .bind(&agreed.version)
    .bind(&agreed.digest)
    .bind(agreed.at.millis())
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn list_for_order(tx: &mut Tx, order_id: &str) -> Result<Vec<Agreed>, StoreError> {
    let rows = sqlx::query("SELECT version, digest, at FROM agreements WHERE order_id = $1 ORDER BY at")
        .bind(order_id)
        .fetch_all(tx)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Agreed {
                version: row.try_get("version")?,
                digest: row.try_get("digest")?,
                at: Moment::from_millis(row.try_get("at")?),
            })
        })
        .collect()
}

/// The text behind an agreement of this order.
pub async fn find_text(tx: &mut Tx, order_id: &str, version: &str) -> Result<Option<String>, StoreError> {
    let row = sqlx::query(
        "SELECT t.text FROM agreements AS a JOIN agreement_texts AS t ON t.digest = a.digest
         WHERE a.order_id = $1 AND a.version = $2",
    )
    .bind(order_id)
    .bind(version)
    .fetch_optional(tx)
    .await?;
    row.map(|row| row.try_get("text")).transpose().map_err(StoreError::from)
}
