//! Lists of an authority whose key is not here: a root in its safe signs one now and then, and somebody brings the file.

use super::issuer::Issuer;
use super::lists::List;
use super::plan::Kind;
use super::wrong;
use crate::fault::Fault;
use certificate::revocation::RevocationList;
use journey::moment::Moment;
use std::path::Path;

impl Issuer {
    /// Publishes what lies in the file, if it is newer than what is published.
    pub fn read_file(&self, now: Moment) {
        let Some(file) = &self.list_file else { return };
        match self.newer(file) {
            Ok(Some(list)) => {
                tracing::info!(
                    issuer = self.name,
                    number = list.number,
                    "a list from elsewhere is published"
                );
                self.lists.put(Kind::Full, list);
            }
            Ok(None) => {}
            Err(fault) => self.note(now, "the list from elsewhere", &fault),
        }
    }

    fn newer(&self, file: &Path) -> Result<Option<List>, Fault> {
        let bytes = std::fs::read(file).map_err(|error| wrong(format!("{}: {error}", file.display())))?;
        let der = match der::pem::decode_vec(&bytes) {
            Ok(("X509 CRL", der)) => der,
            _ => bytes,
        };
        let list = RevocationList::from_der(&der).map_err(wrong)?;
        list.verify(&self.certificate).map_err(wrong)?;
        let (Some(number), Some(_), false) = (list.number(), list.next_update(), list.is_delta()) else {
            return Err(wrong("a full list with a number and a next update is wanted"));
        };
        let before = self.lists.of(Kind::Full).map(|before| before.number);
        let number = i64::try_from(number).map_err(wrong)?;
        Ok(before.is_none_or(|before| number > before).then(|| List::from_elsewhere(number, &list)))
    }
}
