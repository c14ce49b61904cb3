//! The invoice once more: to the reserved mailbox, or, confirmed by the agent's phone, to another one (R029, R152).

use super::Invoices;
use crate::codes::{self, Wanted};
use crate::details;
use crate::errand::{self, CodePurpose, Errand, Outcome};
use crate::fault::Fault;
use crate::store::invoices::InvoiceRow;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx, invoice_mails};
use crate::visits::order_for;
use app::desk::error::{CodeRefusal, FieldError};
use journey::secret::SmsCode;
use std::net::IpAddr;

/// Letters with one invoice that may be asked for in a day.
const A_DAY: usize = 5;

impl Invoices {
    /// To the mailbox that the order reserved.
    ///
    /// # Errors
    /// No invoice yet; too often.
    pub async fn ask_again(&self, visit: &[u8], number: String) -> Result<(), Fault> {
        let (desk, visit) = (self.clone(), visit.to_vec());
        let asked = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = order_for(tx, &visit, &number).await?;
                desk.ask(tx, &row, None).await
            })
        });
        asked.await
    }

    /// A code to the agent's phone, before the invoice goes elsewhere.
    ///
    /// # Errors
    /// No invoice yet; too soon or too often.
    pub async fn send_mailbox_code(&self, visit: &[u8], ip: IpAddr, number: String) -> Result<String, Fault> {
        let (desk, visit) = (self.clone(), visit.to_vec());
        let sent = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = order_for(tx, &visit, &number).await?;
                if store::invoices::find(tx, &row.id).await?.is_none() {
                    return Err(Fault::NotFound);
                }
                let phone = details::open(&desk.ground, &row)?.agent_phone.clone();
                let wanted = Wanted { purpose: CodePurpose::Mailbox, subject: &row.id, ip };
                if let Err(refusal) = codes::ask(tx, &desk.ground, &wanted, desk.codes).await? {
                    return Ok(Err(refusal));
                }
                let sent = codes::send(tx, &desk.ground, &wanted, &phone).await?;
                Ok::<_, Fault>(sent.map(|()| journey::mask::phone(&phone)))
            })
        });
        sent.await?.map_err(Fault::Code)
    }

    /// To another mailbox, this once: the reserved one stays (R157).
    ///
    /// # Errors
    /// The mailbox is none; the code is wrong, old or used; too often.
    pub async fn ask_elsewhere(
        &self,
        visit: &[u8],
        number: String,
        mailbox: String,
        code: SmsCode,
    ) -> Result<(), Fault> {
        let mailbox = journey::entry::email::parse(&mailbox).map_err(|error| {
            Fault::Fields(vec![FieldError { field: "email".into(), code: error.code.into() }])
        })?;
        let (desk, visit) = (self.clone(), visit.to_vec());
        let asked = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = order_for(tx, &visit, &number).await?;
                // A counted try must be committed: it is an answer, not an error.
                let checked = codes::check(tx, &desk.ground, CodePurpose::Mailbox, &row.id, &code).await?;
                let phone_key = match checked {
                    Ok(phone_key) => phone_key,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                let phone = details::open(&desk.ground, &row)?.agent_phone.clone();
                if !desk.ground.sealing.digest_matches("phone", &phone, &phone_key) {
                    return Ok(Err(CodeRefusal::Gone));
                }
                desk.ask(tx, &row, Some(mailbox)).await?;
                Ok::<_, Fault>(Ok(()))
            })
        });
        asked.await?.map_err(Fault::Code)
    }

    async fn ask(&self, tx: &mut Tx, row: &OrderRow, to: Option<String>) -> Result<(), Fault> {
        // Of an invoice that was reversed it is the red letter that goes out once more.
        let gone = |invoice: InvoiceRow| invoice.reversed_at.is_some() && invoice.red_number.is_none();
        if store::invoices::find(tx, &row.id).await?.is_none_or(gone) {
            return Err(Fault::NotFound);
        }
        let (id, now) = (self.ground.dice.id(), self.ground.now());
        let day_ago = now.plus_hours(-24);
        let lately = invoice_mails::list(tx, &row.id).await?;
        if lately.iter().filter(|mail| mail.asked_at > day_ago).count() >= A_DAY {
            return Err(Fault::SlowDown { retry_after_s: 24 * 3600 });
        }
        let reserved = || Ok::<_, Fault>(details::open(&self.ground, row)?.email.clone());
        let mailbox = to.clone().map_or_else(reserved, Ok)?;
        invoice_mails::record(tx, &id, &row.id, &journey::mask::email(&mailbox), now).await?;
        let errand = Errand::MailInvoiceAgain { order_id: row.id.clone(), mail: id.clone(), to };
        Ok(errand::record(tx, &self.ground, &errand, &id, now).await?)
    }

    /// # Errors
    /// The store's own.
    pub async fn mail_again(&self, order_id: &str, mail: &str, to: Option<String>) -> Result<Outcome, Fault> {
        let reserved = to.is_none();
        let (letter, red) = match self.letter_of(order_id, to, &format!("invoice.{mail}")).await? {
            Ok(letter) => letter,
            Err(outcome) => return Ok(outcome),
        };
        let (ground, id, mail) = (self.ground.clone(), order_id.to_owned(), mail.to_owned());
        match self.mailer.send(&letter).await {
            Ok(()) => Ok(Outcome::write(move |tx| {
                Box::pin(async move {
                    if reserved {
                        store::invoices::mailed(tx, &id, red, ground.now()).await?;
                    }
                    Ok(invoice_mails::sent(tx, &mail, ground.now()).await?)
                })
            })),
            Err(error) => {
                let why = error.to_string();
                let noted = why.clone();
                let write = self
                    .ground
                    .store
                    .write(move |tx| Box::pin(async move { invoice_mails::failed(tx, &mail, &noted).await }));
                write.await.map_err(Fault::Store)?;
                Ok(if error.again() { Outcome::Again { why } } else { Outcome::give_up(why) })
            }
        }
    }
}
