//! Applications signed without the key: what was signed and how, then the sealed document. Append-only but for that.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

#[derive(Clone, Debug)]
pub struct SignatureRow {
    pub order_id: String,
    /// The order's version that the signature made.
    pub version: i64,
    /// Of the details that were signed.
    pub digest: String,
    /// Sealed.
    pub record: Vec<u8>,
    pub signed_at: Moment,
    /// Sealed; `None` until it is made.
    pub document: Option<Vec<u8>>,
}

fn read(row: &SqliteRow) -> Result<SignatureRow, StoreError> {
    Ok(SignatureRow {
        order_id: row.try_get("order_id")?,
        version: row.try_get("version")?,
        digest: row.try_get("digest")?,
        record: row.try_get("record")?,
        signed_at: Moment::from_millis(row.try_get("signed_at")?),
        document: row.try_get("document")?,
    })
}

pub async fn record(tx: &mut Tx, row: &SignatureRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO signatures (order_id, version, digest, record, signed_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&row.order_id)
    .bind(row.version)
    .bind(&row.digest)
    .bind(&row.record)
    .bind(row.signed_at.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// The newest of an order.
pub async fn find(tx: &mut Tx, order_id: &str) -> Result<Option<SignatureRow>, StoreError> {
    let row = sqlx::query("SELECT * FROM signatures WHERE order_id = $1 ORDER BY version DESC LIMIT 1");
    row.bind(order_id).fetch_optional(tx).await?.as_ref().map(read).transpose()
}

pub async fn find_version(
    tx: &mut Tx,
    order_id: &str,
    version: i64,
) -> Result<Option<SignatureRow>, StoreError> {
    let row = sqlx::query("SELECT * FROM signatures WHERE order_id = $1 AND version = $2");
    row.bind(order_id).bind(version).fetch_optional(tx).await?.as_ref().map(read).transpose()
}

/// Keeps the sealed document; one that stands already stays.
pub async fn keep_document(
    tx: &mut Tx,
    order_id: &str,
    version: i64,
    certificate_serial: &str,
    document: &[u8],
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE signatures SET certificate_serial = $1, document = $2, sealed_at = $3
         WHERE order_id = $4 AND version = $5 AND document IS NULL",
    )
    .bind(certificate_serial)
    .bind(document)
    .bind(now.millis())
    .bind(order_id)
    .bind(version)
    .execute(tx)
    .await?;
    Ok(())
}

/// Deletes what was signed and how, with the sealed document: it names its signer and shows their hand.
pub async fn forget(tx: &mut Tx, order_id: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM signatures WHERE order_id = $1").bind(order_id).execute(tx).await?;
    Ok(())
}
