//! What was issued and where it stands: reading only.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

/// Where a certificate stands in its life.
#[derive(Clone, Debug)]
pub struct Standing {
    pub profile: String,
    pub certificate: Option<Vec<u8>>,
    /// The column's word: reserved, signed, active, on_hold, revoked, discarded.
    pub state: String,
    /// Since when it is on hold or revoked.
    pub status_at: Option<Moment>,
    /// Why (RFC 5280, 5.3.1).
    pub reason: Option<i64>,
}

/// `serial` is hexadecimal, as in the certificate.
pub async fn find_standing(tx: &mut Tx, serial: &str) -> Result<Option<Standing>, StoreError> {
    let row = sqlx::query(
        "SELECT profile, certificate, state, status_at, reason FROM certificates WHERE serial = $1",
    )
    .bind(serial)
    .fetch_optional(tx)
    .await?;
    row.map(|row| {
        Ok(Standing {
            profile: row.try_get("profile")?,
            certificate: row.try_get("certificate")?,
            state: row.try_get("state")?,
            status_at: row.try_get::<Option<i64>, _>("status_at")?.map(Moment::from_millis),
            reason: row.try_get("reason")?,
        })
    })
    .transpose()
}
