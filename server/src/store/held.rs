//! Certificates in their holders' hands: the pairs of the counter's orders, found from either end. And the orders that a
//! key opened.

use super::{StoreError, Tx, required};
use journey::moment::Moment;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// A pair as it is kept; the order behind it is read apart.
#[derive(Clone, Debug)]
pub struct HeldRow {
    pub sign: String,
    pub encrypt: String,
    pub issuer: String,
    pub order_id: String,
    pub key_serial: String,
    /// DER of the signing certificate.
    pub certificate: Vec<u8>,
    pub state: String,
    pub not_after: Moment,
}

/// How somebody looks for a pair.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// Of the signing certificate.
    Serial(&'a str),
    /// The keyed digest of the holder's number.
    Holder(&'a [u8]),
    /// The medium's serial.
    Key(&'a str),
}

/// What was signed and neither put aside nor still waits for its key; each found by an index.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT s.serial AS sign, e.serial AS encrypt, s.issuer, s.order_id, s.key_serial, s.certificate, s.state,
                    s.not_after
             FROM certificates s
             JOIN certificates e ON e.order_id = s.order_id AND e.slot = 'encrypt' AND e.state <> 'discarded'
             JOIN orders o ON o.id = s.order_id
             WHERE s.slot = 'sign' AND s.state IN ('active', 'on_hold', 'revoked') AND ",
            $rest,
            " ORDER BY s.recorded_at DESC LIMIT 100"
        )
    };
}

fn held(row: &SqliteRow) -> Result<HeldRow, StoreError> {
    let sign: String = row.try_get("sign")?;
    let (certificate, not_after): (Option<Vec<u8>>, Option<i64>) =
        (row.try_get("certificate")?, row.try_get("not_after")?);
    let missing = |column| StoreError::impossible("certificates", column, &sign, "missing");
    Ok(HeldRow {
        certificate: certificate.ok_or_else(|| missing("certificate"))?,
        not_after: Moment::from_millis(not_after.ok_or_else(|| missing("not_after"))?),
        encrypt: row.try_get("encrypt")?,
        issuer: row.try_get("issuer")?,
        order_id: row.try_get("order_id")?,
        key_serial: row.try_get("key_serial")?,
        state: row.try_get("state")?,
        sign,
    })
}

/// The newest first.
pub async fn list(tx: &mut Tx, by: By<'_>) -> Result<Vec<HeldRow>, StoreError> {
    let rows = match by {
        By::Serial(serial) => sqlx::query(select!("s.serial = $1")).bind(serial).fetch_all(tx).await?,
        By::Holder(key) => sqlx::query(select!("o.holder_key = $1")).bind(key).fetch_all(tx).await?,
        By::Key(serial) => {
            sqlx::query(select!("s.key_serial = $1 AND s.key_serial <> ''"))
                .bind(serial)
                .fetch_all(tx)
                .await?
        }
    };
    rows.iter().map(held).collect()
}

/// Whose form has the contacts of this certificate now, where they were changed without a new one.
pub async fn find_contacts(tx: &mut Tx, sign_serial: &str) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT order_id FROM held_contacts WHERE sign_serial = $1").bind(sign_serial);
    row.fetch_optional(tx).await?.map(|row| Ok(row.try_get("order_id")?)).transpose()
}

/// The form of this order tells the contacts of this certificate from now on.
pub async fn keep_contacts(
    tx: &mut Tx,
    sign_serial: &str,
    order_id: &str,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO held_contacts (sign_serial, order_id, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (sign_serial) DO UPDATE SET order_id = excluded.order_id, changed_at = excluded.changed_at",
    )
    .bind(sign_serial)
    .bind(order_id)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// What a key showed when an order was opened with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub sign_serial: String,
    pub key_serial: String,
}

pub async fn record_shown(tx: &mut Tx, order_id: &str, shown: &Shown) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO key_orders (order_id, sign_serial, key_serial) VALUES ($1, $2, $3)")
        .bind(order_id)
        .bind(&shown.sign_serial)
        .bind(&shown.key_serial)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find_shown(tx: &mut Tx, order_id: &str) -> Result<Option<Shown>, StoreError> {
    let row =
        sqlx::query("SELECT sign_serial, key_serial FROM key_orders WHERE order_id = $1").bind(order_id);
    let row = row.fetch_optional(tx).await?;
    row.map(|row| {
        Ok(Shown { sign_serial: row.try_get("sign_serial")?, key_serial: row.try_get("key_serial")? })
    })
    .transpose()
}

/// # Errors
/// `Missing` for an order that no key opened.
pub async fn load_shown(tx: &mut Tx, order_id: &str) -> Result<Shown, StoreError> {
    required(find_shown(tx, order_id).await?, "key_orders", order_id)
}

/// The ids of the orders that were opened with this certificate, the newest first.
pub async fn list_orders_of(tx: &mut Tx, sign_serial: &str) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query(
        "SELECT k.order_id FROM key_orders k JOIN orders o ON o.id = k.order_id
         WHERE k.sign_serial = $1 ORDER BY o.opened_at DESC LIMIT 200",
    );
    let rows = rows.bind(sign_serial).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(row.try_get("order_id")?)).collect()
}
