//! Closing attempts that are no longer wanted. "Closed" is never trusted before the QR's end: money may still come, and
//! then it counts or goes back (the rule book says which).

use super::Till;
use super::provider::{CloseOutcome, TradeFact};
use crate::errand::{self, Errand, Outcome};
use crate::fault::Fault;
use crate::store;
use crate::store::attempts::AttemptState;

impl Till {
    /// The order wants no more payments: each open attempt is to be closed.
    ///
    /// # Errors
    /// The store's own.
    pub async fn close_attempts(&self, order_id: &str) -> Result<Outcome, Fault> {
        let mut reader = self.ground.store.read().await?;
        let attempts = store::attempts::list_for_order(&mut reader, order_id).await?;
        let ground = self.ground.clone();
        Ok(Outcome::write(move |tx| {
            Box::pin(async move {
                for attempt in attempts.iter().filter(|attempt| attempt.state == AttemptState::Open) {
                    store::attempts::change(tx, &attempt.id, AttemptState::Open, AttemptState::Closing)
                        .await?;
                    let errand = Errand::CloseAttempt { attempt_id: attempt.id.clone() };
                    errand::record(tx, &ground, &errand, &attempt.id, ground.now()).await?;
                }
                Ok(())
            })
        }))
    }

    /// # Errors
    /// The store's own.
    pub async fn close_attempt(&self, attempt_id: &str) -> Result<Outcome, Fault> {
        let attempt = self.load(attempt_id).await?;
        let Some(provider) = self.provider(attempt.channel) else {
            return Ok(Outcome::give_up("the channel's settings are gone"));
        };
        match provider.close(&attempt.out_trade_no).await {
            // Alipay's unscanned QR lives on: `AskProvider` goes on asking until its end.
            Ok(CloseOutcome::Closed | CloseOutcome::NotYetScanned) => Ok(Outcome::write(move |tx| {
                Box::pin(async move {
                    store::attempts::change(tx, &attempt.id, AttemptState::Closing, AttemptState::Closed)
                        .await?;
                    Ok(())
                })
            })),
            Ok(CloseOutcome::AlreadyPaid) => match provider.query(&attempt.out_trade_no).await {
                Ok(TradeFact::Paid { transaction, amount, at, .. }) => {
                    let till = self.clone();
                    Ok(Outcome::write(move |tx| {
                        Box::pin(async move {
                            till.receive_in(tx, &attempt.out_trade_no, &transaction, amount, at).await
                        })
                    }))
                }
                Ok(_) => Ok(Outcome::Again { why: "paid, says closing; not paid, says asking".to_owned() }),
                Err(error) => Ok(Outcome::Again { why: error.to_string() }),
            },
            Err(error) if error.again() => Ok(Outcome::Again { why: error.to_string() }),
            Err(error) => Ok(Outcome::give_up(error)),
        }
    }
}
