//! What has ended and is needed no more goes: visits with what they could see, staff sessions, codes, requests for codes,
//! and the inbox of notices.

use super::{StoreError, Tx};
use journey::moment::Moment;

/// Forgets what ended before `ended`, and notices received before `noticed`; gives how many rows. The limits on codes look
/// back a day at most, and no provider repeats a notice for longer than two.
pub async fn sweep(tx: &mut Tx, ended: Moment, noticed: Moment) -> Result<u64, StoreError> {
    let statements = [
        ("DELETE FROM visits WHERE ends_at < $1", ended),
        ("DELETE FROM staff_sessions WHERE ends_at < $1", ended),
        ("DELETE FROM codes WHERE ends_at < $1", ended),
        ("DELETE FROM code_requests WHERE at < $1", ended),
        ("DELETE FROM provider_notices WHERE received_at < $1", noticed),
    ];
    let mut gone = 0;
    for (statement, before) in statements {
        gone += sqlx::query(statement).bind(before.millis()).execute(&mut *tx).await?.rows_affected();
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Store, visits};

    #[tokio::test]
    async fn what_ended_goes_and_what_lives_stays() {
        let folder = std::env::temp_dir().join(format!("certhall-sweep-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let store = Store::open(&folder.join("office.db")).await.unwrap();
        let at = Moment::from_millis;
        let gone = store.write(move |tx| {
            Box::pin(async move {
                visits::record(tx, &[1], at(0), at(99)).await?;
                visits::record(tx, &[2], at(0), at(100)).await?;
                sqlx::query("INSERT INTO code_requests VALUES ('a', '192.0.2.0/24', 's', 99), ('b', '192.0.2.0/24', 's', 100)")
                    .execute(&mut *tx)
                    .await?;
                sqlx::query("INSERT INTO provider_notices VALUES ('alipay', 'a', x'00', 49), ('alipay', 'b', x'00', 50)")
                    .execute(&mut *tx)
                    .await?;
                sweep(tx, at(100), at(50)).await
            })
        });
        assert_eq!(gone.await.unwrap(), 3);
        let mut reader = store.read().await.unwrap();
        assert!(!visits::alive(&mut reader, &[1], at(1), at(-1)).await.unwrap());
        assert!(visits::alive(&mut reader, &[2], at(1), at(-1)).await.unwrap());
        drop(reader);
        store.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
