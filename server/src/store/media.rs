//! Media: the keys that left production, their admin PINs (sealed), and whether an unblock was proven by identity (A25).

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

#[derive(Clone, Debug)]
pub struct MediumRow {
    pub serial: String,
    pub order_id: String,
    /// Sealed; `None`: nobody knows it.
    pub admin_pin: Option<Vec<u8>>,
    /// Sealed: the one that a release has announced and no key has confirmed.
    pub admin_pin_next: Option<Vec<u8>>,
    pub proven_at: Option<Moment>,
}

/// A key is being made for this order: whatever was known of the medium before is of another life of it.
pub async fn record(
    tx: &mut Tx,
    serial: &str,
    order_id: &str,
    admin_pin: Option<&[u8]>,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO media (serial, order_id, admin_pin, made_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (serial) DO UPDATE SET order_id = excluded.order_id, admin_pin = excluded.admin_pin,
             admin_pin_next = NULL, proven_at = NULL, proven_by = NULL, made_at = excluded.made_at",
    )
    .bind(serial)
    .bind(order_id)
    .bind(admin_pin)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, serial: &str) -> Result<Option<MediumRow>, StoreError> {
    let row = sqlx::query(
        "SELECT serial, order_id, admin_pin, admin_pin_next, proven_at FROM media WHERE serial = $1",
    )
    .bind(serial)
    .fetch_optional(tx)
    .await?;
    row.map(|row| {
        Ok(MediumRow {
            serial: row.try_get("serial")?,
            order_id: row.try_get("order_id")?,
            admin_pin: row.try_get("admin_pin")?,
            admin_pin_next: row.try_get("admin_pin_next")?,
            proven_at: row.try_get::<Option<i64>, _>("proven_at")?.map(Moment::from_millis),
        })
    })
    .transpose()
}

/// Before the key hears of it: the next admin PIN stands here.
pub async fn announce(tx: &mut Tx, serial: &str, sealed: &[u8]) -> Result<(), StoreError> {
    sqlx::query("UPDATE media SET admin_pin_next = $1 WHERE serial = $2")
        .bind(sealed)
        .bind(serial)
        .execute(tx)
        .await?;
    Ok(())
}

/// The key has it: the announced one takes the place of the old one.
pub async fn rotate(tx: &mut Tx, serial: &str) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE media SET admin_pin = admin_pin_next, admin_pin_next = NULL
         WHERE serial = $1 AND admin_pin_next IS NOT NULL",
    )
    .bind(serial)
    .execute(tx)
    .await?;
    Ok(())
}

/// A25: the first proof counts, and stays.
pub async fn prove(tx: &mut Tx, serial: &str, order_id: &str, now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE media SET proven_at = $1, proven_by = $2 WHERE serial = $3 AND proven_at IS NULL")
        .bind(now.millis())
        .bind(order_id)
        .bind(serial)
        .execute(tx)
        .await?;
    Ok(())
}
