//! The authorities: their certificates, and where their key is not with the signer yet, that key under seal.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// The name of the authority that signs for us elsewhere; it has no row.
pub const UPSTREAM: &str = "upstream";

/// What an authority's key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Root,
    Issuing,
    /// Signs OCSP answers in an issuer's name.
    Responder,
    /// Signs for us elsewhere: no key, no list and no answer of it is here.
    Upstream,
}

impl Purpose {
    pub fn code(self) -> &'static str {
        match self {
            Purpose::Root => "root",
            Purpose::Issuing => "issuing",
            Purpose::Responder => "responder",
            Purpose::Upstream => UPSTREAM,
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
    /// Only in rows of before: today the signer keeps the key.
    pub sealed_key: Option<Vec<u8>>,
    pub demo: bool,
}

pub async fn list(tx: &mut Tx) -> Result<Vec<AuthorityRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT name, purpose, issuer, certificate, sealed_key, demo FROM authorities ORDER BY name",
    )
    .fetch_all(tx)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<AuthorityRow, StoreError> {
    let (name, purpose): (String, String) = (row.try_get("name")?, row.try_get("purpose")?);
    let unknown = || StoreError::impossible("authorities", "purpose", &name, &purpose);
    Ok(AuthorityRow {
        purpose: Purpose::from_code(&purpose).ok_or_else(unknown)?,
        issuer: row.try_get("issuer")?,
        certificate: row.try_get("certificate")?,
        sealed_key: row.try_get("sealed_key")?,
        demo: row.try_get("demo")?,
        name,
    })
}

/// # Errors
/// A duplicate when the name is taken.
pub async fn record(tx: &mut Tx, row: &AuthorityRow, now: Moment) -> Result<(), StoreError> {
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

/// The key stands with the signer now.
pub async fn forget_key(tx: &mut Tx, name: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE authorities SET sealed_key = NULL WHERE name = $1").bind(name).execute(tx).await?;
    Ok(())
}

/// A responder's next certificate over the same key.
pub async fn renew(tx: &mut Tx, name: &str, certificate: &[u8], now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE authorities SET certificate = $1, recorded_at = $2 WHERE name = $3")
        .bind(certificate)
        .bind(now.millis())
        .bind(name)
        .execute(tx)
        .await?;
    Ok(())
}
