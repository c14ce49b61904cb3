//! The passcode once more (B27): so often in all, so far apart, by the same channel to the same phone; and what the carrier
//! says of its arrival. The bank's transfer is not repeated: its remark stands on the statement.

use super::Post;
use super::message::{Message, SendError};
use super::sms::Report;
use crate::details;
use crate::errand::{self, Errand, Outcome};
use crate::fault::Fault;
use crate::follow_up::{PASSCODE_TEXT, passcode_view};
use crate::passcode::place;
use crate::store;
use crate::store::texts::{self, Delivery};
use crate::visits::order_for;
use journey::event::EventKind;
use journey::identity::PasscodeChannel;
use journey::order::PasscodeState;
use journey::refusal::Refusal;
use journey::secret::Passcode;

impl Post {
    /// # Errors
    /// The passcode is not one that can be sent (not yet, no more, not by SMS); too soon; too often.
    pub async fn ask_passcode_again(&self, visit: &[u8], number: String) -> Result<(), Fault> {
        let (ground, visit) = (self.ground.clone(), visit.to_vec());
        let asked = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = order_for(tx, &visit, &number).await?;
                let view = passcode_view(tx, &row).await?.unwrap_or_default();
                if view.again_left == 0 {
                    let event = EventKind::PasscodeSent;
                    return Err(Refusal::NotHere { standing: row.order.standing, event }.into());
                }
                let now = ground.now();
                if let Some(wait) =
                    view.again_at.map(|at| at.millis() - now.millis()).filter(|wait| *wait > 0)
                {
                    let retry_after_s = u32::try_from((wait + 999) / 1000).unwrap_or(300);
                    return Err(Fault::SlowDown { retry_after_s });
                }
                // Asked twice before the first has left: one message.
                let key = format!("{}/{}", row.id, view.sendings.len());
                errand::record(tx, &ground, &Errand::PasscodeAgain { order_id: row.id }, &key, now).await?;
                Ok::<_, Fault>(())
            })
        });
        asked.await
    }

    /// # Errors
    /// The store's own.
    pub async fn passcode_again(&self, order_id: &str, key: &str) -> Result<Outcome, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = store::orders::load(&mut reader, order_id).await?;
        let kept = store::passcodes::find(&mut reader, order_id).await?;
        drop(reader);
        let sealed = kept.and_then(|kept| kept.sealed).filter(|_| row.order.passcode == PasscodeState::Sent);
        let (Some(sealed), Some(channel)) = (sealed, row.order.passcode_channel()) else {
            // Received meanwhile: nobody needs it any more.
            return Ok(Outcome::done());
        };
        let clear = self.ground.sealing.open(&place(order_id), &sealed)?;
        let passcode = Passcode::new(String::from_utf8_lossy(&clear).into_owned());
        let form = details::open(&self.ground, &row)?;
        let phone = match channel {
            PasscodeChannel::LegalPersonSms => &form.legal_person_phone,
            PasscodeChannel::AgentSms => &form.agent_phone,
            PasscodeChannel::TransferRemark | PasscodeChannel::OwnAccountRemark => return Ok(Outcome::done()),
        };
        match self.sms.send(phone, &Message::Passcode { passcode }).await {
            Ok(receipt) => Ok(self.noted(order_id, receipt.id, Delivery::Sent)),
            Err(error @ (SendError::Again(_) | SendError::Limited(_))) => {
                Ok(Outcome::Again { why: error.to_string() })
            }
            Err(SendError::GiveUp(why)) => {
                tracing::warn!(order = %row.number, why, "the passcode could not be sent again");
                Ok(self.noted(order_id, format!("refused/{key}"), Delivery::Failed))
            }
        }
    }

    fn noted(&self, order_id: &str, id: String, state: Delivery) -> Outcome {
        let (ground, order_id) = (self.ground.clone(), order_id.to_owned());
        Outcome::write(move |tx| {
            Box::pin(async move {
                let kind = PASSCODE_TEXT;
                Ok(texts::record(tx, &id, &order_id, kind, state, ground.now()).await?)
            })
        })
    }

    /// Takes a carrier's reports down. They are not signed, so all they change is what the order's page says of a message
    /// whose number only the carrier and we know.
    ///
    /// # Errors
    /// The store's own.
    pub async fn take_reports(&self, reports: Vec<Report>) -> Result<(), Fault> {
        let ground = self.ground.clone();
        let taken = self.ground.store.write(move |tx| {
            Box::pin(async move {
                for report in reports {
                    let state = if report.delivered { Delivery::Delivered } else { Delivery::Failed };
                    texts::report(tx, &report.id, state, ground.now()).await?;
                }
                Ok::<_, Fault>(())
            })
        });
        taken.await
    }
}
