//! What the registers answered, by the digest of what was asked.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

pub struct AnswerRow<'a> {
    pub id: &'a str,
    pub order_id: &'a str,
    pub question: &'a [u8],
    pub holder: &'a [u8],
    pub answer: &'a str,
    pub asked_at: Moment,
}

pub async fn record(tx: &mut Tx, row: &AnswerRow<'_>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO registry_answers (id, order_id, question, holder, answer, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(row.id)
    .bind(row.order_id)
    .bind(row.question)
    .bind(row.holder)
    .bind(row.answer)
    .bind(row.asked_at.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// The newest answer to this question since then that was one.
pub async fn find_answer(tx: &mut Tx, question: &[u8], since: Moment) -> Result<Option<String>, StoreError> {
    let row = sqlx::query(
        "SELECT answer FROM registry_answers WHERE question = $1 AND asked_at >= $2 AND answer <> 'no_answer'
         ORDER BY asked_at DESC LIMIT 1",
    );
    let row = row.bind(question).bind(since.millis()).fetch_optional(tx).await?;
    row.map(|row| Ok(row.try_get("answer")?)).transpose()
}

/// How often was asked about this holder since then.
pub async fn count(tx: &mut Tx, holder: &[u8], since: Moment) -> Result<i64, StoreError> {
    let row =
        sqlx::query("SELECT count(*) AS asked FROM registry_answers WHERE holder = $1 AND asked_at >= $2");
    Ok(row.bind(holder).bind(since.millis()).fetch_one(tx).await?.try_get("asked")?)
}
