//! What a person may know and want of the own data: what was agreed to, who looked, that it is enough; and what is kept no
//! longer (R151, R160, R161).

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

pub struct Agreed {
    pub version: String,
    pub at: Moment,
}

/// Oldest first.
pub async fn list_agreements(tx: &mut Tx, order_id: &str) -> Result<Vec<Agreed>, StoreError> {
    let rows = sqlx::query("SELECT version, at FROM agreements WHERE order_id = $1 ORDER BY at");
    let rows = rows.bind(order_id).fetch_all(tx).await?;
    rows.iter()
        .map(|row| {
            Ok(Agreed { version: row.try_get("version")?, at: Moment::from_millis(row.try_get("at")?) })
        })
        .collect()
}

/// One look of a member of staff. Who it was is told by their roles, never by name.
pub struct Look {
    /// Role codes, space-separated; empty where the account is gone.
    pub roles: String,
    /// `details`, `recipient`, `signature`, or the code of an upload's kind.
    pub what: String,
    pub reason: String,
    pub at: Moment,
}

/// Newest first.
pub async fn list_looks(tx: &mut Tx, order_id: &str) -> Result<Vec<Look>, StoreError> {
    let rows = sqlx::query(
        "SELECT coalesce(staff.roles, '') AS roles, looks.what, looks.reason, looks.at
         FROM looks LEFT JOIN staff ON staff.id = looks.staff_id
         WHERE looks.order_id = $1 ORDER BY looks.at DESC LIMIT 200",
    );
    let rows = rows.bind(order_id).fetch_all(tx).await?;
    rows.iter()
        .map(|row| {
            Ok(Look {
                roles: row.try_get("roles")?,
                what: row.try_get("what")?,
                reason: row.try_get("reason")?,
                at: Moment::from_millis(row.try_get("at")?),
            })
        })
        .collect()
}

pub async fn withdraw_consent(tx: &mut Tx, order_id: &str, now: Moment) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO consents_withdrawn (order_id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(order_id)
        .bind(now.millis())
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find_withdrawn(tx: &mut Tx, order_id: &str) -> Result<Option<Moment>, StoreError> {
    let row = sqlx::query("SELECT at FROM consents_withdrawn WHERE order_id = $1").bind(order_id);
    let row = row.fetch_optional(tx).await?;
    row.map(|row| Ok(Moment::from_millis(row.try_get("at")?))).transpose()
}

/// When the last certificate of this order's holder ends.
pub async fn last_end(tx: &mut Tx, order_id: &str) -> Result<Option<Moment>, StoreError> {
    let row = sqlx::query(
        "SELECT max(c.not_after) AS ends FROM certificates c JOIN orders o ON o.id = c.order_id
         WHERE o.id = $1 OR (o.holder_key = (SELECT holder_key FROM orders WHERE id = $1)
                             AND o.party = (SELECT party FROM orders WHERE id = $1))",
    );
    let row = row.bind(order_id).fetch_one(tx).await?;
    Ok(row.try_get::<Option<i64>, _>("ends")?.map(Moment::from_millis))
}

/// Ended orders that still hold somebody's data, that nobody touched since `before`, and whose holder has no certificate that
/// ended after it; so many as one sweep takes.
pub async fn list_kept_long_enough(tx: &mut Tx, before: Moment) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query(
        "SELECT o.id FROM orders o
         WHERE o.standing IN ('completed', 'withdrawn', 'expired', 'rejected') AND o.details IS NOT NULL AND o.changed_at < $1
         AND NOT EXISTS (SELECT 1 FROM certificates c JOIN orders h ON h.id = c.order_id
                         WHERE c.not_after >= $1
                         AND (h.id = o.id OR (h.holder_key = o.holder_key AND h.party = o.party)))
         LIMIT 100",
    );
    let rows = rows.bind(before.millis()).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
}

/// That an order's data was deleted, and how many files; the record itself holds nothing personal.
pub async fn record_removal(tx: &mut Tx, order_id: &str, files: i64, now: Moment) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO removals (order_id, files, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(order_id)
        .bind(files)
        .bind(now.millis())
        .execute(tx)
        .await?;
    Ok(())
}
