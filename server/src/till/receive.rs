//! Money has come, says a verified notice or a verified answer. Applied once, whichever comes first and how often (R131,
//! R132).

use super::provider::TradeFact;
use super::{Till, order_for};
use crate::advance::{MoveError, advance};
use crate::errand::Outcome;
use crate::fault::Fault;
use crate::store::attempts::AttemptState;
use crate::store::{self, Tx};
use journey::actor::Actor;
use journey::event::Event;
use journey::moment::Moment;
use journey::money::Fen;

/// After an attempt's end its provider is asked this much longer: a payment may have begun in the last second.
const GRACE_MINUTES: i64 = 15;

impl Till {
    /// # Errors
    /// The store's own. A wrong amount, a repetition, an unknown number are no errors: they are kept and logged.
    pub(super) async fn receive(
        &self,
        out_trade_no: &str,
        transaction: &str,
        amount: Fen,
        at: Moment,
    ) -> Result<(), Fault> {
        let (till, no, transaction) = (self.clone(), out_trade_no.to_owned(), transaction.to_owned());
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move { till.receive_in(tx, &no, &transaction, amount, at).await })
            })
            .await
    }

    pub(super) async fn receive_in(
        &self,
        tx: &mut Tx,
        out_trade_no: &str,
        transaction: &str,
        amount: Fen,
        at: Moment,
    ) -> Result<(), Fault> {
        let Some(attempt) = store::attempts::find_by_out_trade_no(tx, out_trade_no).await? else {
            tracing::error!(out_trade_no, "money for an attempt that is not ours");
            return Ok(());
        };
        if attempt.transaction_no.is_some() {
            return Ok(());
        }
        let row = store::orders::load(tx, &attempt.order_id).await?;
        let event = Event::PaymentReceived {
            attempt: attempt.out_trade_no.clone(),
            channel: attempt.channel,
            amount,
        };
        let state = if amount == attempt.amount {
            match advance(tx, &self.ground, row, None, event, &Actor::Provider).await {
                Ok(row) => {
                    let counts = row.order.paid.as_ref().is_some_and(|p| p.attempt == attempt.out_trade_no);
                    if counts { AttemptState::Paid } else { AttemptState::Surplus }
                }
                Err(MoveError::Refused(refusal)) => {
                    tracing::error!(out_trade_no, %refusal, "money that the rules do not take: frozen");
                    AttemptState::Mismatch
                }
                Err(error) => return Err(error.into()),
            }
        } else {
            tracing::error!(
                out_trade_no,
                due = attempt.amount.get(),
                came = amount.get(),
                "wrong amount: frozen"
            );
            AttemptState::Mismatch
        };
        store::attempts::receive(tx, &attempt.id, state, transaction, amount, at).await?;
        Ok(())
    }

    /// 「我已支付」: asks the provider of the order's newest attempt now.
    ///
    /// # Errors
    /// No such order for this visit. A provider that is away is no error: the page goes on waiting.
    pub async fn ask_now(&self, visit: &[u8], number: &str) -> Result<(), Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, number).await?;
        let attempts = store::attempts::list_for_order(&mut reader, &row.id).await?;
        drop(reader);
        if row.order.paid.is_some() {
            return Ok(());
        }
        for attempt in attempts.iter().filter(|attempt| attempt.transaction_no.is_none()).take(2) {
            // The page's poll and an impatient finger must not become a load on the provider.
            let recently = self.ground.now().millis() - 3_000;
            if attempt.asked_at.is_some_and(|at| at.millis() > recently) {
                continue;
            }
            let Some(provider) = self.provider(attempt.channel) else { continue };
            self.note_question(&attempt.id).await?;
            match provider.query(&attempt.out_trade_no).await {
                Ok(TradeFact::Paid { transaction, amount, at, .. }) => {
                    self.receive(&attempt.out_trade_no, &transaction, amount, at).await?;
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, channel = attempt.channel.code(), "provider did not answer")
                }
            }
        }
        Ok(())
    }

    async fn note_question(&self, attempt_id: &str) -> Result<(), Fault> {
        let (id, now) = (attempt_id.to_owned(), self.ground.now());
        let noted = self
            .ground
            .store
            .write(move |tx| Box::pin(async move { store::attempts::asked(tx, &id, now).await }));
        noted.await.map_err(Fault::Store)
    }

    /// The errand behind every attempt: asks until it is known, so that a lost notice loses nothing (R147).
    ///
    /// # Errors
    /// The store's own.
    pub async fn ask_provider(&self, attempt_id: &str) -> Result<Outcome, Fault> {
        let attempt = self.load(attempt_id).await?;
        if attempt.transaction_no.is_some() {
            return Ok(Outcome::done());
        }
        let Some(provider) = self.provider(attempt.channel) else {
            return Ok(Outcome::give_up("the channel's settings are gone"));
        };
        let now = self.ground.now();
        match provider.query(&attempt.out_trade_no).await {
            Ok(TradeFact::Paid { transaction, amount, at, .. }) => {
                let till = self.clone();
                Ok(Outcome::write(move |tx| {
                    Box::pin(async move {
                        till.receive_in(tx, &attempt.out_trade_no, &transaction, amount, at).await
                    })
                }))
            }
            Ok(_) if now > attempt.ends_at.plus_minutes(GRACE_MINUTES) => Ok(Outcome::write(move |tx| {
                Box::pin(async move {
                    for from in [AttemptState::Open, AttemptState::Closing] {
                        store::attempts::change(tx, &attempt.id, from, AttemptState::Closed).await?;
                    }
                    Ok(())
                })
            })),
            Ok(_) => Ok(Outcome::Later { at: next_question(now, attempt.opened_at), why: "not paid yet" }),
            Err(error) => Ok(Outcome::Again { why: error.to_string() }),
        }
    }
}

/// Often at first, then every five minutes.
fn next_question(now: Moment, opened_at: Moment) -> Moment {
    let age_s = (now.millis() - opened_at.millis()) / 1000;
    Moment::from_millis(now.millis() + (age_s / 2).clamp(15, 300) * 1000)
}
