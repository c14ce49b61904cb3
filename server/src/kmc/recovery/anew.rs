//! Cases under a new key: body, package and codes move together, and only those of a record that is whole.

use super::case::{Case, body_place, package_place};
use super::record;
use crate::fault::Fault;
use crate::kmc::Kmc;
use crate::kmc::reseal::Batch;
use crate::sealing::SealError;
use crate::store::encryption_pairs::Sealed;
use crate::store::recoveries::{self, CaseRow};
use crate::store::{StoreError, Tx};

impl Kmc {
    /// Moves the cases that lie under this key. What is broken stays, and is counted.
    ///
    /// # Errors
    /// The store's own.
    pub(in crate::kmc) async fn reseal_cases(&self, old: &str) -> Result<Batch, Fault> {
        let (centre, old) = (self.clone(), old.to_owned());
        let moved = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let mut batch = Batch::default();
                for row in recoveries::list_cases_under(tx, &old).await? {
                    let number = row.number.clone();
                    match centre.reseal_case(tx, row).await {
                        Ok(()) => batch.moved += 1,
                        Err(Fault::Seal(_) | Fault::Store(StoreError::Impossible { .. })) => {
                            batch.skipped += 1;
                            tracing::error!(
                                case = number,
                                "the record of a recovery case is broken: left as it is"
                            );
                        }
                        Err(error) => return Err(error),
                    }
                }
                Ok::<_, Fault>(batch)
            })
        });
        moved.await
    }

    /// Writes only once all of the case is open.
    async fn reseal_case(&self, tx: &mut Tx, row: CaseRow) -> Result<(), Fault> {
        let clear = self.keys.open_own(&body_place(&row.id), &row.body)?;
        let mut case = Case::load(tx, &self.keys, row).await?;
        let id = case.row.id.clone();
        if !case.whole {
            // A code made anew would make the forgery genuine.
            return Err(SealError::Broken(body_place(&id)).into());
        }
        let package = match case.row.package.take() {
            Some(bytes) => {
                let place = package_place(&id);
                let sealed = Sealed { under: case.row.body.under.clone(), bytes };
                Some(self.keys.seal(&place, &self.keys.open_own(&place, &sealed)?).bytes)
            }
            None => None,
        };
        let body = self.keys.seal(&body_place(&id), &clear);
        recoveries::reseal_case(tx, &id, &body, package.as_deref()).await?;
        record::make_codes_anew(tx, &self.keys, &mut case).await
    }
}
