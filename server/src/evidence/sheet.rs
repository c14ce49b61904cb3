//! 《个人签章采样表》 over the counter: with the applicant's name for who has a draft, without for everybody (R040, R041).

use super::desk::Evidence;
use super::seal::{self, Sheet};
use crate::details;
use crate::fault::Fault;
use crate::paper::{Fonts, PdfError};
use crate::settings::Settings;
use crate::visits::order_for;
use journey::entry::person_name;
use journey::party::Party;

/// What stands on every copy.
#[derive(Clone)]
pub struct SheetTerms {
    pub fonts: Fonts,
    /// Who gives it out.
    pub office: String,
    /// Whether the organisation's seal belongs on it (A09).
    pub stamped: bool,
}

impl SheetTerms {
    pub fn of(settings: &Settings, fonts: &Fonts) -> SheetTerms {
        SheetTerms {
            fonts: fonts.clone(),
            office: settings.authority.name.clone(),
            stamped: settings.office.person_in_organisation,
        }
    }
}

impl Evidence {
    /// A PDF for this order; the name stands on it once one is typed that is a name.
    ///
    /// # Errors
    /// No such order of a person for this visit.
    pub async fn sheet(&self, visit: &[u8], number: &str) -> Result<Vec<u8>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, number).await?;
        drop(reader);
        if row.order.party != Party::Person {
            return Err(Fault::NotFound);
        }
        let typed = details::open(&self.ground, &row)?;
        let name = person_name::parse(&typed.holder_name).unwrap_or_default();
        self.write_sheet(name, row.number).await
    }

    /// # Errors
    /// The document cannot be written.
    pub async fn blank_sheet(&self) -> Result<Vec<u8>, Fault> {
        self.write_sheet(String::new(), String::new()).await
    }

    async fn write_sheet(&self, name: String, number: String) -> Result<Vec<u8>, Fault> {
        let (terms, now) = (self.terms.clone(), self.ground.now());
        let written = tokio::task::spawn_blocking(move || {
            let (office, stamped) = (terms.office.clone(), terms.stamped);
            let sheet = Sheet { name, number, stamped, office };
            match seal::write(&sheet, now, &terms.fonts) {
                // A rare character: written by hand then.
                Err(PdfError::MissingGlyph(_) | PdfError::TooLong(_)) if !sheet.name.is_empty() => {
                    seal::write(&Sheet { name: String::new(), ..sheet }, now, &terms.fonts)
                }
                written => written,
            }
        });
        let written = written.await.map_err(|error| Fault::Document(error.to_string()))?;
        written.map_err(|error| Fault::Document(error.to_string()))
    }
}
