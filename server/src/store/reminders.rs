//! Certificates that end soon, and which reminders of it were ordered: each of a certificate and its days once (J34).

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

/// Signing certificates of the counter that end after `from` and not after `until`, that nothing newer on their key
/// replaces, that nobody asked to be forgotten, and of which this reminder was not ordered yet.
pub async fn list_due(
    tx: &mut Tx,
    days: i64,
    from: Moment,
    until: Moment,
) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query(
        "SELECT c.serial FROM certificates c
         WHERE c.slot = 'sign' AND c.state = 'active' AND c.order_id IS NOT NULL AND c.not_after > $1 AND c.not_after <= $2
         AND NOT EXISTS (SELECT 1 FROM reminders r WHERE r.serial = c.serial AND r.days = $3)
         AND NOT EXISTS (SELECT 1 FROM certificates n WHERE n.key_serial = c.key_serial AND n.key_serial <> ''
                         AND n.slot = 'sign' AND n.state = 'active' AND n.not_after > c.not_after)
         AND NOT EXISTS (SELECT 1 FROM consents_withdrawn w WHERE w.order_id = c.order_id)
         ORDER BY c.not_after LIMIT 200",
    );
    let rows = rows.bind(from.millis()).bind(until.millis()).bind(days).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(row.try_get("serial")?)).collect()
}

/// `false`: it was ordered already.
pub async fn record(tx: &mut Tx, serial: &str, days: i64, now: Moment) -> Result<bool, StoreError> {
    let done =
        sqlx::query("INSERT INTO reminders (serial, days, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(serial)
            .bind(days)
            .bind(now.millis())
            .execute(tx)
            .await?;
    Ok(done.rows_affected() == 1)
}
