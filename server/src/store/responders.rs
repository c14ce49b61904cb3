//! Responders' certificates as they come to be: reserved with their bytes, signed, or given up.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

/// What is meant and not signed yet.
#[derive(Clone, Debug)]
pub struct ResponderRow {
    /// Hex, as in the certificate.
    pub serial: String,
    /// `authorities.name`.
    pub responder: String,
    pub issuer: String,
    /// Hex.
    pub spki_digest: String,
    pub to_be_signed: Vec<u8>,
    /// Unix seconds.
    pub not_before: i64,
    pub not_after: i64,
}

/// What is meant for this responder, and neither signed nor given up.
pub async fn find_reserved(tx: &mut Tx, responder: &str) -> Result<Option<ResponderRow>, StoreError> {
    let row = sqlx::query(
        "SELECT serial, responder, issuer, spki_digest, to_be_signed, not_before, not_after
         FROM responder_certificates WHERE responder = $1 AND state = 'reserved'",
    )
    .bind(responder)
    .fetch_optional(tx)
    .await?;
    row.map(|row| {
        Ok(ResponderRow {
            serial: row.try_get("serial")?,
            responder: row.try_get("responder")?,
            issuer: row.try_get("issuer")?,
            spki_digest: row.try_get("spki_digest")?,
            to_be_signed: row.try_get("to_be_signed")?,
            not_before: row.try_get("not_before")?,
            not_after: row.try_get("not_after")?,
        })
    })
    .transpose()
}

/// # Errors
/// A duplicate when another one is reserved for this responder, or the serial is taken.
pub async fn reserve(tx: &mut Tx, row: &ResponderRow, now: Moment) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO responder_certificates (serial, responder, issuer, spki_digest, to_be_signed, not_before, not_after,
                                             state, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'reserved', $8)",
    )
    .bind(&row.serial)
    .bind(&row.responder)
    .bind(&row.issuer)
    .bind(&row.spki_digest)
    .bind(&row.to_be_signed)
    .bind(row.not_before)
    .bind(row.not_after)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// `false`: nothing is reserved under this serial any more.
pub async fn keep_signed(
    tx: &mut Tx,
    serial: &str,
    certificate: &[u8],
    now: Moment,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE responder_certificates SET state = 'signed', certificate = $1, signed_at = $2
         WHERE serial = $3 AND state = 'reserved'",
    )
    .bind(certificate)
    .bind(now.millis())
    .bind(serial)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// It will never be signed. `why` is for people.
pub async fn give_up(tx: &mut Tx, serial: &str, why: &str) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE responder_certificates SET state = 'given_up', why = $1 WHERE serial = $2 AND state = 'reserved'",
    )
    .bind(why)
    .bind(serial)
    .execute(tx)
    .await?;
    Ok(())
}
