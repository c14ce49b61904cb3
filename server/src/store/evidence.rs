//! Evidence files: what was uploaded, when, and when it was taken away. The bytes lie sealed beside the database.

use super::{StoreError, Tx};
use journey::evidence::EvidenceKind;
use journey::moment::Moment;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

#[derive(Clone, Debug)]
pub struct EvidenceFile {
    pub id: String,
    pub order_id: String,
    pub kind: EvidenceKind,
    pub media_type: String,
    pub bytes: i64,
    /// SHA-256 of the cleaned file, hex.
    pub digest: String,
    pub added_at: Moment,
}

fn read(row: &SqliteRow) -> Result<EvidenceFile, StoreError> {
    let id: String = row.try_get("id")?;
    let kind: String = row.try_get("kind")?;
    Ok(EvidenceFile {
        kind: EvidenceKind::from_code(&kind)
            .ok_or_else(|| StoreError::impossible("evidence_files", "kind", &id, &kind))?,
        order_id: row.try_get("order_id")?,
        media_type: row.try_get("media_type")?,
        bytes: row.try_get("bytes")?,
        digest: row.try_get("digest")?,
        added_at: Moment::from_millis(row.try_get("added_at")?),
        id,
    })
}

pub async fn record(tx: &mut Tx, file: &EvidenceFile) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO evidence_files (id, order_id, kind, media_type, bytes, digest, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&file.id)
    .bind(&file.order_id)
    .bind(file.kind.code())
    .bind(&file.media_type)
    .bind(file.bytes)
    .bind(&file.digest)
    .bind(file.added_at.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// Marks the files of this kind as taken away, and gives their ids: their bytes may go after the commit.
pub async fn remove(
    tx: &mut Tx,
    order_id: &str,
    kind: EvidenceKind,
    now: Moment,
) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query(
        "UPDATE evidence_files SET removed_at = $1 WHERE order_id = $2 AND kind = $3 AND removed_at IS NULL RETURNING id",
    )
    .bind(now.millis())
    .bind(order_id)
    .bind(kind.code())
    .fetch_all(tx)
    .await?;
    rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
}

/// The same for every file of an order.
pub async fn remove_all(tx: &mut Tx, order_id: &str, now: Moment) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query(
        "UPDATE evidence_files SET removed_at = $1 WHERE order_id = $2 AND removed_at IS NULL RETURNING id",
    )
    .bind(now.millis())
    .bind(order_id)
    .fetch_all(tx)
    .await?;
    rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
}

pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<EvidenceFile>, StoreError> {
    let row = sqlx::query("SELECT * FROM evidence_files WHERE id = $1 AND removed_at IS NULL")
        .bind(id)
        .fetch_optional(tx)
        .await?;
    row.as_ref().map(read).transpose()
}

pub async fn list_for_order(tx: &mut Tx, order_id: &str) -> Result<Vec<EvidenceFile>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM evidence_files WHERE order_id = $1 AND removed_at IS NULL ORDER BY added_at",
    )
    .bind(order_id)
    .fetch_all(tx)
    .await?;
    rows.iter().map(read).collect()
}
