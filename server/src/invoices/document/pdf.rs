//! The invoice as a PDF: one page, A5 across, in the archive form PDF/A-2b (an invoice is kept for thirty years).

use super::canvas::{Canvas, MM};
use super::font::Fonts;
use super::{Invoice, page};
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::{Document, SerializeSettings};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    #[error("font {file}: {why}")]
    Font { file: String, why: String },
    /// A person must add a font that has it.
    #[error("no font has the character {0} (U+{code:04X})", code = u32::from(*.0))]
    MissingGlyph(char),
    #[error("does not fit its place on the page: {0}")]
    TooLong(String),
    #[error("pdf: {0}")]
    Document(String),
}

/// A whole file. The invoice must have passed `check`. The same invoice gives the same bytes.
///
/// # Errors
/// A character without a glyph, or words that do not fit.
pub fn write(invoice: &Invoice, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_B)
        .finish()
        .map_err(|error| PdfError::Document(format!("{error:?}")))?;
    let mut document =
        Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let settings = PageSettings::from_wh(page::WIDTH * MM, page::HEIGHT * MM)
        .ok_or_else(|| PdfError::Document("page size".to_owned()))?;
    let mut sheet = document.start_page_with(settings);
    let mut surface = sheet.surface();
    let drawn = page::draw(&mut Canvas { surface: &mut surface, fonts }, invoice);
    surface.finish();
    sheet.finish();
    drawn?;
    document.set_metadata(metadata(invoice));
    document.finish().map_err(|error| PdfError::Document(format!("{error:?}")))
}

fn metadata(invoice: &Invoice) -> Metadata {
    let at = invoice.issued_at.beijing();
    let date = DateTime::new(u16::try_from(at.year()).unwrap_or(0))
        .month(at.month().into())
        .day(at.day())
        .hour(at.hour())
        .minute(at.minute())
        .second(at.second())
        .utc_offset_hour(8);
    Metadata::new()
        .title(format!("电子发票 {}", invoice.number))
        .authors(vec![invoice.seller.name.clone()])
        .language("zh-CN".to_owned())
        .creation_date(date)
        .document_id(invoice.number.clone())
}
