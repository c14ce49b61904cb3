//! Certificates as they come to be: reserved (serial), meant (to-be-signed bytes), signed, active; the encryption pairs
//! of the key management centre; the authorities.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

/// Which of the two certificates of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    Sign,
    Encrypt,
}

impl Slot {
    pub fn code(self) -> &'static str {
        match self {
            Slot::Sign => "sign",
            Slot::Encrypt => "encrypt",
        }
    }
}

#[derive(Clone, Debug)]
pub struct CertificateRow {
    /// Hex, as in the certificate.
    pub serial: String,
    /// The authority that signs it, by its name in the store.
    pub issuer: String,
    pub profile: String,
    pub key_serial: String,
    pub spki_digest: String,
    pub to_be_signed: Option<Vec<u8>>,
    pub certificate: Option<Vec<u8>>,
}

/// Reserves a serial for one slot of an order.
///
/// # Errors
/// A duplicate when the slot or the serial is taken.
pub async fn reserve(
    tx: &mut Tx,
    order_id: &str,
    slot: Slot,
    row: &CertificateRow,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO certificates (serial, issuer, profile, order_id, slot, key_serial, spki_digest, state, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'reserved', $8)",
    )
    .bind(&row.serial)
    .bind(&row.issuer)
    .bind(&row.profile)
    .bind(order_id)
    .bind(slot.code())
    .bind(&row.key_serial)
    .bind(&row.spki_digest)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn keep_to_be_signed(tx: &mut Tx, serial: &str, bytes: &[u8]) -> Result<(), StoreError> {
    sqlx::query("UPDATE certificates SET to_be_signed = $1 WHERE serial = $2 AND state = 'reserved'")
        .bind(bytes)
        .bind(serial)
        .execute(tx)
        .await?;
    Ok(())
}

/// Keeps the signed certificate; `false`: one is kept already, and that one counts.
pub async fn keep_signed(
    tx: &mut Tx,
    serial: &str,
    certificate: &[u8],
    not_after: Moment,
    now: Moment,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE certificates SET certificate = $1, not_after = $2, signed_at = $3, state = 'signed'
         WHERE serial = $4 AND state = 'reserved'",
    )
    .bind(certificate)
    .bind(not_after.millis())
    .bind(now.millis())
    .bind(serial)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Both certificates of the order are on the key and proven: they count from now (R140).
pub async fn activate(tx: &mut Tx, order_id: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE certificates SET state = 'active' WHERE order_id = $1 AND state = 'signed'")
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// What was issued for a key that broke does not count; its encryption pair becomes history.
pub async fn discard(tx: &mut Tx, order_id: &str) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE certificates SET state = 'discarded' WHERE order_id = $1 AND state IN ('reserved', 'signed')",
    )
    .bind(order_id)
    .execute(&mut *tx)
    .await?;
    sqlx::query("UPDATE encryption_pairs SET state = 'history' WHERE order_id = $1 AND state = 'in_use'")
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// One certificate that was signed for nobody does not count.
pub async fn discard_one(tx: &mut Tx, serial: &str) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE certificates SET state = 'discarded' WHERE serial = $1 AND state IN ('reserved', 'signed')",
    )
    .bind(serial)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, order_id: &str, slot: Slot) -> Result<Option<CertificateRow>, StoreError> {
    let row = sqlx::query(
        "SELECT serial, issuer, profile, key_serial, spki_digest, to_be_signed, certificate FROM certificates
         WHERE order_id = $1 AND slot = $2 AND state <> 'discarded'",
    )
    .bind(order_id)
    .bind(slot.code())
    .fetch_optional(tx)
    .await?;
    row.map(|row| {
        Ok(CertificateRow {
            serial: row.try_get("serial")?,
            issuer: row.try_get("issuer")?,
            profile: row.try_get("profile")?,
            key_serial: row.try_get("key_serial")?,
            spki_digest: row.try_get("spki_digest")?,
            to_be_signed: row.try_get("to_be_signed")?,
            certificate: row.try_get("certificate")?,
        })
    })
    .transpose()
}

/// Whether this public key has been certified for another order: a key signs for one subject.
pub async fn key_taken_by_other(tx: &mut Tx, spki_digest: &str, order_id: &str) -> Result<bool, StoreError> {
    let row =
        sqlx::query("SELECT 1 AS one FROM certificates WHERE spki_digest = $1 AND order_id <> $2 LIMIT 1")
            .bind(spki_digest)
            .bind(order_id)
            .fetch_optional(tx)
            .await?;
    Ok(row.is_some())
}

/// An encryption pair; the private half is sealed under the centre's key.
#[derive(Clone, Debug)]
pub struct EncryptionPair {
    pub id: String,
    pub public_key: Vec<u8>,
    pub sealed_key: Vec<u8>,
    /// SM2EnvelopedKey to the order's signing key, once made.
    pub envelope: Option<Vec<u8>>,
}

pub async fn find_pair(tx: &mut Tx, order_id: &str) -> Result<Option<EncryptionPair>, StoreError> {
    let row = sqlx::query("SELECT id, public_key, sealed_key, envelope FROM encryption_pairs WHERE order_id = $1 AND state = 'in_use'")
        .bind(order_id)
        .fetch_optional(tx)
        .await?;
    row.map(|row| {
        Ok(EncryptionPair {
            id: row.try_get("id")?,
            public_key: row.try_get("public_key")?,
            sealed_key: row.try_get("sealed_key")?,
            envelope: row.try_get("envelope")?,
        })
    })
    .transpose()
}

/// # Errors
/// A duplicate when the order has a pair.
pub async fn record_pair(
    tx: &mut Tx,
    order_id: &str,
    pair: &EncryptionPair,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO encryption_pairs (id, order_id, public_key, sealed_key, envelope, state, recorded_at)
         VALUES ($1, $2, $3, $4, $5, 'in_use', $6)",
    )
    .bind(&pair.id)
    .bind(order_id)
    .bind(&pair.public_key)
    .bind(&pair.sealed_key)
    .bind(&pair.envelope)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// What an authority's key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Root,
    Issuing,
    /// Signs OCSP answers in an issuer's name.
    Responder,
}

impl Purpose {
    pub fn code(self) -> &'static str {
        match self {
            Purpose::Root => "root",
            Purpose::Issuing => "issuing",
            Purpose::Responder => "responder",
        }
    }

    pub fn from_code(code: &str) -> Option<Purpose> {
        [Purpose::Root, Purpose::Issuing, Purpose::Responder]
            .into_iter()
            .find(|purpose| purpose.code() == code)
    }
}

#[derive(Clone, Debug)]
pub struct AuthorityRow {
    pub name: String,
    pub purpose: Purpose,
    /// The authority that signed it; `None` for a root.
    pub issuer: Option<String>,
    pub certificate: Vec<u8>,
    pub sealed_key: Vec<u8>,
    pub demo: bool,
}

pub async fn find_authority(tx: &mut Tx, name: &str) -> Result<Option<AuthorityRow>, StoreError> {
    let row = sqlx::query(
        "SELECT name, purpose, issuer, certificate, sealed_key, demo FROM authorities WHERE name = $1",
    )
    .bind(name)
    .fetch_optional(tx)
    .await?;
    row.map(|row| {
        let purpose: String = row.try_get("purpose")?;
        let unknown = || StoreError::impossible("authorities", "purpose", name, &purpose);
        Ok(AuthorityRow {
            name: row.try_get("name")?,
            purpose: Purpose::from_code(&purpose).ok_or_else(unknown)?,
            issuer: row.try_get("issuer")?,
            certificate: row.try_get("certificate")?,
            sealed_key: row.try_get("sealed_key")?,
            demo: row.try_get("demo")?,
        })
    })
    .transpose()
}

pub async fn record_authority(tx: &mut Tx, row: &AuthorityRow, now: Moment) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO authorities (name, purpose, issuer, certificate, sealed_key, demo, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&row.name)
    .bind(row.purpose.code())
    .bind(&row.issuer)
    .bind(&row.certificate)
    .bind(&row.sealed_key)
    .bind(row.demo)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}
