//! The seal image of a scan: what came of cutting it out, and whether its applicant takes it.

use super::{StoreError, Tx};
use app::desk::evidence::SealState;
use journey::moment::Moment;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

#[derive(Clone, Debug)]
pub struct SealImage {
    pub file_id: String,
    pub order_id: String,
    pub state: SealState,
    /// SHA-256, hex; `None` where nothing was cut out.
    pub digest: Option<String>,
}

fn read(row: &SqliteRow) -> Result<SealImage, StoreError> {
    let file_id: String = row.try_get("file_id")?;
    let outcome: String = row.try_get("outcome")?;
    let accepted: Option<i64> = row.try_get("accepted_at")?;
    let state = SealState::from_code(&outcome)
        .ok_or_else(|| StoreError::impossible("seal_images", "outcome", &file_id, &outcome))?;
    Ok(SealImage {
        state: if accepted.is_some() { SealState::Accepted } else { state },
        order_id: row.try_get("order_id")?,
        digest: row.try_get("digest")?,
        file_id,
    })
}

pub async fn record(tx: &mut Tx, image: &SealImage, now: Moment) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO seal_images (file_id, order_id, outcome, digest, made_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&image.file_id)
    .bind(&image.order_id)
    .bind(image.state.code())
    .bind(&image.digest)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// Of a scan that is still there.
pub async fn find(tx: &mut Tx, file_id: &str) -> Result<Option<SealImage>, StoreError> {
    let row = sqlx::query(
        "SELECT s.* FROM seal_images AS s JOIN evidence_files AS e ON e.id = s.file_id
         WHERE s.file_id = $1 AND e.removed_at IS NULL",
    )
    .bind(file_id)
    .fetch_optional(tx)
    .await?;
    row.as_ref().map(read).transpose()
}

/// Of the order's scans that are still there.
pub async fn list_for_order(tx: &mut Tx, order_id: &str) -> Result<Vec<SealImage>, StoreError> {
    let rows = sqlx::query(
        "SELECT s.* FROM seal_images AS s JOIN evidence_files AS e ON e.id = s.file_id
         WHERE s.order_id = $1 AND e.removed_at IS NULL",
    )
    .bind(order_id)
    .fetch_all(tx)
    .await?;
    rows.iter().map(read).collect()
}

pub async fn accept(tx: &mut Tx, file_id: &str, now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE seal_images SET accepted_at = $1 WHERE file_id = $2 AND outcome = 'cut' AND accepted_at IS NULL")
        .bind(now.millis())
        .bind(file_id)
        .execute(tx)
        .await?;
    Ok(())
}
