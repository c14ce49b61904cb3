//! Invoices that were asked for once more: to the reserved mailbox, or to another one (R029, R123, R152).

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

#[derive(Clone, Debug)]
pub struct MailRow {
    pub id: String,
    /// Masked: the whole address lies sealed in the errand, as long as it waits.
    pub mailbox: String,
    pub asked_at: Moment,
    pub sent_at: Option<Moment>,
    pub error: Option<String>,
}

pub async fn record(
    tx: &mut Tx,
    id: &str,
    order_id: &str,
    mailbox: &str,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO invoice_mails (id, order_id, mailbox, asked_at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(order_id)
        .bind(mailbox)
        .bind(now.millis())
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn sent(tx: &mut Tx, id: &str, now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE invoice_mails SET sent_at = $1, error = NULL WHERE id = $2")
        .bind(now.millis())
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn failed(tx: &mut Tx, id: &str, why: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE invoice_mails SET error = $1 WHERE id = $2").bind(why).bind(id).execute(tx).await?;
    Ok(())
}

/// Newest first.
pub async fn list(tx: &mut Tx, order_id: &str) -> Result<Vec<MailRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, mailbox, asked_at, sent_at, error FROM invoice_mails WHERE order_id = $1
         ORDER BY asked_at DESC LIMIT 20",
    );
    let rows = rows.bind(order_id).fetch_all(tx).await?;
    rows.iter()
        .map(|row| {
            Ok(MailRow {
                id: row.try_get("id")?,
                mailbox: row.try_get("mailbox")?,
                asked_at: Moment::from_millis(row.try_get("asked_at")?),
                sent_at: row.try_get::<Option<i64>, _>("sent_at")?.map(Moment::from_millis),
                error: row.try_get("error")?,
            })
        })
        .collect()
}
