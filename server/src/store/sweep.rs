//! What has ended and is needed no more goes: visits with what they could see, staff sessions, codes, requests for codes,
//! the inbox of notices, and passcodes that nobody confirmed.

use super::{StoreError, Tx};
use journey::moment::Moment;

/// The limits on codes look back a day.
const ENDED_DAYS: i64 = 1;
/// Providers repeat a notice for two days at most.
const NOTICES_DAYS: i64 = 30;
/// A03: an applicant who has the parcel may never say so.
const PASSCODES_DAYS: i64 = 90;
/// A34: a transfer may be on its way for days, and its sender begins when it has arrived.
const REFERENCES_DAYS: i64 = 60;

/// Forgets it; gives how many rows.
pub async fn sweep(tx: &mut Tx, now: Moment) -> Result<u64, StoreError> {
    let statements = [
        ("DELETE FROM visits WHERE ends_at < $1", ENDED_DAYS),
        ("DELETE FROM staff_sessions WHERE ends_at < $1", ENDED_DAYS),
        ("DELETE FROM codes WHERE ends_at < $1", ENDED_DAYS),
        ("DELETE FROM code_requests WHERE at < $1", ENDED_DAYS),
        ("DELETE FROM queries WHERE ends_at < $1", ENDED_DAYS),
        ("DELETE FROM phone_links WHERE ends_at < $1", ENDED_DAYS),
        ("DELETE FROM order_starts WHERE at < $1", ENDED_DAYS),
        ("DELETE FROM identity_questions WHERE asked_at < $1", ENDED_DAYS),
        ("DELETE FROM provider_notices WHERE received_at < $1", NOTICES_DAYS),
        ("DELETE FROM remittance_references WHERE given_at < $1", REFERENCES_DAYS),
    ];
    let mut gone = 0;
    for (statement, days) in statements {
        let before = now.plus_days(-days).millis();
        gone += sqlx::query(statement).bind(before).execute(&mut *tx).await?.rows_affected();
    }
    // Until the key is made, production needs it.
    let passcodes = sqlx::query(
        "UPDATE passcodes SET sealed = NULL, destroyed_at = $1 WHERE sealed IS NOT NULL AND sealed_at < $2
         AND order_id NOT IN (SELECT id FROM orders WHERE standing IN ('passcode', 'production'))",
    );
    let passcodes =
        passcodes.bind(now.millis()).bind(now.plus_days(-PASSCODES_DAYS).millis()).execute(tx).await?;
    Ok(gone + passcodes.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Store, passcodes, visits};

    const DAY: i64 = 86_400_000;

    fn at(days: i64) -> Moment {
        Moment::from_millis(days * DAY)
    }

    #[tokio::test]
    async fn what_ended_goes_and_what_lives_stays() {
        let folder = std::env::temp_dir().join(format!("certhall-sweep-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let store = Store::open(&folder.join("office.db")).await.unwrap();
        let gone = store.write(|tx| {
            Box::pin(async move {
                visits::record(tx, &[1], at(98), at(98)).await?;
                visits::record(tx, &[2], at(98), at(99)).await?;
                for (id, days) in [("a", 98), ("b", 99)] {
                    sqlx::query("INSERT INTO code_requests VALUES ($1, '192.0.2.0/24', 's', $2)")
                        .bind(id)
                        .bind(days * DAY)
                        .execute(&mut *tx)
                        .await?;
                }
                for (id, days) in [("a", 69), ("b", 70)] {
                    sqlx::query("INSERT INTO provider_notices VALUES ('alipay', $1, x'00', $2)")
                        .bind(id)
                        .bind(days * DAY)
                        .execute(&mut *tx)
                        .await?;
                }
                for (id, standing, days) in
                    [("old", "receipt", 9), ("young", "receipt", 10), ("waits", "production", 9)]
                {
                    sqlx::query(
                        "INSERT INTO orders VALUES ($1, $1, '', '', $2, 1, '', NULL, NULL, NULL, NULL, 0, 0)",
                    )
                    .bind(id)
                    .bind(standing)
                    .execute(&mut *tx)
                    .await?;
                    passcodes::record(tx, id, b"sealed", at(days)).await?;
                }
                sweep(tx, at(100)).await
            })
        });
        assert_eq!(gone.await.unwrap(), 4);
        let mut reader = store.read().await.unwrap();
        assert!(!visits::alive(&mut reader, &[1], at(1), at(-1)).await.unwrap());
        assert!(visits::alive(&mut reader, &[2], at(1), at(-1)).await.unwrap());
        for (id, there) in [("old", false), ("young", true), ("waits", true)] {
            let passcode = passcodes::find(&mut reader, id).await.unwrap().expect("a row");
            assert_eq!(passcode.sealed.is_some(), there, "{id}");
        }
        drop(reader);
        store.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
