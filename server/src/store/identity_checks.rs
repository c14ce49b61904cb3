//! Identity checks: where each order's stands, and how often a card, a phone or a person was asked about (A07).

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The provider is asked.
    Asking,
    /// The transfer with the code in its remark is on its way.
    Sending,
    /// The code has left by its channel.
    Sent,
    Failed,
    Passed,
}

impl State {
    const ALL: [State; 5] = [State::Asking, State::Sending, State::Sent, State::Failed, State::Passed];

    pub fn code(self) -> &'static str {
        match self {
            State::Asking => "asking",
            State::Sending => "sending",
            State::Sent => "sent",
            State::Failed => "failed",
            State::Passed => "passed",
        }
    }
}

#[derive(Clone, Debug)]
pub struct CheckRow {
    pub order_id: String,
    /// The order's version when the form was entered: entered again, it is another check.
    pub entered: i64,
    pub state: State,
    pub reason: Option<String>,
    /// Sealed: the code in the remark, where it goes by transfer.
    pub code: Option<Vec<u8>>,
    /// Our number of that transfer.
    pub reference: Option<String>,
    pub tries: i64,
    pub ends_at: Option<Moment>,
}

impl CheckRow {
    pub fn begun(order_id: &str, entered: i64) -> CheckRow {
        CheckRow {
            order_id: order_id.to_owned(),
            entered,
            state: State::Asking,
            reason: None,
            code: None,
            reference: None,
            tries: 0,
            ends_at: None,
        }
    }
}

pub async fn find(tx: &mut Tx, order_id: &str) -> Result<Option<CheckRow>, StoreError> {
    let row = sqlx::query(
        "SELECT entered, state, reason, code, reference, tries, ends_at FROM identity_checks WHERE order_id = $1",
    )
    .bind(order_id)
    .fetch_optional(tx)
    .await?;
    row.map(|row| {
        let code: String = row.try_get("state")?;
        let state = State::ALL.into_iter().find(|state| state.code() == code);
        let state =
            state.ok_or_else(|| StoreError::impossible("identity_checks", "state", order_id, &code))?;
        Ok(CheckRow {
            order_id: order_id.to_owned(),
            entered: row.try_get("entered")?,
            state,
            reason: row.try_get("reason")?,
            code: row.try_get("code")?,
            reference: row.try_get("reference")?,
            tries: row.try_get("tries")?,
            ends_at: row.try_get::<Option<i64>, _>("ends_at")?.map(Moment::from_millis),
        })
    })
    .transpose()
}

pub async fn keep(tx: &mut Tx, row: &CheckRow, now: Moment) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO identity_checks (order_id, entered, state, reason, code, reference, tries, ends_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (order_id) DO UPDATE SET entered = excluded.entered, state = excluded.state,
             reason = excluded.reason, code = excluded.code, reference = excluded.reference,
             tries = excluded.tries, ends_at = excluded.ends_at, changed_at = excluded.changed_at",
    )
    .bind(&row.order_id)
    .bind(row.entered)
    .bind(row.state.code())
    .bind(&row.reason)
    .bind(&row.code)
    .bind(&row.reference)
    .bind(row.tries)
    .bind(row.ends_at.map(Moment::millis))
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// One question about a card, phone or account, and about a person. The same question again is not counted again.
pub async fn record_question(
    tx: &mut Tx,
    id: &str,
    subject: &[u8],
    person: &[u8],
    wrong: bool,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO identity_questions (id, subject, person, asked_at, wrong) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET wrong = excluded.wrong",
    )
    .bind(id)
    .bind(subject)
    .bind(person)
    .bind(now.millis())
    .bind(i64::from(wrong))
    .execute(tx)
    .await?;
    Ok(())
}

/// The answer was right after all (the remark's code was entered).
pub async fn right(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE identity_questions SET wrong = 0 WHERE id = $1").bind(id).execute(tx).await?;
    Ok(())
}

/// (wrong answers about this subject, questions about this person) since then, this question not counted.
pub async fn count(
    tx: &mut Tx,
    id: &str,
    subject: &[u8],
    person: &[u8],
    since: Moment,
) -> Result<(i64, i64), StoreError> {
    let row = sqlx::query(
        "SELECT (SELECT count(*) FROM identity_questions
                 WHERE subject = $1 AND wrong = 1 AND asked_at >= $3 AND id <> $4) AS wrong,
                (SELECT count(*) FROM identity_questions
                 WHERE person = $2 AND asked_at >= $3 AND id <> $4) AS asked",
    )
    .bind(subject)
    .bind(person)
    .bind(since.millis())
    .bind(id)
    .fetch_one(tx)
    .await?;
    Ok((row.try_get("wrong")?, row.try_get("asked")?))
}
