//! What was issued and where it stands: reading only.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// (profile, certificate) of a serial, which is hexadecimal as in the certificate.
pub async fn find_content(
    tx: &mut Tx,
    serial: &str,
) -> Result<Option<(String, Option<Vec<u8>>)>, StoreError> {
    let row = sqlx::query("SELECT profile, certificate FROM certificates WHERE serial = $1")
        .bind(serial)
        .fetch_optional(tx)
        .await?;
    row.map(|row| Ok((row.try_get("profile")?, row.try_get("certificate")?))).transpose()
}

/// How somebody looks for certificates.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    Serial(&'a str),
    /// What was issued together with this serial.
    PairOf(&'a str),
    OrderNumber(&'a str),
    KeySerial(&'a str),
}

/// One certificate as it is kept, with what it was issued for.
#[derive(Clone, Debug)]
pub struct IssuedRow {
    pub serial: String,
    pub issuer: String,
    pub profile: String,
    pub slot: String,
    pub key_serial: String,
    pub certificate: Option<Vec<u8>>,
    pub state: String,
    pub recorded_at: Moment,
    pub not_after: Option<Moment>,
    pub status_at: Option<Moment>,
    pub reason: Option<i64>,
    pub order_number: Option<String>,
    /// A partner's name and its own number.
    pub partner: Option<(String, String)>,
}

/// `SELECT` of what an [`IssuedRow`] has, and what follows.
macro_rules! select {
    ($($rest:literal),+) => {
        concat!(
            "SELECT c.serial, c.issuer, c.profile, c.slot, c.key_serial, c.certificate, c.state, c.recorded_at,
             c.not_after, c.status_at, c.reason, c.partner, c.partner_number, o.number AS order_number
             FROM certificates c LEFT JOIN orders o ON o.id = c.order_id ",
            $($rest),+
        )
    };
}

fn issued(row: &SqliteRow) -> Result<IssuedRow, StoreError> {
    let moment = |column| -> Result<Option<Moment>, StoreError> {
        Ok(row.try_get::<Option<i64>, _>(column)?.map(Moment::from_millis))
    };
    let (partner, number): (Option<String>, Option<String>) =
        (row.try_get("partner")?, row.try_get("partner_number")?);
    Ok(IssuedRow {
        serial: row.try_get("serial")?,
        issuer: row.try_get("issuer")?,
        profile: row.try_get("profile")?,
        slot: row.try_get("slot")?,
        key_serial: row.try_get("key_serial")?,
        certificate: row.try_get("certificate")?,
        state: row.try_get("state")?,
        recorded_at: Moment::from_millis(row.try_get("recorded_at")?),
        not_after: moment("not_after")?,
        status_at: moment("status_at")?,
        reason: row.try_get("reason")?,
        order_number: row.try_get("order_number")?,
        partner: partner.zip(number),
    })
}

/// At most `count`, the newest first, and of a pair the signing certificate first.
pub async fn list_found(tx: &mut Tx, by: By<'_>, count: i64) -> Result<Vec<IssuedRow>, StoreError> {
    let (statement, value) = match by {
        By::Serial(serial) => (select!("WHERE c.serial = $1 LIMIT $2"), serial),
        By::PairOf(serial) => (
            select!(
                "WHERE c.order_id = (SELECT order_id FROM certificates WHERE serial = $1)
                 OR (c.partner, c.partner_number) = (SELECT partner, partner_number FROM certificates WHERE serial = $1)
                 ORDER BY c.recorded_at DESC, c.slot DESC LIMIT $2"
            ),
            serial,
        ),
        By::OrderNumber(number) => {
            (select!("WHERE o.number = $1 ORDER BY c.recorded_at DESC, c.slot DESC LIMIT $2"), number)
        }
        By::KeySerial(serial) => {
            (select!("WHERE c.key_serial = $1 ORDER BY c.recorded_at DESC, c.slot DESC LIMIT $2"), serial)
        }
    };
    let rows = sqlx::query(statement).bind(value).bind(count).fetch_all(tx).await?;
    rows.iter().map(issued).collect()
}

/// The next `count` of everything that was ever meant to be issued, in the order of serials.
pub async fn list_after(tx: &mut Tx, serial: &str, count: i64) -> Result<Vec<IssuedRow>, StoreError> {
    let rows = sqlx::query(select!("WHERE c.serial > $1 ORDER BY c.serial LIMIT $2"))
        .bind(serial)
        .bind(count)
        .fetch_all(tx)
        .await?;
    rows.iter().map(issued).collect()
}
