//! Orders: one row each, the whole state as the rule book knows it beside the columns that queries need.

use super::{StoreError, Tx, required};
use journey::moment::Moment;
use journey::order::Order;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// An order as it stands. The rule book's state is the truth; the columns repeat of it what queries need.
#[derive(Clone, Debug)]
pub struct OrderRow {
    pub id: String,
    pub number: String,
    pub version: i64,
    pub order: Order,
    /// Sealed; `orders/details.rs` opens it.
    pub details: Option<Vec<u8>>,
    pub opened_at: Moment,
    pub changed_at: Moment,
}

fn read(row: &SqliteRow) -> Result<OrderRow, StoreError> {
    let id: String = row.try_get("id")?;
    let state: String = row.try_get("state")?;
    let order =
        serde_json::from_str(&state).map_err(|e| StoreError::impossible("orders", "state", &id, e))?;
    Ok(OrderRow {
        number: row.try_get("number")?,
        version: row.try_get("version")?,
        order,
        details: row.try_get("details")?,
        opened_at: Moment::from_millis(row.try_get("opened_at")?),
        changed_at: Moment::from_millis(row.try_get("changed_at")?),
        id,
    })
}

/// # Errors
/// A duplicate number (throw the dice again), or the database's own.
pub async fn record(tx: &mut Tx, row: &OrderRow) -> Result<(), StoreError> {
    let state = encode(row)?;
    sqlx::query(
        "INSERT INTO orders (id, number, service, party, standing, version, state, promise_due, opened_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&row.id)
    .bind(&row.number)
    .bind(row.order.service.code())
    .bind(row.order.party.code())
    .bind(row.order.standing.code())
    .bind(row.version)
    .bind(state)
    .bind(row.order.promise_due.map(|day| day.to_string()))
    .bind(row.opened_at.millis())
    .bind(row.changed_at.millis())
    .execute(tx)
    .await?;
    Ok(())
}

fn encode(row: &OrderRow) -> Result<String, StoreError> {
    serde_json::to_string(&row.order).map_err(|e| StoreError::impossible("orders", "state", &row.id, e))
}

/// Writes the new state if the row still has the version before it; says whether it had.
pub async fn move_on(tx: &mut Tx, row: &OrderRow) -> Result<bool, StoreError> {
    let state = encode(row)?;
    let done = sqlx::query(
        "UPDATE orders SET standing = $1, version = $2, state = $3, promise_due = $4, changed_at = $5
         WHERE id = $6 AND version = $7",
    )
    .bind(row.order.standing.code())
    .bind(row.version)
    .bind(state)
    .bind(row.order.promise_due.map(|day| day.to_string()))
    .bind(row.changed_at.millis())
    .bind(&row.id)
    .bind(row.version - 1)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps the details (sealed) and the look-up keys that could be made of them.
pub async fn keep_details(
    tx: &mut Tx,
    id: &str,
    details: &[u8],
    holder_key: Option<&[u8]>,
    agent_key: Option<&[u8]>,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE orders SET details = $1, holder_key = $2, agent_key = $3, changed_at = $4 WHERE id = $5",
    )
    .bind(details)
    .bind(holder_key)
    .bind(agent_key)
    .bind(now.millis())
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find_by_number(tx: &mut Tx, number: &str) -> Result<Option<OrderRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, number, version, state, details, opened_at, changed_at FROM orders WHERE number = $1",
    )
    .bind(number)
    .fetch_optional(tx)
    .await?;
    row.as_ref().map(read).transpose()
}

/// # Errors
/// `Missing` when there is none.
pub async fn load(tx: &mut Tx, id: &str) -> Result<OrderRow, StoreError> {
    let row = sqlx::query(
        "SELECT id, number, version, state, details, opened_at, changed_at FROM orders WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(tx)
    .await?;
    required(row.as_ref().map(read).transpose()?, "orders", id)
}

/// The orders that a visit may see, newest first.
pub async fn list_for_visit(tx: &mut Tx, token_digest: &[u8]) -> Result<Vec<OrderRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, number, version, state, details, opened_at, changed_at FROM orders
         WHERE id IN (SELECT order_id FROM visit_orders WHERE token_digest = $1)
         ORDER BY opened_at DESC LIMIT 200",
    )
    .bind(token_digest)
    .fetch_all(tx)
    .await?;
    rows.iter().map(read).collect()
}

/// All orders of a holder, with the agent's key of each: the paid ones first, then the newest. Anybody may start a draft
/// with a number that is public, and so many as he likes; his must not crowd out the holder's own.
pub async fn list_for_holder(
    tx: &mut Tx,
    party: &str,
    holder_key: &[u8],
) -> Result<Vec<(OrderRow, Option<Vec<u8>>)>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, number, version, state, details, opened_at, changed_at, agent_key FROM orders
         WHERE holder_key = $1 AND party = $2
         ORDER BY EXISTS (SELECT 1 FROM attempts WHERE attempts.order_id = orders.id AND attempts.state = 'paid') DESC,
                  opened_at DESC LIMIT 200",
    )
    .bind(holder_key)
    .bind(party)
    .fetch_all(tx)
    .await?;
    rows.iter().map(|row| Ok((read(row)?, row.try_get("agent_key")?))).collect()
}

/// Orders at one of these standings, what is promised first at the top.
pub async fn list_at(tx: &mut Tx, standings: &[&str]) -> Result<Vec<OrderRow>, StoreError> {
    let mut all = Vec::new();
    for standing in standings {
        let rows = sqlx::query(
            "SELECT id, number, version, state, details, opened_at, changed_at FROM orders
             WHERE standing = $1 ORDER BY promise_due, opened_at LIMIT 500",
        )
        .bind(*standing)
        .fetch_all(&mut *tx)
        .await?;
        for row in &rows {
            all.push(read(row)?);
        }
    }
    all.sort_by_key(|row| (row.order.promise_due, row.opened_at));
    Ok(all)
}

/// Orders, paid or not, that stand at one of these and that nobody touched since then.
pub async fn list_stale(
    tx: &mut Tx,
    standings: &[&str],
    paid: bool,
    untouched_since: Moment,
) -> Result<Vec<String>, StoreError> {
    let mut ids = Vec::new();
    for standing in standings {
        let query = sqlx::query(
            "SELECT id FROM orders WHERE standing = $1 AND changed_at < $2
             AND EXISTS (SELECT 1 FROM attempts WHERE attempts.order_id = orders.id AND attempts.state = 'paid') = $3
             ORDER BY changed_at LIMIT 100",
        );
        let rows =
            query.bind(*standing).bind(untouched_since.millis()).bind(paid).fetch_all(&mut *tx).await?;
        for row in &rows {
            ids.push(row.try_get("id")?);
        }
    }
    Ok(ids)
}

/// Orders that ended before then, were never paid, and still hold their details; so many as one sweep takes.
pub async fn list_ended_unpaid(tx: &mut Tx, before: Moment) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query(
        "SELECT id FROM orders WHERE standing IN ('expired', 'withdrawn') AND changed_at < $1 AND details IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM attempts WHERE attempts.order_id = orders.id AND transaction_no IS NOT NULL)
         LIMIT 100",
    )
    .bind(before.millis())
    .fetch_all(tx)
    .await?;
    rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
}

/// Deletes what the form held, and the keys it was found by.
pub async fn forget_details(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE orders SET details = NULL, holder_key = NULL, agent_key = NULL WHERE id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Orders that were started from this address since then.
pub async fn count_starts(tx: &mut Tx, address: &str, since: Moment) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT count(*) AS n FROM order_starts WHERE address = $1 AND at > $2")
        .bind(address)
        .bind(since.millis())
        .fetch_one(tx)
        .await?;
    Ok(row.try_get("n")?)
}

pub async fn record_start(tx: &mut Tx, id: &str, address: &str, now: Moment) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO order_starts (id, address, at) VALUES ($1, $2, $3)")
        .bind(id)
        .bind(address)
        .bind(now.millis())
        .execute(tx)
        .await?;
    Ok(())
}

/// Why its applicant withdrew it.
pub async fn record_withdrawal(tx: &mut Tx, id: &str, reason: &str, now: Moment) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO withdrawals (order_id, reason, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(id)
        .bind(reason)
        .bind(now.millis())
        .execute(tx)
        .await?;
    Ok(())
}
