//! The red letter (红字发票) of an invoice whose payment goes back (A53): made, kept and mailed like the invoice itself, so
//! that whoever has booked the one can book the other. Who bought and who sold is what the invoice says, whatever the form
//! or the settings say by now.

use super::document::{Invoice, pdf, xml};
use super::{Colour, Form, Invoices};
use crate::errand::{self, Errand, Outcome};
use crate::fault::Fault;
use crate::store;

impl Invoices {
    /// Reverses the order's invoice, once. One that was never made has nothing to take back.
    ///
    /// # Errors
    /// The store's own.
    pub async fn reverse(&self, order_id: &str) -> Result<Outcome, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = store::orders::load(&mut reader, order_id).await?;
        let blue = store::invoices::find(&mut reader, order_id).await?;
        let document = store::invoices::find_document(&mut reader, order_id, Colour::Blue, Form::Xml).await?;
        drop(reader);
        let Some(blue) = blue.filter(|blue| blue.reversed_at.is_none()) else { return Ok(Outcome::done()) };
        let Some(invoice) = self.invoice(&row)? else {
            return Ok(Outcome::give_up("nothing was paid: nothing to reverse"));
        };
        let document = document.and_then(|xml| String::from_utf8(xml).ok());
        let Some((seller, buyer)) = document.as_deref().and_then(xml::read_parties) else {
            return Ok(Outcome::give_up("the invoice does not say who bought"));
        };
        let red = Invoice {
            seller,
            buyer,
            remark: format!("被红冲蓝字发票号码 {}，{}", blue.number, invoice.remark),
            reverses: Some(blue.number),
            ..invoice
        };
        let (fonts, drawn) = (self.fonts.clone(), red.clone());
        let page = tokio::task::spawn_blocking(move || pdf::write(&drawn, &fonts)).await;
        let page = match page.map_err(|e| Fault::Document(e.to_string()))? {
            Ok(page) => page,
            Err(error) => return Ok(Outcome::give_up(error)),
        };
        let (ground, id, text) = (self.ground.clone(), order_id.to_owned(), xml::write(&red));
        Ok(Outcome::write(move |tx| {
            Box::pin(async move {
                let documents = (text.as_bytes(), page.as_slice());
                if store::invoices::reverse(tx, &id, &red.number, documents, ground.now()).await? {
                    let errand = Errand::MailInvoice { order_id: id, red: true };
                    errand::record(tx, &ground, &errand, &red.number, ground.now()).await?;
                }
                Ok(())
            })
        }))
    }
}
