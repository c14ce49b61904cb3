//! The designated account's statement: one row a credit, matched to one order at most.

use super::{StoreError, Tx, required};
use journey::moment::Moment;
use journey::money::Fen;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

#[derive(Clone, Debug)]
pub struct LineRow {
    pub id: String,
    /// The bank's own number of the line.
    pub bank_number: String,
    /// `2026-11-22`
    pub booked_on: String,
    pub amount: Fen,
    pub payer_name: String,
    /// The last digits.
    pub payer_account: String,
    pub remark: String,
    /// `open`, `matched`, `put_aside`
    pub state: String,
    pub order_id: Option<String>,
    pub decided_by: Option<String>,
    pub why: Option<String>,
}

fn read(row: &SqliteRow) -> Result<LineRow, StoreError> {
    Ok(LineRow {
        id: row.try_get("id")?,
        bank_number: row.try_get("bank_number")?,
        booked_on: row.try_get("booked_on")?,
        amount: Fen(row.try_get("amount")?),
        payer_name: row.try_get("payer_name")?,
        payer_account: row.try_get("payer_account")?,
        remark: row.try_get("remark")?,
        state: row.try_get("state")?,
        order_id: row.try_get("order_id")?,
        decided_by: row.try_get("decided_by")?,
        why: row.try_get("why")?,
    })
}

/// `false`: a line of this number is here already, and stays as it is.
pub async fn record(tx: &mut Tx, line: &LineRow, by: &str, now: Moment) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO bank_lines (id, bank_number, booked_on, amount, payer_name, payer_account, remark, state,
                                 entered_by, entered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9) ON CONFLICT DO NOTHING",
    )
    .bind(&line.id)
    .bind(&line.bank_number)
    .bind(&line.booked_on)
    .bind(line.amount.get())
    .bind(&line.payer_name)
    .bind(&line.payer_account)
    .bind(&line.remark)
    .bind(by)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// # Errors
/// `Missing`.
pub async fn load(tx: &mut Tx, id: &str) -> Result<LineRow, StoreError> {
    let row = sqlx::query("SELECT * FROM bank_lines WHERE id = $1").bind(id).fetch_optional(tx).await?;
    required(row.as_ref().map(read).transpose()?, "bank_lines", id)
}

pub async fn find_by_bank_number(tx: &mut Tx, number: &str) -> Result<Option<LineRow>, StoreError> {
    let row = sqlx::query("SELECT * FROM bank_lines WHERE bank_number = $1").bind(number);
    row.fetch_optional(tx).await?.as_ref().map(read).transpose()
}

/// What waits, then what was decided last.
pub async fn list(tx: &mut Tx) -> Result<Vec<LineRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM bank_lines ORDER BY state <> 'open', COALESCE(decided_at, entered_at) DESC, id LIMIT 200",
    );
    rows.fetch_all(tx).await?.iter().map(read).collect()
}

/// How a line was decided.
pub struct Decision<'a> {
    /// `matched` or `put_aside`.
    pub state: &'a str,
    pub order_id: Option<&'a str>,
    pub by: &'a str,
    pub why: &'a str,
    pub at: Moment,
}

/// `false`: it was decided before.
pub async fn decide(tx: &mut Tx, id: &str, decision: &Decision<'_>) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE bank_lines SET state = $1, order_id = $2, decided_by = $3, why = $4, decided_at = $5
         WHERE id = $6 AND state = 'open'",
    )
    .bind(decision.state)
    .bind(decision.order_id)
    .bind(decision.by)
    .bind(decision.why)
    .bind(decision.at.millis())
    .bind(id)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// An order that waits for its transfer, with its reference.
pub async fn list_waiting(tx: &mut Tx) -> Result<Vec<(String, String)>, StoreError> {
    let rows = sqlx::query(
        "SELECT r.order_id, r.reference FROM replacements r JOIN orders o ON o.id = r.order_id
         WHERE r.reference IS NOT NULL
           AND o.standing IN ('details', 'confirm', 'evidence', 'signature', 'review', 'settlement')
           AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.order_id = o.id AND a.state = 'paid')
         ORDER BY o.opened_at LIMIT 500",
    );
    let rows = rows.fetch_all(tx).await?;
    rows.iter().map(|row| Ok((row.try_get("order_id")?, row.try_get("reference")?))).collect()
}

/// The voucher of an order, and the orders that uploaded the very same file as theirs.
pub async fn find_voucher(tx: &mut Tx, order_id: &str) -> Result<Option<(String, Vec<String>)>, StoreError> {
    let row = sqlx::query(
        "SELECT id, digest FROM evidence_files WHERE order_id = $1 AND kind = 'payment_voucher' AND removed_at IS NULL",
    );
    let Some(row) = row.bind(order_id).fetch_optional(&mut *tx).await? else { return Ok(None) };
    let (id, digest): (String, String) = (row.try_get("id")?, row.try_get("digest")?);
    let others = sqlx::query(
        "SELECT DISTINCT o.number FROM evidence_files e JOIN orders o ON o.id = e.order_id
         WHERE e.kind = 'payment_voucher' AND e.digest = $1 AND e.order_id <> $2 ORDER BY o.number LIMIT 10",
    );
    let others = others.bind(digest).bind(order_id).fetch_all(tx).await?;
    let others = others.iter().map(|row| row.try_get("number")).collect::<Result<_, _>>()?;
    Ok(Some((id, others)))
}

/// A transfer that goes back: the attempt's number, the amount, and since when.
pub async fn list_refunds(tx: &mut Tx) -> Result<Vec<(String, Fen, Moment)>, StoreError> {
    let rows = sqlx::query(
        "SELECT a.out_trade_no, r.amount, r.requested_at FROM refunds r JOIN attempts a ON a.id = r.attempt_id
         WHERE a.channel = 'transfer' AND r.state = 'requested' ORDER BY r.requested_at LIMIT 200",
    );
    let rows = rows.fetch_all(tx).await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.try_get("out_trade_no")?,
                Fen(row.try_get("amount")?),
                Moment::from_millis(row.try_get("requested_at")?),
            ))
        })
        .collect()
}
