//! SMS codes. A try is counted in the row before anything is compared, so that guesses in parallel cannot outrun the
//! counter; a code is used up by one conditional update.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

pub struct CodeRow {
    pub id: String,
    pub digest: Vec<u8>,
    pub phone_key: Vec<u8>,
    pub sent_at: Moment,
    pub ends_at: Moment,
    /// Tries so far, with this one where a try was counted.
    pub tries: i64,
    pub used: bool,
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<CodeRow, StoreError> {
    Ok(CodeRow {
        id: row.try_get("id")?,
        digest: row.try_get("digest")?,
        phone_key: row.try_get("phone_key")?,
        sent_at: Moment::from_millis(row.try_get("sent_at")?),
        ends_at: Moment::from_millis(row.try_get("ends_at")?),
        tries: row.try_get("tries")?,
        used: row.try_get::<Option<i64>, _>("used_at")?.is_some(),
    })
}

pub async fn record(tx: &mut Tx, row: &CodeRow, purpose: &str, subject: &str) -> Result<(), StoreError> {
    // A new code takes the place of the old ones for the same thing and phone.
    sqlx::query("UPDATE codes SET used_at = $1 WHERE purpose = $2 AND subject = $3 AND phone_key = $4 AND used_at IS NULL")
        .bind(row.sent_at.millis())
        .bind(purpose)
        .bind(subject)
        .bind(&row.phone_key)
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "INSERT INTO codes (id, purpose, subject, phone_key, digest, sent_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&row.id)
    .bind(purpose)
    .bind(subject)
    .bind(&row.phone_key)
    .bind(&row.digest)
    .bind(row.sent_at.millis())
    .bind(row.ends_at.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// Counts one try on each code that is still good for this (several agents may each have one), and gives them as they
/// then are, newest first; with the newest spent one when none is good.
pub async fn count_try(tx: &mut Tx, purpose: &str, subject: &str) -> Result<Vec<CodeRow>, StoreError> {
    sqlx::query("UPDATE codes SET tries = tries + 1 WHERE purpose = $1 AND subject = $2 AND used_at IS NULL")
        .bind(purpose)
        .bind(subject)
        .execute(&mut *tx)
        .await?;
    list(tx, purpose, subject).await
}

/// The codes of this subject, newest first; no try is counted.
pub async fn list(tx: &mut Tx, purpose: &str, subject: &str) -> Result<Vec<CodeRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, digest, phone_key, sent_at, ends_at, tries, used_at FROM codes
         WHERE purpose = $1 AND subject = $2 ORDER BY sent_at DESC LIMIT 8",
    )
    .bind(purpose)
    .bind(subject)
    .fetch_all(tx)
    .await?;
    rows.iter().map(read).collect()
}

/// Uses the code up; `false` when somebody else just did.
pub async fn use_up(tx: &mut Tx, id: &str, now: Moment) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE codes SET used_at = $1 WHERE id = $2 AND used_at IS NULL")
        .bind(now.millis())
        .bind(id)
        .execute(tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// When codes went to this phone since then, newest first.
pub async fn list_sent_to(tx: &mut Tx, phone_key: &[u8], since: Moment) -> Result<Vec<Moment>, StoreError> {
    let rows =
        sqlx::query("SELECT sent_at FROM codes WHERE phone_key = $1 AND sent_at > $2 ORDER BY sent_at DESC")
            .bind(phone_key)
            .bind(since.millis())
            .fetch_all(tx)
            .await?;
    rows.iter().map(|row| Ok(Moment::from_millis(row.try_get("sent_at")?))).collect()
}

/// Records that a code was asked for, whatever became of it.
pub async fn record_request(
    tx: &mut Tx,
    id: &str,
    ip: &str,
    subject: &str,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO code_requests (id, ip, subject, at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(ip)
        .bind(subject)
        .bind(now.millis())
        .execute(tx)
        .await?;
    Ok(())
}

/// Requests since then: (from this address, newest moment for this subject).
pub async fn requests_since(
    tx: &mut Tx,
    ip: &str,
    subject: &str,
    since: Moment,
) -> Result<(i64, Vec<Moment>), StoreError> {
    let from_ip: i64 = sqlx::query("SELECT count(*) AS n FROM code_requests WHERE ip = $1 AND at > $2")
        .bind(ip)
        .bind(since.millis())
        .fetch_one(&mut *tx)
        .await?
        .try_get("n")?;
    let rows =
        sqlx::query("SELECT at FROM code_requests WHERE subject = $1 AND at > $2 ORDER BY at DESC LIMIT 50")
            .bind(subject)
            .bind(since.millis())
            .fetch_all(tx)
            .await?;
    let times =
        rows.iter().map(|r| Ok(Moment::from_millis(r.try_get("at")?))).collect::<Result<_, StoreError>>()?;
    Ok((from_ip, times))
}
