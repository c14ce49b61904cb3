//! Owns: paper: words, lines and fonts on a page, whole PDF files in the archive form, and the seal that is put into one.
//! Never: what stands on a page (the desks' own), a key.
//! Start at: [`write`], then `canvas.rs`.

mod canvas;
mod font;
mod seal;

pub use canvas::{Align, Canvas, Frame, Ink, MM, Style};
pub use font::{FontSettings, Fonts};
pub use seal::{SealFault, Sealing};

use journey::moment::Moment;
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

/// What a file says of itself.
pub struct About {
    pub title: String,
    pub author: String,
    /// Stands for the file for ever.
    pub id: String,
    pub at: Moment,
}

/// A file of one page, so many millimetres wide and high, in the archive form PDF/A-2b. The same page gives the same bytes.
///
/// # Errors
/// What `draw` says; a page that cannot be.
pub fn write(
    about: &About,
    (width, height): (f32, f32),
    fonts: &Fonts,
    draw: impl FnOnce(&mut Canvas) -> Result<(), PdfError>,
) -> Result<Vec<u8>, PdfError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_B)
        .finish()
        .map_err(|error| PdfError::Document(format!("{error:?}")))?;
    let mut document =
        Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let settings = PageSettings::from_wh(width * MM, height * MM)
        .ok_or_else(|| PdfError::Document("page size".to_owned()))?;
    let mut sheet = document.start_page_with(settings);
    let mut surface = sheet.surface();
    let drawn = draw(&mut Canvas { surface: &mut surface, fonts });
    surface.finish();
    sheet.finish();
    drawn?;
    document.set_metadata(metadata(about));
    document.finish().map_err(|error| PdfError::Document(format!("{error:?}")))
}

fn metadata(about: &About) -> Metadata {
    let at = about.at.beijing();
    let date = DateTime::new(u16::try_from(at.year()).unwrap_or(0))
        .month(at.month().into())
        .day(at.day())
        .hour(at.hour())
        .minute(at.minute())
        .second(at.second())
        .utc_offset_hour(8);
    Metadata::new()
        .title(about.title.clone())
        .authors(vec![about.author.clone()])
        .language("zh-CN".to_owned())
        .creation_date(date)
        .document_id(about.id.clone())
}
