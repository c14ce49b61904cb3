//! Pairs that leave the centre again: for their holder, and by the custodians' leave.

use super::encryption_pairs::Sealed;
use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// An encryption certificate that was on a key once, DER.
#[derive(Clone, Debug)]
pub struct EncryptionCertificate {
    pub serial: String,
    pub certificate: Vec<u8>,
}

pub(super) fn certificates(rows: &[SqliteRow]) -> Result<Vec<EncryptionCertificate>, StoreError> {
    rows.iter()
        .map(|row| {
            Ok(EncryptionCertificate {
                serial: row.try_get("serial")?,
                certificate: row.try_get("certificate")?,
            })
        })
        .collect()
}

/// The encryption certificates of a holder, by the holder's look-up key, the oldest first.
pub async fn list_of_holder(
    tx: &mut Tx,
    party: &str,
    holder_key: &[u8],
) -> Result<Vec<EncryptionCertificate>, StoreError> {
    let rows = sqlx::query(
        "SELECT c.serial, c.certificate FROM orders AS o
         JOIN certificates AS c ON c.order_id = o.id AND c.state <> 'discarded'
         WHERE o.holder_key = $1 AND o.party = $2 AND c.slot = 'encrypt'
           AND c.state IN ('active', 'on_hold', 'revoked') ORDER BY c.signed_at",
    )
    .bind(holder_key)
    .bind(party)
    .fetch_all(tx)
    .await?;
    certificates(&rows)
}

/// The encryption certificate of the pair to which the certificate with this serial number belongs.
pub async fn list_of_serial(tx: &mut Tx, serial: &str) -> Result<Vec<EncryptionCertificate>, StoreError> {
    let rows = sqlx::query(
        "SELECT serial, certificate FROM certificates
         WHERE serial = $1 AND slot = 'encrypt' AND state IN ('active', 'on_hold', 'revoked')
         UNION ALL
         SELECT c.serial, c.certificate FROM certificates AS named
         JOIN certificates AS c ON c.order_id = named.order_id AND c.state <> 'discarded'
         WHERE named.serial = $1 AND named.slot = 'sign' AND c.slot = 'encrypt'
           AND c.state IN ('active', 'on_hold', 'revoked')
         UNION ALL
         SELECT c.serial, c.certificate FROM certificates AS named
         JOIN certificates AS c ON c.partner = named.partner AND c.partner_number = named.partner_number
         WHERE named.serial = $1 AND named.slot = 'sign' AND c.slot = 'encrypt'
           AND c.state IN ('active', 'on_hold', 'revoked')",
    )
    .bind(serial)
    .fetch_all(tx)
    .await?;
    certificates(&rows)
}

/// One pair that leaves.
pub struct Recovery<'a> {
    pub id: String,
    pub pair_id: &'a str,
    pub beneficiary: Beneficiary<'a>,
    /// A member of staff, or `office`.
    pub by: &'a str,
    pub why: &'a str,
    /// DER SubjectPublicKeyInfo.
    pub to_key: &'a [u8],
}

/// For whom it leaves.
#[derive(Clone, Copy)]
pub enum Beneficiary<'a> {
    /// The holder, whose order this is.
    Order(&'a str),
    /// The receiver of this recovery case.
    Case(&'a str),
}

pub async fn record(tx: &mut Tx, recovery: &Recovery<'_>, now: Moment) -> Result<(), StoreError> {
    let (kind, order, case) = match recovery.beneficiary {
        Beneficiary::Order(id) => ("holder", Some(id), None),
        Beneficiary::Case(id) => ("judicial", None, Some(id)),
    };
    sqlx::query(
        "INSERT INTO recoveries (id, pair_id, kind, order_id, case_id, by, why, to_key, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&recovery.id)
    .bind(recovery.pair_id)
    .bind(kind)
    .bind(order)
    .bind(case)
    .bind(recovery.by)
    .bind(recovery.why)
    .bind(recovery.to_key)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// How often the key of this order was brought its holder's pairs of before.
pub async fn count_brought(tx: &mut Tx, order_id: &str) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT count(DISTINCT at) AS times FROM recoveries WHERE order_id = $1");
    Ok(row.bind(order_id).fetch_one(tx).await?.try_get("times")?)
}

/// A judicial case as it lies in the store; its body comes sealed.
#[derive(Clone, Debug)]
pub struct CaseRow {
    pub id: String,
    pub number: String,
    pub body: Sealed,
    /// What was made for the receiver, under the same key.
    pub package: Option<Vec<u8>>,
    pub filed_at: Moment,
}

/// One line of a case's record, with the code beside it.
#[derive(Clone, Debug)]
pub struct LineRow {
    pub seq: i64,
    pub at: Moment,
    /// `staff.id`
    pub by: String,
    pub what: String,
    pub note: String,
    pub code: Option<Vec<u8>>,
}

fn case(row: &SqliteRow) -> Result<CaseRow, StoreError> {
    Ok(CaseRow {
        id: row.try_get("id")?,
        number: row.try_get("number")?,
        body: Sealed { under: row.try_get("sealed_under")?, bytes: row.try_get("body")? },
        package: row.try_get("package")?,
        filed_at: Moment::from_millis(row.try_get("filed_at")?),
    })
}

/// # Errors
/// A duplicate number (throw the dice again), or the database's own.
pub async fn record_case(tx: &mut Tx, row: &CaseRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO recovery_cases (id, number, body, sealed_under, filed_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&row.id)
    .bind(&row.number)
    .bind(&row.body.bytes)
    .bind(&row.body.under)
    .bind(row.filed_at.millis())
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find_case(tx: &mut Tx, number: &str) -> Result<Option<CaseRow>, StoreError> {
    let row = sqlx::query("SELECT * FROM recovery_cases WHERE number = $1");
    row.bind(number).fetch_optional(tx).await?.as_ref().map(case).transpose()
}

/// The newest cases, as many as a page shows.
pub async fn list_cases(tx: &mut Tx) -> Result<Vec<CaseRow>, StoreError> {
    let rows = sqlx::query("SELECT * FROM recovery_cases ORDER BY filed_at DESC LIMIT 200");
    rows.fetch_all(tx).await?.iter().map(case).collect()
}

/// The cases that lie under this key.
pub async fn list_cases_under(tx: &mut Tx, name: &str) -> Result<Vec<CaseRow>, StoreError> {
    let rows = sqlx::query("SELECT * FROM recovery_cases WHERE sealed_under = $1").bind(name);
    rows.fetch_all(tx).await?.iter().map(case).collect()
}

/// The names of all keys that a case is sealed under.
pub async fn list_seals(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query("SELECT DISTINCT sealed_under FROM recovery_cases").fetch_all(tx).await?;
    rows.iter().map(|row| Ok(row.try_get("sealed_under")?)).collect()
}

/// Keeps what was made; `false`: something was made before, and that one counts.
pub async fn keep_package(tx: &mut Tx, id: &str, package: &Sealed) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE recovery_cases SET package = $1 WHERE id = $2 AND package IS NULL AND sealed_under = $3",
    )
    .bind(&package.bytes)
    .bind(id)
    .bind(&package.under)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The same case under another seal.
pub async fn reseal_case(
    tx: &mut Tx,
    id: &str,
    body: &Sealed,
    package: Option<&[u8]>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE recovery_cases SET body = $1, package = $2, sealed_under = $3 WHERE id = $4")
        .bind(&body.bytes)
        .bind(package)
        .bind(&body.under)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn list_lines(tx: &mut Tx, case_id: &str) -> Result<Vec<LineRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT line.seq, line.at, line.by, line.what, line.note, recovery_codes.code FROM recovery_lines AS line
         LEFT JOIN recovery_codes ON recovery_codes.case_id = line.case_id AND recovery_codes.seq = line.seq
         WHERE line.case_id = $1 ORDER BY line.seq",
    )
    .bind(case_id)
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(LineRow {
                seq: row.try_get("seq")?,
                at: Moment::from_millis(row.try_get("at")?),
                by: row.try_get("by")?,
                what: row.try_get("what")?,
                note: row.try_get("note")?,
                code: row.try_get("code")?,
            })
        })
        .collect()
}

pub async fn record_line(tx: &mut Tx, case_id: &str, line: &LineRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO recovery_lines (case_id, seq, at, by, what, note) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(case_id)
    .bind(line.seq)
    .bind(line.at.millis())
    .bind(&line.by)
    .bind(&line.what)
    .bind(&line.note)
    .execute(&mut *tx)
    .await?;
    keep_code(tx, case_id, line).await
}

/// The code beside a line, in place of the one that stands there.
pub async fn keep_code(tx: &mut Tx, case_id: &str, line: &LineRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO recovery_codes (case_id, seq, code) VALUES ($1, $2, $3)
         ON CONFLICT (case_id, seq) DO UPDATE SET code = excluded.code",
    )
    .bind(case_id)
    .bind(line.seq)
    .bind(&line.code)
    .execute(tx)
    .await?;
    Ok(())
}
