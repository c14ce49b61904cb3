//! Owns: the order's invoice: issued once on payment, kept, mailed, downloaded, reversed.
//! Never: the tax side's own number: while there is no tax platform, every document is a marked specimen.
//! Start at: `Invoices::issue`.

mod again;
pub mod document;
mod red_letter;

use crate::codes::PerAddressHour;
use crate::details;
use crate::errand::{self, Errand, Outcome};
use crate::fault::Fault;
use crate::ground::Ground;
use crate::paper::Fonts;
use crate::post::mail::{Attachment, Letter, Mailer};
use crate::post::words::{self, About, InvoiceWords, Letterhead};
use crate::settings::InvoiceSettings;
use crate::store;
use crate::store::invoices::InvoiceRow;
pub use crate::store::invoices::{Colour, Form};
use crate::store::orders::OrderRow;
use document::{Buyer, Invoice, Line, Rate, Seller, pdf, xml};
use journey::moment::Moment;
use journey::order::InvoiceState;
use journey::party::Party;
use journey::service::Service;
use journey::step::Step;
use std::sync::Arc;

/// How often a form that was open when the money came is looked at again.
const FORM_AGAIN_S: i64 = 30;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Invoices {
    ground: Ground,
    settings: Arc<InvoiceSettings>,
    fonts: Arc<Fonts>,
    mailer: Arc<dyn Mailer>,
    letterhead: Arc<Letterhead>,
    codes: PerAddressHour,
}

impl Invoices {
    pub fn new(
        ground: Ground,
        settings: InvoiceSettings,
        fonts: Fonts,
        mailer: Arc<dyn Mailer>,
        letterhead: Letterhead,
        codes: PerAddressHour,
    ) -> Invoices {
        Invoices {
            ground,
            settings: Arc::new(settings),
            fonts: Arc::new(fonts),
            mailer,
            letterhead: Arc::new(letterhead),
            codes,
        }
    }

    /// Makes the order's invoice and lets it be mailed (R027, R036). One that stands already stays.
    ///
    /// # Errors
    /// The store's own.
    pub async fn issue(&self, order_id: &str) -> Result<Outcome, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = store::orders::load(&mut reader, order_id).await?;
        let found = store::invoices::find(&mut reader, order_id).await?;
        drop(reader);
        // Reversed before it was made: there is nothing to make, and nothing to take back.
        if found.is_some() || row.order.invoice != InvoiceState::Ordered {
            return Ok(Outcome::done());
        }
        // The money came while the form was open again (R131): who buys is known when it is entered.
        if row.order.standing.is_open() && !row.order.settled.contains(&Step::Details) {
            let at = Moment::from_millis(self.ground.now().millis() + FORM_AGAIN_S * 1000);
            return Ok(Outcome::Later { at, why: "the form is being changed" });
        }
        let Some(invoice) = self.invoice(&row)? else {
            return Ok(Outcome::give_up("nothing was paid: nothing to invoice"));
        };
        let (fonts, drawn) = (self.fonts.clone(), invoice.clone());
        let pdf = tokio::task::spawn_blocking(move || pdf::write(&drawn, &fonts)).await;
        let pdf = match pdf.map_err(|e| Fault::Document(e.to_string()))? {
            Ok(pdf) => pdf,
            Err(error) => return Ok(Outcome::give_up(error)),
        };
        let record = InvoiceRow {
            number: invoice.number.clone(),
            order_id: row.id.clone(),
            amount: row.order.paid.as_ref().map_or(journey::money::Fen::ZERO, |paid| paid.amount),
            issued_at: invoice.issued_at,
            mailed_at: None,
            mail_error: None,
            reversed_at: None,
            red_number: None,
        };
        let (ground, text) = (self.ground.clone(), xml::write(&invoice));
        Ok(Outcome::write(move |tx| {
            Box::pin(async move {
                let row = store::orders::load(tx, &record.order_id).await?;
                if row.order.invoice != InvoiceState::Ordered {
                    return Ok(());
                }
                store::invoices::record(tx, &record, text.as_bytes(), &pdf).await?;
                let errand = Errand::MailInvoice { order_id: record.order_id.clone(), red: false };
                errand::record(tx, &ground, &errand, &record.order_id, ground.now()).await?;
                Ok(())
            })
        }))
    }

    fn invoice(&self, row: &OrderRow) -> Result<Option<Invoice>, Fault> {
        let Some(paid) = &row.order.paid else { return Ok(None) };
        let form = details::open(&self.ground, row)?;
        let organisation = row.order.party == Party::Organisation;
        Ok(Some(Invoice {
            number: self.ground.dice.digits(20),
            issued_at: self.ground.now(),
            seller: Seller {
                name: self.settings.seller_name.clone(),
                tax_number: self.settings.seller_tax_number.clone(),
            },
            buyer: Buyer {
                title: form.invoice_title.clone(),
                // A44: a company's title on a person's order has the number that the person gave for it.
                tax_number: if organisation {
                    Some(form.holder_id.clone())
                } else {
                    Some(form.invoice_tax_number.clone()).filter(|number| !number.is_empty())
                },
            },
            lines: vec![Line {
                name: match row.order.service {
                    // R107: a replacement pays for the medium alone.
                    Service::Replacement => "*信息技术服务*数字证书介质费".to_owned(),
                    _ => "*信息技术服务*数字证书服务费".to_owned(),
                },
                model: String::new(),
                unit: match row.order.service {
                    Service::Replacement => "个".to_owned(),
                    _ => "年".to_owned(),
                },
                quantity: 1,
                amount: paid.amount,
                rate: Rate::Services,
                tax_class: "3040203000000000000".to_owned(),
            }],
            remark: format!("订单号 {}", row.number),
            reverses: None,
            drawer: "系统".to_owned(),
            specimen: self.settings.specimen,
        }))
    }

    /// The invoice, or the red letter, to the reserved mailbox; what fails is seen on the order's page (R152).
    ///
    /// # Errors
    /// The store's own.
    pub async fn mail(&self, order_id: &str, red: bool) -> Result<Outcome, Fault> {
        let mut reader = self.ground.store.read().await?;
        let invoice = store::invoices::find(&mut reader, order_id).await?;
        drop(reader);
        // Reversed before its own letter left: the red letter's is enough.
        if invoice.is_some_and(|invoice| invoice.reversed_at.is_some() && !red) {
            return Ok(Outcome::done());
        }
        let (letter, red) = match self.letter_of(order_id, None, "invoice").await? {
            Ok(letter) => letter,
            Err(outcome) => return Ok(outcome),
        };
        let (ground, id) = (self.ground.clone(), order_id.to_owned());
        match self.mailer.send(&letter).await {
            Ok(()) => Ok(Outcome::write(move |tx| {
                Box::pin(async move { Ok(store::invoices::mailed(tx, &id, red, ground.now()).await?) })
            })),
            Err(error) => {
                let why = error.to_string();
                self.note_failure(order_id, &why).await?;
                Ok(if error.again() { Outcome::Again { why } } else { Outcome::give_up(why) })
            }
        }
    }

    /// The order's invoice as a letter, or its red letter (`true`) once there is one, to the reserved mailbox or to `to`; `kind`
    /// makes its Message-ID. The outcome where there is nothing to write.
    async fn letter_of(
        &self,
        order_id: &str,
        to: Option<String>,
        kind: &str,
    ) -> Result<Result<(Letter, bool), Outcome>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = store::orders::load(&mut reader, order_id).await?;
        let invoice = store::invoices::find(&mut reader, order_id).await?;
        let red = invoice.as_ref().is_some_and(|invoice| invoice.red_number.is_some());
        let colour = if red { Colour::Red } else { Colour::Blue };
        let pdf = store::invoices::find_document(&mut reader, order_id, colour, Form::Pdf).await?;
        let xml = store::invoices::find_document(&mut reader, order_id, colour, Form::Xml).await?;
        drop(reader);
        let (Some(invoice), Some(pdf), Some(xml)) = (invoice, pdf, xml) else {
            return Ok(Err(Outcome::give_up("no invoice to mail")));
        };
        if invoice.reversed_at.is_some() && !red {
            return Ok(Err(Outcome::done()));
        }
        let mut letter = self.letter(&row, &invoice, pdf, xml)?;
        letter.to = to.unwrap_or(letter.to);
        letter.message_id = format!("{}.{kind}", letter.message_id);
        Ok(Ok((letter, red)))
    }

    fn letter(
        &self,
        row: &OrderRow,
        invoice: &InvoiceRow,
        pdf: Vec<u8>,
        xml: Vec<u8>,
    ) -> Result<Letter, Fault> {
        let form = details::open(&self.ground, row)?;
        // As the document states it: the form may have been changed since.
        let title = std::str::from_utf8(&xml).ok().and_then(xml::read_parties).map(|(_, buyer)| buyer.title);
        let about = About { order: &row.number, holder: &form.holder_name };
        let facts = InvoiceWords {
            number: invoice.red_number.as_ref().unwrap_or(&invoice.number),
            title: title.as_ref().unwrap_or(&form.invoice_title),
            amount: invoice.amount,
            specimen: self.settings.specimen,
        };
        let (name, words) = match &invoice.red_number {
            Some(_) => ("红字电子发票", words::red_letter(&self.letterhead, about, facts, &invoice.number)),
            None => ("电子发票", words::invoice(&self.letterhead, about, facts)),
        };
        let attachment = |ending: &str, content_type: &str, bytes| Attachment {
            file_name: format!("{name}_{}.{ending}", facts.number),
            content_type: content_type.to_owned(),
            bytes,
        };
        Ok(Letter {
            to: form.email.clone(),
            subject: words.subject,
            text: words.text,
            attachments: vec![
                attachment("pdf", "application/pdf", pdf),
                attachment("xml", "application/xml", xml),
            ],
            message_id: format!("{}.{}", row.number, facts.number),
        })
    }

    async fn note_failure(&self, order_id: &str, why: &str) -> Result<(), Fault> {
        let (id, why) = (order_id.to_owned(), why.to_owned());
        self.ground
            .store
            .write(move |tx| Box::pin(async move { store::invoices::mail_failed(tx, &id, &why).await }))
            .await
            .map_err(Fault::Store)
    }

    /// The document of an order that this visit may see (R123).
    ///
    /// # Errors
    /// No such order for this visit, or no invoice yet.
    pub async fn document_for(
        &self,
        visit: &[u8],
        number: &str,
        colour: Colour,
        form: Form,
    ) -> Result<Vec<u8>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = crate::visits::order_for(&mut reader, visit, number).await?;
        store::invoices::find_document(&mut reader, &row.id, colour, form).await?.ok_or(Fault::NotFound)
    }
}
