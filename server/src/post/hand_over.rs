//! The passcode's way: drawn and sealed, handed over by the channel of the chosen method, destroyed in the end.

use super::desk::Post;
use super::message::{Message, SendError};
use super::transfer::{Transfer, TransferFact};
use crate::advance::advance;
use crate::details;
use crate::errand::Outcome;
use crate::fault::Fault;
use crate::follow_up::PASSCODE_TEXT;
use crate::outside::quote::quote;
use crate::passcode::{DIGITS, is_weak, place};
use crate::store;
use crate::store::orders::OrderRow;
use crate::store::passcodes::PasscodeRow;
use crate::store::texts::Delivery;
use journey::actor::Actor;
use journey::event::Event;
use journey::identity::PasscodeChannel;
use journey::moment::Moment;
use journey::money::Fen;
use journey::order::PasscodeState;
use journey::party::Party;
use journey::secret::Passcode;
use journey::step::Step;

/// The bank allows one question an account in ten seconds.
const ASK_BANK_S: i64 = 12;
/// The first question may come soon: nobody asked yet.
const ASK_BANK_FIRST_S: i64 = 2;

impl Post {
    /// Draws and seals the initial PIN (A03), if the order still waits for one.
    ///
    /// # Errors
    /// The store's own.
    pub async fn seal_passcode(&self, order_id: &str) -> Result<Outcome, Fault> {
        let ground = self.ground.clone();
        let digits = loop {
            let digits = zeroize::Zeroizing::new(ground.dice.digits(DIGITS));
            if !is_weak(&digits) {
                break digits;
            }
        };
        let sealed = ground.sealing.seal(&place(order_id), digits.as_bytes());
        let id = order_id.to_owned();
        Ok(Outcome::write(move |tx| {
            Box::pin(async move {
                let row = store::orders::load(tx, &id).await?;
                if row.order.step() != Some(Step::Passcode) || is_alive(&row) {
                    return Ok(());
                }
                // What lies here is of a method that failed: its destruction may come later than this.
                store::passcodes::destroy(tx, &id, ground.now()).await?;
                store::passcodes::record(tx, &id, &sealed, ground.now()).await?;
                advance(tx, &ground, row, None, Event::PasscodeSealed, &Actor::Office).await?;
                Ok(())
            })
        }))
    }

    /// Sends it by the method's channel, once, and reports that it left or why it cannot.
    ///
    /// # Errors
    /// The store's own.
    pub async fn send_passcode(&self, order_id: &str) -> Result<Outcome, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = store::orders::load(&mut reader, order_id).await?;
        let kept = store::passcodes::find(&mut reader, order_id).await?;
        drop(reader);
        // Sent by an earlier run, or withdrawn: nobody gets it any more.
        if row.order.step() != Some(Step::Passcode) || row.order.passcode != PasscodeState::Sealed {
            return Ok(Outcome::done());
        }
        let (Some(channel), Some(kept)) = (row.order.passcode_channel(), kept) else {
            return Ok(Outcome::give_up("no passcode, or no channel for it"));
        };
        let Some(sealed) = &kept.sealed else {
            return Ok(Outcome::give_up("the passcode to send is destroyed"));
        };
        let clear = self.ground.sealing.open(&place(order_id), sealed)?;
        let passcode = Passcode::new(String::from_utf8_lossy(&clear).into_owned());
        let form = details::open(&self.ground, &row)?;
        match channel {
            PasscodeChannel::LegalPersonSms => self.by_sms(&row, &form.legal_person_phone, passcode).await,
            PasscodeChannel::AgentSms => self.by_sms(&row, &form.agent_phone, passcode).await,
            PasscodeChannel::TransferRemark | PasscodeChannel::OwnAccountRemark => {
                self.by_transfer(&row, &kept, &form, passcode).await
            }
        }
    }

    async fn by_sms(&self, row: &OrderRow, phone: &str, passcode: Passcode) -> Result<Outcome, Fault> {
        match self.sms.send(phone, &Message::Passcode { passcode }).await {
            Ok(receipt) => Ok(self.left(row, Some(receipt.id))),
            Err(error @ (SendError::Again(_) | SendError::Limited(_))) => {
                Ok(Outcome::Again { why: error.to_string() })
            }
            Err(SendError::GiveUp(why)) => Ok(self.failed(row, why)),
        }
    }

    /// One fen to the holder's account, the passcode as its remark (R014). Our number is kept before the bank hears of
    /// it: a second run asks the bank, and never pays twice.
    async fn by_transfer(
        &self,
        row: &OrderRow,
        kept: &PasscodeRow,
        form: &journey::details::DetailsForm,
        passcode: Passcode,
    ) -> Result<Outcome, Fault> {
        let reference = match &kept.reference {
            Some(reference) => {
                match self.bank.query(reference).await {
                    Ok(TransferFact::NotExist) => {}
                    Ok(TransferFact::Pending) => return Ok(self.ask_again(ASK_BANK_S)),
                    Ok(TransferFact::Done) if self.also_by_sms(row, form) => {
                        return self.by_sms(row, &form.agent_phone, passcode).await;
                    }
                    Ok(TransferFact::Done) => return Ok(self.left(row, None)),
                    Ok(TransferFact::Failed { reason } | TransferFact::Returned { reason }) => {
                        return Ok(self.failed(row, reason));
                    }
                    Err(error) => return Ok(Outcome::Again { why: error.to_string() }),
                }
                reference.clone()
            }
            None => self.new_reference(row).await?,
        };
        let transfer = Transfer {
            reference,
            to_account: form.account_number.clone(),
            to_name: form.account_name.clone(),
            bank_name: form.account_bank.clone(),
            bank_code: form.account_bank_code.clone(),
            amount: Fen(1),
            remark: passcode,
        };
        match self.bank.pay(&transfer).await {
            Ok(_) => Ok(self.ask_again(ASK_BANK_FIRST_S)),
            Err(crate::outside::CallError::Refused { code, message }) => {
                Ok(self.failed(row, format!("{code} {message}")))
            }
            Err(error) if error.again() => Ok(Outcome::Again { why: error.to_string() }),
            Err(error) => Ok(Outcome::give_up(error)),
        }
    }

    /// R049: a person's passcode comes by SMS, after a transfer too (A08). Who has no identity card gets it by the transfer
    /// alone (J41): nobody has confirmed whose phone it is.
    fn also_by_sms(&self, row: &OrderRow, form: &journey::details::DetailsForm) -> bool {
        self.remark_also_by_sms
            && row.order.party == Party::Person
            && form.holder_document.is_confirmed_online()
    }

    async fn new_reference(&self, row: &OrderRow) -> Result<String, Fault> {
        let reference = format!("{}P{}", row.number, self.ground.dice.digits(6));
        let (id, kept) = (row.id.clone(), reference.clone());
        self.ground
            .store
            .write(move |tx| Box::pin(async move { store::passcodes::keep_reference(tx, &id, &kept).await }))
            .await
            .map_err(Fault::Store)?;
        Ok(reference)
    }

    fn ask_again(&self, after_s: i64) -> Outcome {
        let at = Moment::from_millis(self.ground.now().millis() + after_s * 1000);
        Outcome::Later { at, why: "the bank has the transfer" }
    }

    /// `text` is the carrier's number of the message that carried it, where one did.
    fn left(&self, row: &OrderRow, text: Option<String>) -> Outcome {
        let (ground, id) = (self.ground.clone(), row.id.clone());
        Outcome::write(move |tx| {
            Box::pin(async move {
                store::passcodes::sent(tx, &id, ground.now()).await?;
                if let Some(text) = text {
                    let (kind, now) = (PASSCODE_TEXT, ground.now());
                    store::texts::record(tx, &text, &id, kind, Delivery::Sent, now).await?;
                }
                let row = store::orders::load(tx, &id).await?;
                advance(tx, &ground, row, None, Event::PasscodeSent, &Actor::Office).await?;
                Ok(())
            })
        })
    }

    /// A05: the applicant chooses another method; nothing more is paid.
    fn failed(&self, row: &OrderRow, reason: String) -> Outcome {
        // It stands in the journal and on the order's page, and the bank's words may name an account.
        let (ground, id, reason) = (self.ground.clone(), row.id.clone(), quote(&reason));
        tracing::warn!(order = %row.number, reason, "the passcode could not be handed over");
        Outcome::write(move |tx| {
            Box::pin(async move {
                let row = store::orders::load(tx, &id).await?;
                advance(tx, &ground, row, None, Event::PasscodeFailed { reason }, &Actor::Office).await?;
                Ok(())
            })
        })
    }

    /// Wipes it, unless the order has sealed another one since.
    ///
    /// # Errors
    /// None of its own.
    pub async fn destroy_passcode(&self, order_id: &str) -> Result<Outcome, Fault> {
        let (ground, id) = (self.ground.clone(), order_id.to_owned());
        Ok(Outcome::write(move |tx| {
            Box::pin(async move {
                if is_alive(&store::orders::load(tx, &id).await?) {
                    return Ok(());
                }
                Ok(store::passcodes::destroy(tx, &id, ground.now()).await?)
            })
        }))
    }
}

/// The order counts on the passcode that is sealed for it.
fn is_alive(row: &OrderRow) -> bool {
    matches!(row.order.passcode, PasscodeState::Sealed | PasscodeState::Sent)
}
