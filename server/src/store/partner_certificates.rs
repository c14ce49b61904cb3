//! Certificates for partners, many rows in one statement: a partner's number stands for one request, ever.

use super::certificates::Slot;
use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

/// Rows that one statement carries at most. Fewer go in powers of two, so that few statements are prepared, once.
const ROWS: usize = 32;

/// A partner's own number, and the partner.
pub type Request = (String, String);

/// A certificate that is to be recorded as meant.
#[derive(Clone, Debug)]
pub struct NewRow {
    pub partner: String,
    pub number: String,
    pub slot: Slot,
    pub serial: String,
    pub issuer: String,
    pub profile: String,
    pub spki_digest: String,
    pub subject_digest: String,
    pub request_digest: String,
    pub to_be_signed: Vec<u8>,
}

/// The same as it stands.
#[derive(Clone, Debug)]
pub struct PartnerRow {
    pub partner: String,
    pub number: String,
    pub slot: Slot,
    pub serial: String,
    pub issuer: String,
    pub profile: String,
    pub spki_digest: String,
    pub request_digest: Option<String>,
    pub to_be_signed: Vec<u8>,
    pub certificate: Option<Vec<u8>>,
    /// `reserved`, `active`, `on_hold`, `revoked`, `discarded`
    pub state: String,
}

const COLUMNS: &str = "c.partner, c.partner_number, c.slot, c.serial, c.issuer, c.profile, c.spki_digest,
    c.request_digest, c.to_be_signed, c.certificate, c.state";

/// Everything recorded under these numbers.
pub async fn list(tx: &mut Tx, requests: &[Request]) -> Result<Vec<PartnerRow>, StoreError> {
    let wanted = serde_json::to_string(requests)
        .map_err(|e| StoreError::impossible("certificates", "partner_number", "", e))?;
    let select = format!(
        "SELECT {COLUMNS} FROM json_each($1) AS wanted CROSS JOIN certificates AS c
         ON c.partner = wanted.value ->> 0 AND c.partner_number = wanted.value ->> 1"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(select)).bind(wanted).fetch_all(tx).await?;
    rows.iter().map(read).collect()
}

/// What partners asked for before this moment and never got, oldest first.
pub async fn list_reserved(tx: &mut Tx, before: Moment, limit: i64) -> Result<Vec<PartnerRow>, StoreError> {
    let select = format!(
        "SELECT {COLUMNS} FROM certificates AS c INDEXED BY certificates_unfinished
         WHERE c.state IN ('reserved', 'signed') AND c.state = 'reserved' AND c.recorded_at <= $1
         AND c.partner IS NOT NULL ORDER BY c.recorded_at LIMIT $2"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(select)).bind(before.millis()).bind(limit);
    rows.fetch_all(tx).await?.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<PartnerRow, StoreError> {
    let (serial, slot): (String, String) = (row.try_get("serial")?, row.try_get("slot")?);
    let to_be_signed: Option<Vec<u8>> = row.try_get("to_be_signed")?;
    let impossible = |column, why: &str| StoreError::impossible("certificates", column, &serial, why);
    Ok(PartnerRow {
        partner: row.try_get("partner")?,
        number: row.try_get("partner_number")?,
        slot: Slot::from_code(&slot).ok_or_else(|| impossible("slot", &slot))?,
        issuer: row.try_get("issuer")?,
        profile: row.try_get("profile")?,
        spki_digest: row.try_get("spki_digest")?,
        request_digest: row.try_get("request_digest")?,
        to_be_signed: to_be_signed.ok_or_else(|| impossible("to_be_signed", "missing"))?,
        certificate: row.try_get("certificate")?,
        state: row.try_get("state")?,
        serial,
    })
}

/// Records serials and to-be-signed bytes.
///
/// # Errors
/// A duplicate when one of the numbers or serials is taken.
pub async fn reserve(tx: &mut Tx, rows: &[NewRow], now: Moment) -> Result<(), StoreError> {
    for chunk in chunks(rows) {
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO certificates (serial, issuer, profile, partner, partner_number, slot, key_serial, spki_digest,
                                       subject_digest, request_digest, to_be_signed, state, recorded_at) ",
        );
        insert.push_values(chunk, |mut values, row| {
            values.push_bind(&row.serial).push_bind(&row.issuer).push_bind(&row.profile);
            values.push_bind(&row.partner).push_bind(&row.number).push_bind(row.slot.code());
            values.push("''").push_bind(&row.spki_digest).push_bind(&row.subject_digest);
            values.push_bind(&row.request_digest).push_bind(&row.to_be_signed);
            values.push("'reserved'").push_bind(now.millis());
        });
        insert.build().execute(&mut *tx).await?;
    }
    Ok(())
}

/// A signed certificate for the row that waits for it.
#[derive(Clone, Debug)]
pub struct Signed {
    /// What the row stands under.
    pub reserved: String,
    /// The certificate's own; another where the authority upstream drew it.
    pub serial: String,
    pub certificate: Vec<u8>,
    pub not_after: Moment,
}

/// Records what was signed; it counts from now, since the request itself proved the key. Gives the serials of those
/// that were still waited for: of the others, what was recorded first stands.
pub async fn keep_signed(tx: &mut Tx, signed: &[Signed], now: Moment) -> Result<Vec<String>, StoreError> {
    let mut kept = Vec::with_capacity(signed.len());
    for chunk in chunks(signed) {
        // Our own serials stand already, and a key column that is not written costs nothing.
        let drawn_elsewhere = chunk.iter().any(|one| one.reserved != one.serial);
        let mut update =
            QueryBuilder::<Sqlite>::new("WITH signed (reserved, serial, certificate, not_after) AS (");
        update.push_values(chunk, |mut values, one| {
            values.push_bind(&one.reserved).push_bind(&one.serial);
            values.push_bind(&one.certificate).push_bind(one.not_after.millis());
        });
        update.push(") UPDATE certificates SET ");
        if drawn_elsewhere {
            update.push("serial = signed.serial, ");
        }
        update.push(
            "certificate = signed.certificate, not_after = signed.not_after, state = 'active',
             signed_at = ",
        );
        update.push_bind(now.millis());
        update.push(
            " FROM signed WHERE certificates.serial = signed.reserved AND certificates.state = 'reserved'
             RETURNING certificates.serial",
        );
        for row in update.build().fetch_all(&mut *tx).await? {
            kept.push(row.try_get("serial")?);
        }
    }
    Ok(kept)
}

fn chunks<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let largest = rows.len().checked_ilog2().map(|power| (1 << power).min(ROWS))?;
        let (chunk, rest) = rows.split_at(largest);
        rows = rest;
        Some(chunk)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_in_powers_of_two() {
        let sizes = |count: usize| chunks(&vec![0; count]).map(<[i32]>::len).collect::<Vec<_>>();
        assert_eq!(sizes(0), [0; 0]);
        assert_eq!(sizes(1), [1]);
        assert_eq!(sizes(64), [32, 32]);
        assert_eq!(sizes(45), [32, 8, 4, 1]);
    }
}
