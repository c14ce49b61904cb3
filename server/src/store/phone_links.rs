//! Links by which a phone takes over one step of one order from the visit that made them (B26).

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

#[derive(Clone, Debug)]
pub struct PhoneLink {
    pub order_id: String,
    /// The code of the step at which it was made.
    pub step: String,
    /// The visit that made it.
    pub visit: Vec<u8>,
    pub ends_at: Moment,
    pub opened_at: Option<Moment>,
}

fn read(row: &SqliteRow) -> Result<PhoneLink, StoreError> {
    Ok(PhoneLink {
        order_id: row.try_get("order_id")?,
        step: row.try_get("step")?,
        visit: row.try_get("visit")?,
        ends_at: Moment::from_millis(row.try_get("ends_at")?),
        opened_at: row.try_get::<Option<i64>, _>("opened_at")?.map(Moment::from_millis),
    })
}

pub async fn record(
    tx: &mut Tx,
    secret_digest: &[u8],
    link: &PhoneLink,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO phone_links (secret_digest, order_id, step, visit, made_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(secret_digest)
    .bind(&link.order_id)
    .bind(&link.step)
    .bind(&link.visit)
    .bind(now.millis())
    .bind(link.ends_at.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends every link of this visit to this order.
pub async fn revoke(tx: &mut Tx, visit: &[u8], order_id: &str, now: Moment) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE phone_links SET revoked_at = $1 WHERE visit = $2 AND order_id = $3 AND revoked_at IS NULL",
    )
    .bind(now.millis())
    .bind(visit)
    .bind(order_id)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes the link for the phone that shows its secret, once.
pub async fn take(
    tx: &mut Tx,
    secret_digest: &[u8],
    phone: &[u8],
    now: Moment,
    ends_at: Moment,
) -> Result<Option<PhoneLink>, StoreError> {
    let row = sqlx::query(
        "UPDATE phone_links SET phone = $1, opened_at = $2, ends_at = $3
         WHERE secret_digest = $4 AND phone IS NULL AND revoked_at IS NULL AND ends_at > $2
         RETURNING order_id, step, visit, ends_at, opened_at",
    )
    .bind(phone)
    .bind(now.millis())
    .bind(ends_at.millis())
    .bind(secret_digest)
    .fetch_optional(tx)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The link that this phone took, while it lives.
pub async fn find_by_phone(tx: &mut Tx, phone: &[u8], now: Moment) -> Result<Option<PhoneLink>, StoreError> {
    let row = sqlx::query(
        "SELECT order_id, step, visit, ends_at, opened_at FROM phone_links
         WHERE phone = $1 AND revoked_at IS NULL AND ends_at > $2",
    )
    .bind(phone)
    .bind(now.millis())
    .fetch_optional(tx)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The newest link of this visit to this order that lives.
pub async fn find_by_visit(
    tx: &mut Tx,
    visit: &[u8],
    order_id: &str,
    now: Moment,
) -> Result<Option<PhoneLink>, StoreError> {
    let row = sqlx::query(
        "SELECT order_id, step, visit, ends_at, opened_at FROM phone_links
         WHERE visit = $1 AND order_id = $2 AND revoked_at IS NULL AND ends_at > $3 ORDER BY made_at DESC LIMIT 1",
    )
    .bind(visit)
    .bind(order_id)
    .bind(now.millis())
    .fetch_optional(tx)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The phone has done its part.
pub async fn close(tx: &mut Tx, phone: &[u8], now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE phone_links SET revoked_at = $1 WHERE phone = $2 AND revoked_at IS NULL")
        .bind(now.millis())
        .bind(phone)
        .execute(tx)
        .await?;
    Ok(())
}
