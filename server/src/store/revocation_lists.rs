//! Revocation lists as they were published.

use super::{StoreError, Tx};
use sqlx::Row;

/// A list as it was published.
#[derive(Clone, Debug)]
pub struct ListRow {
    pub number: i64,
    /// Of a delta: the number of the full list that it builds on.
    pub base: Option<i64>,
    /// The last change that it knows.
    pub sequence: i64,
    /// Seconds, as they stand in the list.
    pub this_update: i64,
    pub next_update: i64,
    pub list: Vec<u8>,
}

/// # Errors
/// A duplicate when the number is taken.
pub async fn record(tx: &mut Tx, issuer: &str, row: &ListRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO revocation_lists (issuer, number, base, sequence, this_update, next_update, list)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(issuer)
    .bind(row.number)
    .bind(row.base)
    .bind(row.sequence)
    .bind(row.this_update)
    .bind(row.next_update)
    .bind(&row.list)
    .execute(tx)
    .await?;
    Ok(())
}

/// Lists that nobody may rely on any more go; the last full one and the last delta stay, and with them the numbers.
pub async fn forget(tx: &mut Tx, issuer: &str, ended_before: i64) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "DELETE FROM revocation_lists WHERE issuer = $1 AND next_update < $2 AND number NOT IN
             (SELECT max(number) FROM revocation_lists WHERE issuer = $1 GROUP BY base IS NULL)",
    )
    .bind(issuer)
    .bind(ended_before)
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// The greatest number that a list of this issuer has; 0 before the first.
pub async fn last_number(tx: &mut Tx, issuer: &str) -> Result<i64, StoreError> {
    let last: (Option<i64>,) = sqlx::query_as("SELECT max(number) FROM revocation_lists WHERE issuer = $1")
        .bind(issuer)
        .fetch_one(tx)
        .await?;
    Ok(last.0.unwrap_or(0))
}

/// The newest full list, or the newest delta.
pub async fn find_last(tx: &mut Tx, issuer: &str, delta: bool) -> Result<Option<ListRow>, StoreError> {
    let row = sqlx::query(
        "SELECT number, base, sequence, this_update, next_update, list FROM revocation_lists
         WHERE issuer = $1 AND (base IS NOT NULL) = $2 ORDER BY number DESC LIMIT 1",
    )
    .bind(issuer)
    .bind(delta)
    .fetch_optional(tx)
    .await?;
    row.map(|row| {
        Ok(ListRow {
            number: row.try_get("number")?,
            base: row.try_get("base")?,
            sequence: row.try_get("sequence")?,
            this_update: row.try_get("this_update")?,
            next_update: row.try_get("next_update")?,
            list: row.try_get("list")?,
        })
    })
    .transpose()
}

/// The oldest full list that somebody may still rely on at `now` (seconds): its number, and the last change it knows.
pub async fn find_base(tx: &mut Tx, issuer: &str, now: i64) -> Result<Option<(i64, i64)>, StoreError> {
    let row = sqlx::query_as(
        "SELECT number, sequence FROM revocation_lists
         WHERE issuer = $1 AND base IS NULL AND next_update > $2 ORDER BY number LIMIT 1",
    );
    Ok(row.bind(issuer).bind(now).fetch_optional(tx).await?)
}
