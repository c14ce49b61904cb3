//! Errands: work recorded in the transaction that wants it, claimed under a lease, finished in the transaction that
//! stores its effect. A worker whose lease ran out cannot finish: the lease is a fencing token.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;

/// An errand as claimed. `body` is sealed.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub id: String,
    pub kind: String,
    pub key: String,
    pub body: Vec<u8>,
    /// Failures in a row, with this try.
    pub tries: i64,
    pub lease: String,
}

/// Records an errand; one of the same kind and key stands already: nothing happens.
pub async fn record(
    tx: &mut Tx,
    id: &str,
    kind: &str,
    key: &str,
    body: &[u8],
    run_at: Moment,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO errands (id, kind, key, body, state, run_at, recorded_at) VALUES ($1, $2, $3, $4, 'waiting', $5, $6)
         ON CONFLICT (kind, key) DO NOTHING",
    )
    .bind(id)
    .bind(kind)
    .bind(key)
    .bind(body)
    .bind(run_at.millis())
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// Claims up to `count` ready errands until `lease_until`.
pub async fn claim(
    tx: &mut Tx,
    count: i64,
    lease: &str,
    now: Moment,
    lease_until: Moment,
) -> Result<Vec<Claimed>, StoreError> {
    let rows = sqlx::query(
        "UPDATE errands SET lease = $1, lease_until = $2, tries = tries + 1
         WHERE id IN (SELECT id FROM errands WHERE state = 'waiting' AND run_at <= $3
                      AND (lease_until IS NULL OR lease_until < $3) ORDER BY run_at LIMIT $4)
         RETURNING id, kind, key, body, tries",
    )
    .bind(lease)
    .bind(lease_until.millis())
    .bind(now.millis())
    .bind(count)
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Claimed {
                id: row.try_get("id")?,
                kind: row.try_get("kind")?,
                key: row.try_get("key")?,
                body: row.try_get("body")?,
                tries: row.try_get("tries")?,
                lease: lease.to_owned(),
            })
        })
        .collect()
}

/// Gives back what a run that died had in hand: nobody waits for its lease to run out. Only for whoever knows that no
/// other run is alive.
pub async fn give_back_all(tx: &mut Tx) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE errands SET lease = NULL, lease_until = NULL WHERE state = 'waiting' AND lease IS NOT NULL",
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// Ends an errand well. `false`: the lease was lost, and whatever this transaction wrote must be undone.
pub async fn finish(tx: &mut Tx, errand: &Claimed, now: Moment) -> Result<bool, StoreError> {
    end(tx, errand, "done", None, now).await
}

/// Ends an errand that will never succeed; the operator sees it.
pub async fn give_up(tx: &mut Tx, errand: &Claimed, why: &str, now: Moment) -> Result<bool, StoreError> {
    end(tx, errand, "given_up", Some(why), now).await
}

async fn end(
    tx: &mut Tx,
    errand: &Claimed,
    state: &str,
    why: Option<&str>,
    now: Moment,
) -> Result<bool, StoreError> {
    // The body may hold a code or a passcode: it goes as soon as it is not needed.
    let done = sqlx::query(
        "UPDATE errands SET state = $1, last_error = $2, finished_at = $3, body = x'', lease = NULL, lease_until = NULL
         WHERE id = $4 AND lease = $5",
    )
    .bind(state)
    .bind(why)
    .bind(now.millis())
    .bind(&errand.id)
    .bind(&errand.lease)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts an errand back that has not failed: it waits for somebody else, and that is no try.
pub async fn later(tx: &mut Tx, errand: &Claimed, why: &str, run_at: Moment) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE errands SET run_at = $1, last_error = $2, tries = 0, lease = NULL, lease_until = NULL
         WHERE id = $3 AND lease = $4",
    )
    .bind(run_at.millis())
    .bind(why)
    .bind(&errand.id)
    .bind(&errand.lease)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts an errand back that has failed.
pub async fn again(tx: &mut Tx, errand: &Claimed, why: &str, run_at: Moment) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE errands SET run_at = $1, last_error = $2, lease = NULL, lease_until = NULL WHERE id = $3 AND lease = $4",
    )
    .bind(run_at.millis())
    .bind(why)
    .bind(&errand.id)
    .bind(&errand.lease)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// (waiting, given up): the operator's two numbers.
pub async fn count(tx: &mut Tx) -> Result<(i64, i64), StoreError> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END), 0) AS BIGINT) AS waiting,
                CAST(COALESCE(SUM(CASE WHEN state = 'given_up' THEN 1 ELSE 0 END), 0) AS BIGINT) AS given_up
         FROM errands",
    )
    .fetch_one(tx)
    .await?;
    Ok((row.try_get("waiting")?, row.try_get("given_up")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn at(millis: i64) -> Moment {
        Moment::from_millis(millis)
    }

    /// R147: a payment is asked about some thirty times; none of that is a failure.
    #[tokio::test]
    async fn waiting_is_no_try_and_failing_is_one() {
        let folder = std::env::temp_dir().join(format!("certhall-errands-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let store = Store::open(&folder.join("office.db")).await.unwrap();
        let tries = store.write(|tx| {
            Box::pin(async move {
                record(tx, "1", "ask_provider", "a", b"", at(0), at(0)).await?;
                for now in 1..=40 {
                    let errand = claim(tx, 1, "lease", at(now), at(now + 10)).await?.remove(0);
                    assert_eq!(errand.tries, 1);
                    assert!(later(tx, &errand, "not paid yet", at(now)).await?);
                }
                let mut tries = Vec::new();
                for now in 41..=43 {
                    let errand = claim(tx, 1, "lease", at(now), at(now + 10)).await?.remove(0);
                    tries.push(errand.tries);
                    assert!(again(tx, &errand, "away", at(now)).await?);
                }
                // A lost lease writes nothing.
                let errand = claim(tx, 1, "lease", at(50), at(60)).await?.remove(0);
                let lost = Claimed { lease: "older".to_owned(), ..errand };
                assert!(!later(tx, &lost, "", at(51)).await? && !finish(tx, &lost, at(51)).await?);
                Ok::<_, StoreError>(tries)
            })
        });
        assert_eq!(tries.await.unwrap(), [1, 2, 3]);
        store.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
