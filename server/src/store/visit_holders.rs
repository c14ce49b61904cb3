//! Whose certificates a visit may see: a holder's number and a code to a reserved phone opened them.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

/// Keyed digests of what was proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    pub party: String,
    pub holder_key: Vec<u8>,
    pub phone_key: Vec<u8>,
}

/// Opens them to the visit; saying it twice changes nothing.
pub async fn record(
    tx: &mut Tx,
    token_digest: &[u8],
    opened: &Opened,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO visit_holders (token_digest, party, holder_key, phone_key, opened_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
    )
    .bind(token_digest)
    .bind(&opened.party)
    .bind(&opened.holder_key)
    .bind(&opened.phone_key)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn list(tx: &mut Tx, token_digest: &[u8]) -> Result<Vec<Opened>, StoreError> {
    let rows = sqlx::query(
        "SELECT party, holder_key, phone_key FROM visit_holders WHERE token_digest = $1 ORDER BY opened_at DESC LIMIT 20",
    );
    let rows = rows.bind(token_digest).fetch_all(tx).await?;
    rows.iter()
        .map(|row| {
            Ok(Opened {
                party: row.try_get("party")?,
                holder_key: row.try_get("holder_key")?,
                phone_key: row.try_get("phone_key")?,
            })
        })
        .collect()
}

/// What the old visit could see, the new one can.
pub async fn take_over(tx: &mut Tx, old: &[u8], new: &[u8]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO visit_holders (token_digest, party, holder_key, phone_key, opened_at)
         SELECT $2, party, holder_key, phone_key, opened_at FROM visit_holders WHERE token_digest = $1
         ON CONFLICT DO NOTHING",
    )
    .bind(old)
    .bind(new)
    .execute(tx)
    .await?;
    Ok(())
}
