//! Which certificate an order replaces, and the reference by which its transfer is found.

use super::orders::{self, OrderRow};
use super::recoveries::{self, EncryptionCertificate};
use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    pub order_id: String,
    pub sign_serial: String,
    /// 汇款附言码, where the order is paid by transfer.
    pub reference: Option<String>,
}

/// # Errors
/// A duplicate where the reference belongs to another order.
pub async fn record(tx: &mut Tx, replacement: &Replacement) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO replacements (order_id, sign_serial, reference) VALUES ($1, $2, $3)")
        .bind(&replacement.order_id)
        .bind(&replacement.sign_serial)
        .bind(&replacement.reference)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, order_id: &str) -> Result<Option<Replacement>, StoreError> {
    let row = sqlx::query("SELECT order_id, sign_serial, reference FROM replacements WHERE order_id = $1")
        .bind(order_id)
        .fetch_optional(tx)
        .await?;
    row.map(|row| {
        Ok(Replacement {
            order_id: row.try_get("order_id")?,
            sign_serial: row.try_get("sign_serial")?,
            reference: row.try_get("reference")?,
        })
    })
    .transpose()
}

/// The orders that replace this certificate, the newest first.
pub async fn list_orders_of(tx: &mut Tx, sign_serial: &str) -> Result<Vec<OrderRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT r.order_id FROM replacements r JOIN orders o ON o.id = r.order_id
         WHERE r.sign_serial = $1 ORDER BY o.opened_at DESC LIMIT 50",
    );
    let mut orders = Vec::new();
    for row in rows.bind(sign_serial).fetch_all(&mut *tx).await? {
        let id: String = row.try_get("order_id")?;
        orders.push(orders::load(tx, &id).await?);
    }
    Ok(orders)
}

/// Whose transfer carries this reference.
pub async fn find_order_by_reference(tx: &mut Tx, reference: &str) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT order_id FROM replacements WHERE reference = $1").bind(reference);
    row.fetch_optional(tx).await?.map(|row| Ok(row.try_get("order_id")?)).transpose()
}

/// Whether an order has it, or it was given to somebody.
pub async fn reference_is_taken(tx: &mut Tx, reference: &str) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "SELECT 1 AS one FROM replacements WHERE reference = $1
         UNION SELECT 1 FROM remittance_references WHERE reference = $1",
    );
    let row = row.bind(reference).fetch_optional(tx).await?;
    Ok(row.map(|row| row.try_get::<i64, _>("one")).transpose()?.is_some())
}

/// What this visit was given and has not begun an order with.
pub async fn find_given(tx: &mut Tx, token_digest: &[u8]) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT reference FROM remittance_references WHERE token_digest = $1 LIMIT 1");
    let row = row.bind(token_digest).fetch_optional(tx).await?;
    row.map(|row| Ok(row.try_get("reference")?)).transpose()
}

pub async fn record_given(
    tx: &mut Tx,
    token_digest: &[u8],
    reference: &str,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO remittance_references (reference, token_digest, given_at) VALUES ($1, $2, $3)")
        .bind(reference)
        .bind(token_digest)
        .bind(now.millis())
        .execute(tx)
        .await?;
    Ok(())
}

/// An order has it now, or nobody needs it any more; `false`: it was never given, or is gone.
pub async fn take_given(tx: &mut Tx, reference: &str) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM remittance_references WHERE reference = $1").bind(reference);
    Ok(done.execute(tx).await?.rows_affected() == 1)
}

/// Moves to the visit that takes over.
pub async fn take_over(tx: &mut Tx, old: &[u8], new: &[u8]) -> Result<(), StoreError> {
    sqlx::query("UPDATE remittance_references SET token_digest = $2 WHERE token_digest = $1")
        .bind(old)
        .bind(new)
        .execute(tx)
        .await?;
    Ok(())
}

/// The encryption certificates of the order whose certificate this one renews, replaces or changes, and of those before it:
/// the newest first, as a key keeps its past. None where there is no certificate of before.
pub async fn list_of_line(tx: &mut Tx, order_id: &str) -> Result<Vec<EncryptionCertificate>, StoreError> {
    let rows = sqlx::query(
        "WITH RECURSIVE line (order_id, depth) AS (
             SELECT c.order_id, 1 FROM orders AS o
             JOIN certificates AS c ON c.serial = o.state ->> 'certificate_serial'
             WHERE o.id = $1 AND o.service IN ('renewal', 'replacement', 'modification') AND c.order_id <> o.id
             UNION ALL
             SELECT c.order_id, line.depth + 1 FROM line JOIN orders AS o ON o.id = line.order_id
             JOIN certificates AS c ON c.serial = o.state ->> 'certificate_serial'
             WHERE line.depth < 30 AND c.order_id <> o.id
         )
         SELECT c.serial, c.certificate FROM line
         JOIN certificates AS c ON c.order_id = line.order_id AND c.state <> 'discarded'
         WHERE c.slot = 'encrypt' AND c.state IN ('active', 'on_hold', 'revoked') ORDER BY line.depth",
    )
    .bind(order_id)
    .fetch_all(tx)
    .await?;
    recoveries::certificates(&rows)
}
