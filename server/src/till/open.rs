//! Opening an attempt: one at a time for an order, safe to repeat, the QR of exactly this order and amount (R146).

use super::provider::{NewAttempt, PayChannel, TradeFact};
use super::{Till, order_for};
use crate::errand::{self, Errand};
use crate::fault::Fault;
use crate::store::attempts::{Attempt, AttemptState};
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use app::desk::payments::PaymentView;
use journey::payment::{Channel, channels};
use journey::refusal::Refusal;
use journey::step::Step;
use std::sync::Arc;

/// How long a QR may be scanned. Both providers kill theirs after two hours.
const QR_MINUTES: i64 = 110;
/// A QR nearer to its end than this is replaced before it is shown again.
const FRESH_MINUTES: i64 = 5;
/// The first question to the provider, should its notice not come.
const FIRST_QUESTION_S: i64 = 20;

impl Till {
    /// # Errors
    /// No such order for this visit.
    pub async fn channels_for(&self, visit: &[u8], number: &str) -> Result<Vec<Channel>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, number).await?;
        let offered = channels(row.order.service, row.order.party);
        Ok(offered.iter().copied().filter(|channel| self.provider(*channel).is_some()).collect())
    }

    /// Gives the open attempt's QR, or opens one. Changing the channel settles the other attempt first: an attempt that
    /// was paid meanwhile wins, and the answer is that nothing is due.
    ///
    /// # Errors
    /// Not at its payment; channel not offered; the provider is away (nothing is lost, ask again).
    pub async fn open(&self, visit: &[u8], number: &str, channel: Channel) -> Result<PaymentView, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, number).await?;
        let old = store::attempts::list_for_order(&mut reader, &row.id).await?;
        drop(reader);
        let provider = self.offered(&row, channel)?.clone();
        if let Some(open) = old.into_iter().find(|attempt| attempt.state == AttemptState::Open) {
            let fresh = open.ends_at > self.ground.now().plus_minutes(FRESH_MINUTES);
            if open.channel == channel && fresh && Some(open.amount) == row.order.price {
                return self.show(&provider, open).await;
            }
            self.supersede(&open).await?;
        }
        let attempt = self.record(row, channel).await?;
        self.show(&provider, attempt).await
    }

    fn offered(&self, row: &OrderRow, channel: Channel) -> Result<&Arc<dyn PayChannel>, Fault> {
        if row.order.step() != Some(Step::Payment) {
            return Err(Refusal::NothingDue.into());
        }
        if !channels(row.order.service, row.order.party).contains(&channel) {
            return Err(Refusal::ChannelNotOffered { channel }.into());
        }
        Ok(self.provider(channel).ok_or(Refusal::ChannelNotOffered { channel })?)
    }

    /// Ends the old attempt before another is made: asks first, since it may have been paid this moment.
    async fn supersede(&self, open: &Attempt) -> Result<(), Fault> {
        let provider =
            self.provider(open.channel).ok_or(Refusal::ChannelNotOffered { channel: open.channel })?;
        let away = |error| Fault::Partner { partner: open.channel.code(), error };
        if let TradeFact::Paid { transaction, amount, at, .. } =
            provider.query(&open.out_trade_no).await.map_err(away)?
        {
            self.receive(&open.out_trade_no, &transaction, amount, at).await?;
            return Err(Refusal::NothingDue.into());
        }
        let (ground, id) = (self.ground.clone(), open.id.clone());
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    store::attempts::change(tx, &id, AttemptState::Open, AttemptState::Closing).await?;
                    let errand = Errand::CloseAttempt { attempt_id: id.clone() };
                    errand::record(tx, &ground, &errand, &id, ground.now()).await
                })
            })
            .await
            .map_err(Fault::Store)
    }

    /// Records the attempt under our number before the provider hears of it.
    async fn record(&self, row: OrderRow, channel: Channel) -> Result<Attempt, Fault> {
        let till = self.clone();
        self.ground
            .store
            .write(move |tx| Box::pin(async move { till.record_in(tx, &row.id, channel).await }))
            .await
    }

    async fn record_in(&self, tx: &mut Tx, order_id: &str, channel: Channel) -> Result<Attempt, Fault> {
        // Read again: between the page's question and this write the order may have been paid or withdrawn.
        let row = store::orders::load(tx, order_id).await?;
        let amount = row.order.price.filter(|_| row.order.step() == Some(Step::Payment));
        let amount = amount.ok_or(Refusal::NothingDue)?;
        let now = self.ground.now();
        let attempt = Attempt {
            id: self.ground.dice.id(),
            order_id: row.id,
            channel,
            // 18 digits of the order and 8 of dice: within WeChat's 32, and each attempt has its own.
            out_trade_no: format!("{}{}", row.number, self.ground.dice.digits(8)),
            amount,
            code: None,
            state: AttemptState::Open,
            transaction_no: None,
            opened_at: now,
            ends_at: now.plus_minutes(QR_MINUTES),
            asked_at: None,
        };
        store::attempts::record(tx, &attempt).await.map_err(|error| {
            // Two tabs opened one at once: the other one's stands.
            if error.is_duplicate() { Fault::Changed } else { error.into() }
        })?;
        let ask = Errand::AskProvider { attempt_id: attempt.id.clone() };
        let first = journey::moment::Moment::from_millis(now.millis() + FIRST_QUESTION_S * 1000);
        errand::record(tx, &self.ground, &ask, &attempt.id, first).await?;
        Ok(attempt)
    }

    /// The QR of an attempt; made now where the provider has not given one yet (safe to repeat by our number).
    async fn show(&self, provider: &Arc<dyn PayChannel>, attempt: Attempt) -> Result<PaymentView, Fault> {
        let _turn = self.turn_of(&attempt.id).await;
        // Read again: another tab may have got one while this one waited.
        let attempt = self.load(&attempt.id).await?;
        let code = match attempt.code {
            Some(code) => code,
            None => {
                let wanted = NewAttempt {
                    out_trade_no: attempt.out_trade_no.clone(),
                    amount: attempt.amount,
                    subject: "数字证书服务费".to_owned(),
                    expires_at: attempt.ends_at,
                    notify_url: self.notify_url(attempt.channel),
                };
                let partner = attempt.channel.code();
                let code =
                    provider.create(&wanted).await.map_err(|error| Fault::Partner { partner, error })?.0;
                let (id, kept) = (attempt.id.clone(), code.clone());
                self.ground
                    .store
                    .write(move |tx| {
                        Box::pin(async move { store::attempts::keep_code(tx, &id, &kept).await })
                    })
                    .await
                    .map_err(Fault::Store)?;
                code
            }
        };
        Ok(PaymentView {
            channel: attempt.channel,
            code,
            amount: attempt.amount,
            expires_at: attempt.ends_at,
        })
    }
}
