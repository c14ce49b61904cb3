//! Payment attempts, the inbox of notices, refunds. `paid` is monotone: no statement here takes it back (R131).

use super::{StoreError, Tx, required};
use journey::moment::Moment;
use journey::money::Fen;
use journey::payment::Channel;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptState {
    /// Its QR may be on a screen.
    Open,
    /// Superseded or no longer wanted; the provider is being told.
    Closing,
    Closed,
    /// Its money counts for the order.
    Paid,
    /// Its money came when none was due: it goes back.
    Surplus,
    /// The amount differs: frozen until a person decides (R132).
    Mismatch,
}

impl AttemptState {
    const ALL: [AttemptState; 6] = [
        AttemptState::Open,
        AttemptState::Closing,
        AttemptState::Closed,
        AttemptState::Paid,
        AttemptState::Surplus,
        AttemptState::Mismatch,
    ];

    pub fn code(self) -> &'static str {
        match self {
            AttemptState::Open => "open",
            AttemptState::Closing => "closing",
            AttemptState::Closed => "closed",
            AttemptState::Paid => "paid",
            AttemptState::Surplus => "surplus",
            AttemptState::Mismatch => "mismatch",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Attempt {
    pub id: String,
    pub order_id: String,
    pub channel: Channel,
    pub out_trade_no: String,
    pub amount: Fen,
    /// The text of the QR; `None` until the provider gave one.
    pub code: Option<String>,
    pub state: AttemptState,
    pub transaction_no: Option<String>,
    pub opened_at: Moment,
    pub ends_at: Moment,
    pub asked_at: Option<Moment>,
}

fn read(row: &SqliteRow) -> Result<Attempt, StoreError> {
    let id: String = row.try_get("id")?;
    let channel: String = row.try_get("channel")?;
    let state: String = row.try_get("state")?;
    Ok(Attempt {
        channel: Channel::from_code(&channel)
            .ok_or_else(|| StoreError::impossible("attempts", "channel", &id, &channel))?,
        state: AttemptState::ALL
            .into_iter()
            .find(|s| s.code() == state)
            .ok_or_else(|| StoreError::impossible("attempts", "state", &id, &state))?,
        order_id: row.try_get("order_id")?,
        out_trade_no: row.try_get("out_trade_no")?,
        amount: Fen(row.try_get("amount")?),
        code: row.try_get("code")?,
        transaction_no: row.try_get("transaction_no")?,
        opened_at: Moment::from_millis(row.try_get("opened_at")?),
        ends_at: Moment::from_millis(row.try_get("ends_at")?),
        asked_at: row.try_get::<Option<i64>, _>("asked_at")?.map(Moment::from_millis),
        id,
    })
}

/// # Errors
/// A duplicate when the order has an open attempt already.
pub async fn record(tx: &mut Tx, attempt: &Attempt) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO attempts (id, order_id, channel, out_trade_no, amount, code, state, opened_at, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&attempt.id)
    .bind(&attempt.order_id)
    .bind(attempt.channel.code())
    .bind(&attempt.out_trade_no)
    .bind(attempt.amount.get())
    .bind(&attempt.code)
    .bind(attempt.state.code())
    .bind(attempt.opened_at.millis())
    .bind(attempt.ends_at.millis())
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn keep_code(tx: &mut Tx, id: &str, code: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE attempts SET code = $1 WHERE id = $2").bind(code).bind(id).execute(tx).await?;
    Ok(())
}

pub async fn asked(tx: &mut Tx, id: &str, now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE attempts SET asked_at = $1 WHERE id = $2")
        .bind(now.millis())
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Moves an attempt that holds no money from one state to another; `false` when it was not there.
pub async fn change(tx: &mut Tx, id: &str, from: AttemptState, to: AttemptState) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE attempts SET state = $1 WHERE id = $2 AND state = $3")
        .bind(to.code())
        .bind(id)
        .bind(from.code())
        .execute(tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes that money came. Only an attempt without money takes it; `false`: it was written before.
pub async fn receive(
    tx: &mut Tx,
    id: &str,
    to: AttemptState,
    transaction_no: &str,
    amount: Fen,
    at: Moment,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE attempts SET state = $1, transaction_no = $2, paid_amount = $3, paid_at = $4
         WHERE id = $5 AND state IN ('open', 'closing', 'closed')",
    )
    .bind(to.code())
    .bind(transaction_no)
    .bind(amount.get())
    .bind(at.millis())
    .bind(id)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn find_by_out_trade_no(tx: &mut Tx, out_trade_no: &str) -> Result<Option<Attempt>, StoreError> {
    let row = sqlx::query("SELECT * FROM attempts WHERE out_trade_no = $1")
        .bind(out_trade_no)
        .fetch_optional(tx)
        .await?;
    row.as_ref().map(read).transpose()
}

/// # Errors
/// `Missing` when there is none.
pub async fn load(tx: &mut Tx, id: &str) -> Result<Attempt, StoreError> {
    let row = sqlx::query("SELECT * FROM attempts WHERE id = $1").bind(id).fetch_optional(tx).await?;
    required(row.as_ref().map(read).transpose()?, "attempts", id)
}

pub async fn list_for_order(tx: &mut Tx, order_id: &str) -> Result<Vec<Attempt>, StoreError> {
    let rows = sqlx::query("SELECT * FROM attempts WHERE order_id = $1 ORDER BY opened_at DESC")
        .bind(order_id)
        .fetch_all(tx)
        .await?;
    rows.iter().map(read).collect()
}

/// Records that a notice came; `false`: it came before.
pub async fn record_notice(
    tx: &mut Tx,
    provider: &str,
    event_id: &str,
    body_digest: &[u8],
    now: Moment,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO provider_notices (provider, event_id, body_digest, received_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(provider)
    .bind(event_id)
    .bind(body_digest)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Records that a refund is wanted; the same number again changes nothing.
pub async fn record_refund(
    tx: &mut Tx,
    out_refund_no: &str,
    attempt: &Attempt,
    amount: Fen,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO refunds (out_refund_no, attempt_id, order_id, amount, state, requested_at)
         VALUES ($1, $2, $3, $4, 'requested', $5) ON CONFLICT DO NOTHING",
    )
    .bind(out_refund_no)
    .bind(&attempt.id)
    .bind(&attempt.order_id)
    .bind(amount.get())
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// `state` is one of processing, succeeded, abnormal. `false`: it had succeeded before, which nothing takes back.
pub async fn change_refund(
    tx: &mut Tx,
    out_refund_no: &str,
    state: &str,
    now: Moment,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE refunds SET state = $1, finished_at = $2 WHERE out_refund_no = $3 AND state <> 'succeeded'",
    )
    .bind(state)
    .bind(now.millis())
    .bind(out_refund_no)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
