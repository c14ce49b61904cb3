//! Staff, their sessions, and what they looked at.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

#[derive(Clone)]
pub struct StaffRow {
    pub id: String,
    pub name: String,
    /// PHC string (argon2id).
    pub password_hash: String,
    pub sealed_totp: Vec<u8>,
    /// Role codes, space-separated.
    pub roles: String,
    pub failures: i64,
    pub locked_until: Moment,
    /// The last time step that signed in: a one-time code counts once.
    pub last_totp: i64,
}

fn read(row: &SqliteRow) -> Result<StaffRow, StoreError> {
    Ok(StaffRow {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        password_hash: row.try_get("password_hash")?,
        sealed_totp: row.try_get("sealed_totp")?,
        roles: row.try_get("roles")?,
        failures: row.try_get("failures")?,
        locked_until: Moment::from_millis(row.try_get("locked_until")?),
        last_totp: row.try_get("last_totp")?,
    })
}

pub async fn find_by_name(tx: &mut Tx, name: &str) -> Result<Option<StaffRow>, StoreError> {
    let row = sqlx::query("SELECT * FROM staff WHERE name = $1").bind(name).fetch_optional(tx).await?;
    row.as_ref().map(read).transpose()
}

pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<StaffRow>, StoreError> {
    let row = sqlx::query("SELECT * FROM staff WHERE id = $1").bind(id).fetch_optional(tx).await?;
    row.as_ref().map(read).transpose()
}

pub async fn any(tx: &mut Tx) -> Result<bool, StoreError> {
    Ok(sqlx::query("SELECT 1 AS one FROM staff LIMIT 1").fetch_optional(tx).await?.is_some())
}

pub async fn record(tx: &mut Tx, row: &StaffRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO staff (id, name, password_hash, sealed_totp, roles) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&row.id)
    .bind(&row.name)
    .bind(&row.password_hash)
    .bind(&row.sealed_totp)
    .bind(&row.roles)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn sign_in_failed(tx: &mut Tx, id: &str, locked_until: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE staff SET failures = failures + 1, locked_until = $1 WHERE id = $2")
        .bind(locked_until.millis())
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Uses the time step up; `false` when it was used already.
pub async fn signed_in(tx: &mut Tx, id: &str, totp_step: i64) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE staff SET failures = 0, locked_until = 0, last_totp = $1 WHERE id = $2 AND last_totp < $1",
    )
    .bind(totp_step)
    .bind(id)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn record_session(
    tx: &mut Tx,
    token_digest: &[u8],
    staff_id: &str,
    now: Moment,
    ends_at: Moment,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO staff_sessions (token_digest, staff_id, opened_at, seen_at, ends_at) VALUES ($1, $2, $3, $3, $4)")
        .bind(token_digest)
        .bind(staff_id)
        .bind(now.millis())
        .bind(ends_at.millis())
        .execute(tx)
        .await?;
    Ok(())
}

/// The member of staff whose session this is, if it is alive; and when it was last seen.
pub async fn find_by_session(
    tx: &mut Tx,
    token_digest: &[u8],
    now: Moment,
    idle_since: Moment,
) -> Result<Option<(StaffRow, Moment)>, StoreError> {
    let row = sqlx::query(
        "SELECT staff.*, staff_sessions.seen_at FROM staff JOIN staff_sessions ON staff_sessions.staff_id = staff.id
         WHERE token_digest = $1 AND ends_at > $2 AND seen_at > $3",
    )
    .bind(token_digest)
    .bind(now.millis())
    .bind(idle_since.millis())
    .fetch_optional(tx)
    .await?;
    row.map(|row| Ok((read(&row)?, Moment::from_millis(row.try_get("seen_at")?)))).transpose()
}

pub async fn session_seen(tx: &mut Tx, token_digest: &[u8], now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE staff_sessions SET seen_at = $1 WHERE token_digest = $2")
        .bind(now.millis())
        .bind(token_digest)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn end_session(tx: &mut Tx, token_digest: &[u8]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM staff_sessions WHERE token_digest = $1").bind(token_digest).execute(tx).await?;
    Ok(())
}

/// The name of a member of staff, for a colleague's screen.
pub async fn find_name(tx: &mut Tx, id: &str) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT name FROM staff WHERE id = $1").bind(id).fetch_optional(tx).await?;
    row.map(|row| Ok(row.try_get("name")?)).transpose()
}

/// One look at somebody's data (R161).
pub async fn record_look(
    tx: &mut Tx,
    id: &str,
    staff_id: &str,
    order_id: &str,
    what: &str,
    reason: &str,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO looks (id, staff_id, order_id, what, reason, at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(staff_id)
    .bind(order_id)
    .bind(what)
    .bind(reason)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// Whether this member of staff revealed this order's data since then.
pub async fn revealed(
    tx: &mut Tx,
    staff_id: &str,
    order_id: &str,
    since: Moment,
) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "SELECT 1 AS one FROM looks WHERE staff_id = $1 AND order_id = $2 AND what = 'details' AND at > $3 LIMIT 1",
    )
    .bind(staff_id)
    .bind(order_id)
    .bind(since.millis())
    .fetch_optional(tx)
    .await?;
    Ok(row.is_some())
}
