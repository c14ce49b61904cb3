//! Giving money back by the way it came, once: the refund's number follows from the attempt's (R131, R142).

use super::Till;
use super::provider::{NewRefund, RefundFact};
use crate::advance::{MoveError, advance};
use crate::errand::Outcome;
use crate::fault::Fault;
use crate::store::{self, Tx};
use journey::actor::Actor;
use journey::event::Event;
use journey::money::Fen;

/// How long until a refund under way is asked about again.
const ASK_AGAIN_S: i64 = 30;

impl Till {
    /// The errand of a refund; safe to run again at any point.
    ///
    /// # Errors
    /// The store's own.
    pub async fn refund(&self, out_trade_no: &str, amount: Fen) -> Result<Outcome, Fault> {
        let mut reader = self.ground.store.read().await?;
        let Some(attempt) = store::attempts::find_by_out_trade_no(&mut reader, out_trade_no).await? else {
            return Ok(Outcome::give_up("no such attempt"));
        };
        drop(reader);
        let Some(provider) = self.provider(attempt.channel) else {
            return Ok(Outcome::give_up("the channel's settings are gone"));
        };
        let out_refund_no = format!("{out_trade_no}R");
        let (ground, no, kept) = (self.ground.clone(), out_refund_no.clone(), attempt.clone());
        self.ground
            .store
            .write(move |tx| {
                Box::pin(
                    async move { store::attempts::record_refund(tx, &no, &kept, amount, ground.now()).await },
                )
            })
            .await
            .map_err(Fault::Store)?;
        let wanted = NewRefund {
            out_trade_no: attempt.out_trade_no.clone(),
            out_refund_no: out_refund_no.clone(),
            amount,
            total: attempt.amount,
            reason: "证书申请退款".to_owned(),
            notify_url: self.notify_url(attempt.channel),
        };
        let fact = provider.refund(&wanted).await;
        Ok(self.after_refund(fact, attempt.out_trade_no, out_refund_no))
    }

    fn after_refund(
        &self,
        fact: Result<RefundFact, crate::outside::CallError>,
        out_trade_no: String,
        out_refund_no: String,
    ) -> Outcome {
        let till = self.clone();
        match fact {
            Ok(RefundFact::Succeeded { amount, .. }) => Outcome::write(move |tx| {
                Box::pin(async move { till.refunded_in(tx, &out_trade_no, &out_refund_no, amount).await })
            }),
            Ok(RefundFact::Processing | RefundFact::NotExist) => Outcome::Later {
                at: journey::moment::Moment::from_millis(self.ground.now().millis() + ASK_AGAIN_S * 1000),
                why: "the refund is under way",
            },
            Ok(RefundFact::Closed | RefundFact::Abnormal) => Outcome::GiveUp {
                why: "the provider could not give the money back: a person must".to_owned(),
                write: Some(Box::new(move |tx| {
                    Box::pin(async move {
                        let now = till.ground.now();
                        store::attempts::change_refund(tx, &out_refund_no, "abnormal", now).await?;
                        Ok(())
                    })
                })),
            },
            Err(error) if error.again() => Outcome::Again { why: error.to_string() },
            Err(error) => Outcome::give_up(error),
        }
    }

    /// The money is back: written once, whoever reports it.
    pub(super) async fn refunded_in(
        &self,
        tx: &mut Tx,
        out_trade_no: &str,
        out_refund_no: &str,
        amount: Fen,
    ) -> Result<(), Fault> {
        let Some(attempt) = store::attempts::find_by_out_trade_no(tx, out_trade_no).await? else {
            tracing::error!(out_trade_no, "refund of an attempt that is not ours");
            return Ok(());
        };
        let now = self.ground.now();
        if !store::attempts::change_refund(tx, out_refund_no, "succeeded", now).await? {
            return Ok(());
        }
        let row = store::orders::load(tx, &attempt.order_id).await?;
        let event = Event::Refunded { attempt: attempt.out_trade_no, amount };
        match advance(tx, &self.ground, row, None, event, &Actor::Provider).await {
            Ok(_) => Ok(()),
            Err(MoveError::Refused(refusal)) => {
                tracing::error!(out_refund_no, %refusal, "a refund that the rules do not know of");
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }
}
