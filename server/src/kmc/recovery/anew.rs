//! Cases under a new key: body, package and codes move together, and only those of a record that is whole.

use super::case::{Case, body_place, package_place};
use super::record;
use crate::fault::Fault;
use crate::kmc::Kmc;
use crate::store::Tx;
use crate::store::encryption_pairs::Sealed;
use crate::store::recoveries::{self, CaseRow};

impl Kmc {
    /// Moves the cases that lie under this key; says how many.
    ///
    /// # Errors
    /// The store's own.
    pub(in crate::kmc) async fn reseal_cases(&self, old: &str) -> Result<u64, Fault> {
        let (centre, old) = (self.clone(), old.to_owned());
        let moved = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let mut moved = 0;
                for row in recoveries::list_cases_under(tx, &old).await? {
                    let number = row.number.clone();
                    match centre.reseal_case(tx, row).await? {
                        true => moved += 1,
                        // A code made anew would make the forgery genuine.
                        false => tracing::error!(
                            case = number,
                            "the record of a recovery case is broken: left as it is"
                        ),
                    }
                }
                Ok::<_, Fault>(moved)
            })
        });
        moved.await
    }

    async fn reseal_case(&self, tx: &mut Tx, row: CaseRow) -> Result<bool, Fault> {
        let Ok(clear) = self.keys.open_sealed(&body_place(&row.id), &row.body) else { return Ok(false) };
        let mut case = Case::load(tx, &self.keys, row).await?;
        if !case.whole {
            return Ok(false);
        }
        let id = case.row.id.clone();
        let package = match case.row.package.take() {
            Some(bytes) => {
                let place = package_place(&id);
                let sealed = Sealed { under: case.row.body.under.clone(), bytes };
                Some(self.keys.seal(&place, &self.keys.open_sealed(&place, &sealed)?).bytes)
            }
            None => None,
        };
        let body = self.keys.seal(&body_place(&id), &clear);
        recoveries::reseal_case(tx, &id, &body, package.as_deref()).await?;
        record::make_codes_anew(tx, &self.keys, &mut case).await?;
        Ok(true)
    }
}
