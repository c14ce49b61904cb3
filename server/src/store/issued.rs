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
    let (statement, value) = statement(by);
    let rows = sqlx::query(statement).bind(value).bind(count).fetch_all(tx).await?;
    rows.iter().map(issued).collect()
}

/// Each finds its rows by an index, however many certificates there are.
fn statement(by: By<'_>) -> (&'static str, &str) {
    match by {
        By::Serial(serial) => (select!("WHERE c.serial = $1 LIMIT $2"), serial),
        By::PairOf(serial) => (
            select!(
                "WHERE c.serial IN (
                     SELECT p.serial FROM certificates t JOIN certificates p ON p.order_id = t.order_id
                     WHERE t.serial = $1
                     UNION
                     SELECT p.serial FROM certificates t
                     JOIN certificates p ON p.partner = t.partner AND p.partner_number = t.partner_number
                     WHERE t.serial = $1)
                 ORDER BY c.recorded_at DESC, c.slot DESC LIMIT $2"
            ),
            serial,
        ),
        By::OrderNumber(number) => {
            let order = select!(
                "WHERE c.order_id = (SELECT id FROM orders WHERE number = $1)
                 ORDER BY c.recorded_at DESC, c.slot DESC LIMIT $2"
            );
            (order, number)
        }
        By::KeySerial(serial) => {
            let key = select!(
                "WHERE c.key_serial = $1 AND c.key_serial <> ''
                 ORDER BY c.recorded_at DESC, c.slot DESC LIMIT $2"
            );
            (key, serial)
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    /// A million certificates must not be walked through, by the writer least of all.
    #[tokio::test]
    async fn no_look_up_walks_through_all_certificates() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("office.db")).await.unwrap();
        let mut reader = store.read().await.unwrap();
        let found = [By::Serial("4a"), By::PairOf("4a"), By::OrderNumber("1"), By::KeySerial("K")];
        let found = found.map(|by| statement(by).0);
        for statement in found.into_iter().chain([crate::store::certificates::ACTIVATE]) {
            let plan = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")));
            let plan = plan.fetch_all(&mut *reader).await.unwrap();
            let lines: Vec<String> = plan.iter().map(|line| line.get("detail")).collect();
            let walks =
                |line: &String| ["SCAN c", "SCAN p", "SCAN t"].iter().any(|scan| line.starts_with(scan));
            assert!(!lines.iter().any(walks), "{statement}\n{lines:#?}");
        }
    }
}
