//! The invoice as a PDF: one page, A5 across.

use super::{Invoice, page};
use crate::paper::{self, About, Fonts, PdfError};

/// A whole file. The invoice must have passed `check`. The same invoice gives the same bytes.
///
/// # Errors
/// A character without a glyph, or words that do not fit.
pub fn write(invoice: &Invoice, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let about = About {
        title: format!("电子发票 {}", invoice.number),
        author: invoice.seller.name.clone(),
        id: invoice.number.clone(),
        at: invoice.issued_at,
    };
    paper::write(&about, (page::WIDTH, page::HEIGHT), fonts, |canvas| page::draw(canvas, invoice))
}
