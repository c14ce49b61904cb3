//! Method 3: one fen to the holder's own account, the authorisation code as its remark (R012, A29). Our number is kept
//! before the bank hears of it: a second run asks the bank, and never pays twice.

use super::Identity;
use super::ask::question;
use crate::errand::Outcome;
use crate::fault::Fault;
use crate::outside::CallError;
use crate::passcode::is_weak;
use crate::post::transfer::{Transfer, TransferFact};
use crate::store;
use crate::store::identity_checks::{CheckRow, State};
use crate::store::orders::OrderRow;
use journey::details::DetailsForm;
use journey::identity::IdentityMethod;
use journey::moment::Moment;
use journey::money::Fen;
use journey::secret::Passcode;

/// The bank allows one question an account in ten seconds.
const ASK_BANK_S: i64 = 12;
const ASK_BANK_FIRST_S: i64 = 2;
/// Digits alone stand in a remark.
const DIGITS: usize = 8;
/// R081: whoever keeps the books looks at the account within these days.
pub(super) const REMARK_DAYS: i64 = 3;

impl Identity {
    pub(super) async fn transfer(
        &self,
        row: &OrderRow,
        check: CheckRow,
        form: &DetailsForm,
    ) -> Result<Outcome, Fault> {
        let (reference, code) = match (&check.reference, &check.code) {
            (Some(reference), Some(sealed)) => {
                match self.bank.query(reference).await {
                    Ok(TransferFact::NotExist) => {}
                    Ok(TransferFact::Pending) => return Ok(self.ask_again(ASK_BANK_S)),
                    Ok(TransferFact::Done) => return Ok(self.arrived(check)),
                    Ok(TransferFact::Failed { .. } | TransferFact::Returned { .. }) => {
                        return Ok(self.failed(&check, "transfer_failed"));
                    }
                    Err(error) => return Ok(Outcome::Again { why: error.to_string() }),
                }
                let clear = self.ground.sealing.open(&place(&row.id), sealed)?;
                (reference.clone(), Passcode::new(String::from_utf8_lossy(&clear).into_owned()))
            }
            _ => self.prepare(row, &check, form).await?,
        };
        let transfer = Transfer {
            reference,
            to_account: form.account_number.clone(),
            to_name: form.account_name.clone(),
            bank_name: form.account_bank.clone(),
            bank_code: form.account_bank_code.clone(),
            amount: Fen(1),
            remark: code,
        };
        match self.bank.pay(&transfer).await {
            Ok(_) => Ok(self.ask_again(ASK_BANK_FIRST_S)),
            Err(CallError::Refused { .. }) => Ok(self.failed(&check, "transfer_failed")),
            Err(error) => Ok(Outcome::Again { why: error.to_string() }),
        }
    }

    /// Draws the code and our number. It counts as wrong until the code comes back: nobody makes us pay for ever.
    async fn prepare(
        &self,
        row: &OrderRow,
        check: &CheckRow,
        form: &DetailsForm,
    ) -> Result<(String, Passcode), Fault> {
        let code = loop {
            let digits = zeroize::Zeroizing::new(self.ground.dice.digits(DIGITS));
            if !is_weak(&digits) {
                break Passcode::new(digits.as_str());
            }
        };
        let reference = format!("{}U{}", row.number, self.ground.dice.digits(6));
        let sealed = self.ground.sealing.seal(&place(&row.id), code.expose().as_bytes());
        let kept = CheckRow {
            state: State::Sending,
            code: Some(sealed),
            reference: Some(reference.clone()),
            ..check.clone()
        };
        let question = question(self, row, form, IdentityMethod::CompanyTransfer);
        let now = self.ground.now();
        let written = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let (id, subject, person) = (&question.id, &question.subject, &question.person);
                store::identity_checks::record_question(tx, id, subject, person, true, now).await?;
                store::identity_checks::keep(tx, &kept, now).await
            })
        });
        written.await.map_err(Fault::Store)?;
        Ok((reference, code))
    }

    fn arrived(&self, check: CheckRow) -> Outcome {
        let now = self.ground.now();
        let ends_at = Some(now.plus_days(REMARK_DAYS));
        let row = CheckRow { state: State::Sent, reason: None, ends_at, ..check };
        Outcome::write(move |tx| {
            Box::pin(async move { Ok(store::identity_checks::keep(tx, &row, now).await?) })
        })
    }

    fn ask_again(&self, after_s: i64) -> Outcome {
        let at = Moment::from_millis(self.ground.now().millis() + after_s * 1000);
        Outcome::Later { at, why: "the bank has the transfer" }
    }
}

pub(super) fn place(order_id: &str) -> String {
    format!("identity_checks.code/{order_id}")
}
