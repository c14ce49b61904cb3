//! Where certificates stand after their issuing, and what changed when.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// What a standing is judged by. `state` is as the column has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingRow {
    pub serial: String,
    pub issuer: String,
    pub order_id: Option<String>,
    pub state: String,
    /// A certificate was signed, whether it ever counted or not.
    pub signed: bool,
    /// Since when it is off, and why (RFC 5280, 5.3.1).
    pub status_at: Option<Moment>,
    pub reason: Option<u8>,
    pub not_after: Option<Moment>,
}

/// `SELECT` of what a [`StandingRow`] has, and what follows.
macro_rules! select {
    ($($rest:literal),+) => {
        concat!(
            "SELECT serial, issuer, order_id, partner, partner_number, state, certificate IS NOT NULL AS signed,
             CASE WHEN state IN ('on_hold', 'revoked', 'discarded') THEN COALESCE(status_at, signed_at) END AS status_at,
             CASE state WHEN 'discarded' THEN COALESCE(reason, 4) ELSE reason END AS reason, not_after",
            $($rest),+
        )
    };
}

fn standing(row: &SqliteRow) -> Result<StandingRow, StoreError> {
    let serial: String = row.try_get("serial")?;
    let reason: Option<i64> = row.try_get("reason")?;
    let reason = reason.map(u8::try_from).transpose();
    Ok(StandingRow {
        issuer: row.try_get("issuer")?,
        order_id: row.try_get("order_id")?,
        state: row.try_get("state")?,
        signed: row.try_get("signed")?,
        status_at: moment(row, "status_at")?,
        reason: reason.map_err(|e| StoreError::impossible("certificates", "reason", &serial, e))?,
        not_after: moment(row, "not_after")?,
        serial,
    })
}

fn moment(row: &SqliteRow, column: &str) -> Result<Option<Moment>, StoreError> {
    let millis: Option<i64> = row.try_get(column)?;
    Ok(millis.map(Moment::from_millis))
}

pub async fn find(tx: &mut Tx, serial: &str) -> Result<Option<StandingRow>, StoreError> {
    let row =
        sqlx::query(select!(" FROM certificates WHERE serial = $1")).bind(serial).fetch_optional(tx).await?;
    row.as_ref().map(standing).transpose()
}

/// What was issued for an order and not put aside since.
pub async fn list_of_order(tx: &mut Tx, order_id: &str) -> Result<Vec<StandingRow>, StoreError> {
    let sql = select!(" FROM certificates WHERE order_id = $1 AND state <> 'discarded' ORDER BY slot DESC");
    let rows = sqlx::query(sql).bind(order_id).fetch_all(tx).await?;
    rows.iter().map(standing).collect()
}

/// The certificate and what was issued together with it: for the same order, or for the same request of a partner.
pub async fn list_pair_of(tx: &mut Tx, serial: &str) -> Result<Vec<StandingRow>, StoreError> {
    let sql = concat!(
        select!(" FROM certificates WHERE serial = $1 UNION "),
        select!(
            " FROM certificates WHERE state <> 'discarded' AND order_id =
             (SELECT order_id FROM certificates WHERE serial = $1 AND state <> 'discarded') UNION "
        ),
        select!(
            " FROM certificates WHERE state <> 'discarded' AND (partner, partner_number) =
             (SELECT partner, partner_number FROM certificates WHERE serial = $1 AND state <> 'discarded')"
        )
    );
    let rows = sqlx::query(sql).bind(serial).fetch_all(tx).await?;
    rows.iter().map(standing).collect()
}

/// A change as it is written down.
pub struct Change<'a> {
    pub row: &'a StandingRow,
    pub state: &'a str,
    /// `good`, `on_hold` or `revoked`; `None` where nothing was signed and nobody is told.
    pub told: Option<&'a str>,
    pub reason: Option<u8>,
    pub at: Moment,
    pub by: &'a str,
    pub why: &'a str,
}

/// The row and its line, in the caller's transaction. `false`: somebody else moved the row since it was read.
pub async fn record_change(tx: &mut Tx, change: &Change<'_>) -> Result<bool, StoreError> {
    let off = change.told.is_some_and(|told| told != "good");
    let done = sqlx::query(
        "UPDATE certificates SET state = $1, status_at = $2, reason = $3 WHERE serial = $4 AND state = $5",
    )
    .bind(change.state)
    .bind(off.then_some(change.at.millis()))
    .bind(change.reason.filter(|_| off))
    .bind(&change.row.serial)
    .bind(&change.row.state)
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    let Some(told) = change.told else { return Ok(true) };
    sqlx::query(
        "INSERT INTO status_changes (serial, issuer, status, reason, at, by, why) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&change.row.serial)
    .bind(&change.row.issuer)
    .bind(told)
    .bind(change.reason)
    .bind(change.at.millis())
    .bind(change.by)
    .bind(change.why)
    .execute(tx)
    .await?;
    Ok(true)
}

/// One line of a certificate's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LifeLine {
    pub status: String,
    pub reason: Option<u8>,
    pub at: Moment,
    pub by: String,
    pub why: String,
}

/// What happened to one certificate, the first first.
pub async fn list_life(tx: &mut Tx, serial: &str) -> Result<Vec<LifeLine>, StoreError> {
    let rows = sqlx::query(
        "SELECT status, reason, at, by, why FROM status_changes WHERE serial = $1 ORDER BY sequence",
    )
    .bind(serial)
    .fetch_all(tx)
    .await?;
    let line = |row: &SqliteRow| {
        let reason: Option<i64> = row.try_get("reason")?;
        Ok(LifeLine {
            status: row.try_get("status")?,
            reason: reason.and_then(|reason| u8::try_from(reason).ok()),
            at: Moment::from_millis(row.try_get("at")?),
            by: row.try_get("by")?,
            why: row.try_get("why")?,
        })
    };
    rows.iter().map(line).collect()
}

/// Changes after this one, in order: (sequence, issuer, serial).
pub async fn list_changes_after(
    tx: &mut Tx,
    sequence: i64,
    count: i64,
) -> Result<Vec<(i64, String, String)>, StoreError> {
    let rows = sqlx::query_as(
        "SELECT sequence, issuer, serial FROM status_changes WHERE sequence > $1 ORDER BY sequence LIMIT $2",
    );
    Ok(rows.bind(sequence).bind(count).fetch_all(tx).await?)
}

/// The sequence of the issuer's last change; 0 before the first.
pub async fn last_change(tx: &mut Tx, issuer: &str) -> Result<i64, StoreError> {
    let last: (Option<i64>,) = sqlx::query_as("SELECT max(sequence) FROM status_changes WHERE issuer = $1")
        .bind(issuer)
        .fetch_one(tx)
        .await?;
    Ok(last.0.unwrap_or(0))
}

/// The sequence of the last change of all; 0 before the first.
pub async fn last_change_of_all(tx: &mut Tx) -> Result<i64, StoreError> {
    let last: (Option<i64>,) =
        sqlx::query_as("SELECT max(sequence) FROM status_changes").fetch_one(tx).await?;
    Ok(last.0.unwrap_or(0))
}

/// What a full list holds: everything that is off and had not ended at `not_ended_at`.
pub async fn list_off(
    tx: &mut Tx,
    issuer: &str,
    not_ended_at: Moment,
) -> Result<Vec<StandingRow>, StoreError> {
    let sql = select!(
        " FROM certificates WHERE issuer = $1 AND state IN ('on_hold', 'revoked', 'discarded')
         AND certificate IS NOT NULL AND not_after >= $2"
    );
    let rows = sqlx::query(sql).bind(issuer).bind(not_ended_at.millis());
    rows.fetch_all(tx).await?.iter().map(standing).collect()
}

/// What a delta holds: where everything stands now that changed after `sequence`, and when it last changed.
pub async fn list_changed(
    tx: &mut Tx,
    issuer: &str,
    sequence: i64,
) -> Result<Vec<(StandingRow, Moment)>, StoreError> {
    let sql = select!(
        ", changed_at FROM certificates JOIN
         (SELECT serial AS changed, max(at) AS changed_at FROM status_changes
          WHERE issuer = $1 AND sequence > $2 GROUP BY serial) ON changed = serial"
    );
    let rows = sqlx::query(sql).bind(issuer).bind(sequence).fetch_all(tx).await?;
    let with_time = |row: &SqliteRow| Ok((standing(row)?, Moment::from_millis(row.try_get("changed_at")?)));
    rows.iter().map(with_time).collect()
}
