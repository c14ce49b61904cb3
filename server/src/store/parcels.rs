//! A parcel's way after it was shipped, as dispatch took it down. Append-only.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

#[derive(Clone, Debug)]
pub struct ScanRow {
    /// A code of `app::desk::parcels::ScanState`.
    pub state: String,
    pub place: String,
    pub at: Moment,
}

pub async fn record(
    tx: &mut Tx,
    id: &str,
    order_id: &str,
    scan: &ScanRow,
    staff_id: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO parcel_scans (id, order_id, state, place, staff_id, at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(order_id)
    .bind(&scan.state)
    .bind(&scan.place)
    .bind(staff_id)
    .bind(scan.at.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// Newest first.
pub async fn list(tx: &mut Tx, order_id: &str) -> Result<Vec<ScanRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT state, place, at FROM parcel_scans WHERE order_id = $1 ORDER BY at DESC, rowid DESC",
    );
    let rows = rows.bind(order_id).fetch_all(tx).await?;
    rows.iter()
        .map(|row| {
            Ok(ScanRow {
                state: row.try_get("state")?,
                place: row.try_get("place")?,
                at: Moment::from_millis(row.try_get("at")?),
            })
        })
        .collect()
}
