//! A parcel's way after it was shipped, as the courier told it or dispatch took it down (append-only); and which parcels
//! the courier's tracker is asked about.

use super::{StoreError, Tx, required};
use journey::moment::Moment;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanRow {
    /// A code of `app::desk::parcels::ScanState`.
    pub state: String,
    pub place: String,
    pub at: Moment,
}

/// A parcel that the courier's tracker knows of.
#[derive(Clone, Debug)]
pub struct Followed {
    pub order_id: String,
    pub waybill: String,
    /// The tracker's code of the courier.
    pub company: String,
    /// The courier's own page about it.
    pub page: Option<String>,
    pub followed_at: Moment,
    pub subscribed_at: Option<Moment>,
    /// The last answer or push that was of this parcel.
    pub heard_at: Option<Moment>,
    /// The last question.
    pub asked_at: Option<Moment>,
    /// Why the tracker will say nothing more of it.
    pub trouble: Option<String>,
}

/// Of this parcel; `staff_id` is whoever took it down, `None` for what the courier says itself. `false`: it is there.
pub async fn record(
    tx: &mut Tx,
    id: &str,
    (order_id, waybill): (&str, &str),
    scan: &ScanRow,
    staff_id: Option<&str>,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO parcel_scans (id, order_id, waybill, state, place, staff_id, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
    )
    .bind(id)
    .bind(order_id)
    .bind(waybill)
    .bind(&scan.state)
    .bind(&scan.place)
    .bind(staff_id)
    .bind(scan.at.millis())
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Of this parcel, oldest first.
pub async fn list(tx: &mut Tx, order_id: &str, waybill: &str) -> Result<Vec<ScanRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT state, place, at FROM parcel_scans WHERE order_id = $1 AND waybill = $2
         ORDER BY at, rowid",
    );
    let rows = rows.bind(order_id).bind(waybill).fetch_all(tx).await?;
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

/// From now on the tracker is asked about it; once.
pub async fn follow(
    tx: &mut Tx,
    order_id: &str,
    waybill: &str,
    company: &str,
    page: Option<&str>,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO followed_parcels (order_id, waybill, company, page, followed_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
    )
    .bind(order_id)
    .bind(waybill)
    .bind(company)
    .bind(page)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find_followed(
    tx: &mut Tx,
    order_id: &str,
    waybill: &str,
) -> Result<Option<Followed>, StoreError> {
    let row = sqlx::query(
        "SELECT order_id, waybill, company, page, followed_at, subscribed_at, heard_at, asked_at, trouble
         FROM followed_parcels WHERE order_id = $1 AND waybill = $2",
    );
    row.bind(order_id).bind(waybill).fetch_optional(tx).await?.as_ref().map(followed).transpose()
}

/// # Errors
/// Nobody follows it.
pub async fn load_followed(tx: &mut Tx, order_id: &str, waybill: &str) -> Result<Followed, StoreError> {
    required(find_followed(tx, order_id, waybill).await?, "followed_parcels", waybill)
}

/// Everything under this number: two keys may travel in one parcel.
pub async fn list_followed(tx: &mut Tx, waybill: &str) -> Result<Vec<Followed>, StoreError> {
    let rows = sqlx::query(
        "SELECT order_id, waybill, company, page, followed_at, subscribed_at, heard_at, asked_at, trouble
         FROM followed_parcels WHERE waybill = $1",
    );
    let rows = rows.bind(waybill).fetch_all(tx).await?;
    rows.iter().map(followed).collect()
}

fn followed(row: &SqliteRow) -> Result<Followed, StoreError> {
    let at =
        |column: &str| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(Moment::from_millis));
    Ok(Followed {
        order_id: row.try_get("order_id")?,
        waybill: row.try_get("waybill")?,
        company: row.try_get("company")?,
        page: row.try_get("page")?,
        followed_at: Moment::from_millis(row.try_get("followed_at")?),
        subscribed_at: at("subscribed_at")?,
        heard_at: at("heard_at")?,
        asked_at: at("asked_at")?,
        trouble: row.try_get("trouble")?,
    })
}

/// Keeps what has changed of it.
pub async fn keep_followed(tx: &mut Tx, parcel: &Followed) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE followed_parcels SET subscribed_at = $1, heard_at = $2, asked_at = $3, trouble = $4
         WHERE order_id = $5 AND waybill = $6",
    )
    .bind(parcel.subscribed_at.map(Moment::millis))
    .bind(parcel.heard_at.map(Moment::millis))
    .bind(parcel.asked_at.map(Moment::millis))
    .bind(&parcel.trouble)
    .bind(&parcel.order_id)
    .bind(&parcel.waybill)
    .execute(tx)
    .await?;
    Ok(())
}
