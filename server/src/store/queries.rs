//! Questions for a holder's orders or certificates (R086, R118): one row each, the same for a known and an unknown number (R126).

use super::{StoreError, Tx};
use journey::moment::Moment;
use journey::party::Party;
use sqlx::Row;

/// What a visit asks for, and whose.
pub struct Asked<'a> {
    pub purpose: &'a str,
    pub visit: &'a [u8],
    pub party: Party,
    pub holder_key: &'a [u8],
}

/// The visit's newest open question, with the try that was just counted.
pub struct Question {
    pub id: String,
    pub tries: i64,
    pub ends_at: Moment,
}

pub async fn record(
    tx: &mut Tx,
    id: &str,
    asked: &Asked<'_>,
    now: Moment,
    ends_at: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO queries (id, visit, party, holder_key, asked_at, ends_at, purpose) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(asked.visit)
    .bind(asked.party.code())
    .bind(asked.holder_key)
    .bind(now.millis())
    .bind(ends_at.millis())
    .bind(asked.purpose)
    .execute(tx)
    .await?;
    Ok(())
}

/// Counts a try before anything is compared: guesses in parallel cannot outrun the counter.
pub async fn count_try(tx: &mut Tx, asked: &Asked<'_>) -> Result<Option<Question>, StoreError> {
    let row = sqlx::query(
        "UPDATE queries SET tries = tries + 1
         WHERE id = (SELECT id FROM queries WHERE visit = $1 AND holder_key = $2 AND party = $3 AND purpose = $4
                     AND used_at IS NULL ORDER BY asked_at DESC LIMIT 1)
         RETURNING id, tries, ends_at",
    )
    .bind(asked.visit)
    .bind(asked.holder_key)
    .bind(asked.party.code())
    .bind(asked.purpose)
    .fetch_optional(tx)
    .await?;
    row.map(|row| {
        Ok(Question {
            id: row.try_get("id")?,
            tries: row.try_get("tries")?,
            ends_at: Moment::from_millis(row.try_get("ends_at")?),
        })
    })
    .transpose()
}

pub async fn use_up(tx: &mut Tx, id: &str, now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE queries SET used_at = $1 WHERE id = $2")
        .bind(now.millis())
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}
