//! A provider's notice: verified, kept in the inbox once, applied in the same transaction, acknowledged.

use super::Till;
use super::provider::{Acknowledgement, Notice, NoticeFact, RefundFact};
use crate::fault::Fault;
use crate::store::{self, Tx};
use journey::payment::Channel;

impl Till {
    /// The answer for the provider; `None` when this channel is not ours.
    pub async fn notice(
        &self,
        channel: Channel,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Option<Acknowledgement> {
        let provider = self.provider(channel)?;
        let notice = match provider.parse_notice(headers, body, self.ground.now()) {
            Ok(notice) => notice,
            Err(error) => {
                tracing::warn!(channel = channel.code(), %error, "notice refused");
                return Some(provider.acknowledge(false));
            }
        };
        let digest = ring::digest::digest(&ring::digest::SHA256, body).as_ref().to_vec();
        let till = self.clone();
        let kept = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let now = till.ground.now();
                if store::attempts::record_notice(tx, channel.code(), &notice.event_id, &digest, now).await? {
                    till.apply(tx, notice).await?;
                }
                Ok::<_, Fault>(())
            })
        });
        let kept = kept
            .await
            .inspect_err(|error| tracing::error!(%error, "notice not kept: the provider repeats it"));
        Some(provider.acknowledge(kept.is_ok()))
    }

    async fn apply(&self, tx: &mut Tx, notice: Notice) -> Result<(), Fault> {
        match notice.fact {
            NoticeFact::Payment { out_trade_no, transaction, amount, at } => {
                self.receive_in(tx, &out_trade_no, &transaction, amount, at).await
            }
            NoticeFact::Refund {
                out_trade_no,
                out_refund_no,
                fact: RefundFact::Succeeded { amount, .. },
            } => self.refunded_in(tx, &out_trade_no, &out_refund_no, amount).await,
            NoticeFact::Refund { out_refund_no, fact, .. } => {
                tracing::warn!(out_refund_no, ?fact, "refund notice");
                Ok(())
            }
            NoticeFact::Other(word) => {
                tracing::info!(word, "notice that moves no money");
                Ok(())
            }
        }
    }
}
