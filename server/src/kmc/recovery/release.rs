//! What leaves: made once, when the filer of an approved case fetches it, and recorded before it is given.

use super::case::{Case, package_place};
use super::{Recovery, record, refused};
use crate::fault::Fault;
use crate::kmc::wrong;
use crate::store::recoveries::{self, Beneficiary, Recovery as Leaving};
use crate::store::{self, Tx};
use app::desk::recovery::CaseStanding;
use app::desk::recovery::RecoveryRefusal;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::envelope::Layout;
use certificate::{Certificate, PublicKey};
use journey::actor::StaffId;
use journey::moment::Moment;

/// A text file of PEM blocks: each pair's encryption certificate and its SM2EnvelopedKey.
pub struct Package {
    pub file_name: String,
    pub text: Vec<u8>,
}

impl Recovery {
    /// # Errors
    /// Not the filer, or a case that is not approved.
    pub async fn fetch(&self, staff: &StaffId, number: String) -> Result<Package, Fault> {
        let mut reader = self.ground.store.read().await?;
        let case = Case::find(&mut reader, self.kmc.keys(), &number).await?;
        may_fetch(&case, staff, self.ground.now())?;
        // Checked on the record now, and again where it is written: what is made in between leaves nobody's hands.
        let made = match case.row.package {
            Some(_) => None,
            None => Some(self.make(&mut reader, &case).await?),
        };
        drop(reader);
        let (desk, by, file_name) = (self.clone(), staff.clone(), format!("{number}.pem"));
        let given = self
            .ground
            .store
            .write(move |tx| Box::pin(async move { desk.give(tx, &number, &by, made).await }));
        Ok(Package { file_name, text: given.await? })
    }

    /// The envelopes, in the text that leaves.
    async fn make(&self, tx: &mut Tx, case: &Case) -> Result<Vec<u8>, Fault> {
        let receiver = hex::decode(&case.body.receiver).map_err(wrong)?;
        let receiver = PublicKey::from_spki_der(&receiver).map_err(wrong)?;
        let mut pairs = Vec::new();
        for asked in &case.body.pairs {
            let certificate = hex::decode(&asked.certificate).map_err(wrong)?;
            let certificate = Certificate::from_der(&certificate).map_err(wrong)?;
            let pair = store::encryption_pairs::find_taken(tx, certificate.spki()).await?;
            let pair = pair.filter(|pair| pair.id == asked.pair_id);
            pairs.push((pair.ok_or_else(|| wrong("a pair of the case is not here"))?, certificate));
        }
        let centre = self.kmc.clone();
        let made = tokio::task::spawn_blocking(move || {
            let mut text = String::new();
            for (pair, certificate) in &pairs {
                // The authority's own tools open it: in the form of the standard.
                let envelope = centre.envelope_for(
                    &pair.id,
                    certificate.spki(),
                    &pair.sealed,
                    &receiver,
                    Layout::default(),
                )?;
                text.push_str(&certificate.to_pem());
                text.push_str(&pem("SM2 ENVELOPED KEY", &envelope));
            }
            Ok(text.into_bytes())
        });
        made.await.map_err(|error| Fault::Disk(std::io::Error::other(error)))?
    }

    /// Writes down that it leaves, and gives what stands.
    async fn give(
        &self,
        tx: &mut Tx,
        number: &str,
        by: &StaffId,
        made: Option<Vec<u8>>,
    ) -> Result<Vec<u8>, Fault> {
        let (keys, now) = (self.kmc.keys(), self.ground.now());
        let mut case = Case::find(tx, keys, number).await?;
        may_fetch(&case, by, now)?;
        let place = package_place(&case.row.id);
        let Some(made) = made.filter(|_| case.row.package.is_none()) else {
            record::add(tx, keys, &mut case, (record::FETCHED, by, ""), now).await?;
            let bytes = case.row.package.ok_or(Fault::Changed)?;
            let sealed = store::encryption_pairs::Sealed { under: case.row.body.under, bytes };
            return Ok(keys.open_own(&place, &sealed)?.to_vec());
        };
        let sealed = keys.seal_under(&case.row.body.under, &place, &made)?;
        if !recoveries::keep_package(tx, &case.row.id, &sealed).await? {
            return Err(Fault::Changed);
        }
        let to_key = hex::decode(&case.body.receiver).map_err(wrong)?;
        for pair in &case.body.pairs {
            let leaving = Leaving {
                id: self.ground.dice.id(),
                pair_id: &pair.pair_id,
                beneficiary: Beneficiary::Case(&case.row.id),
                by: &by.0,
                why: &case.row.number,
                to_key: &to_key,
            };
            recoveries::record(tx, &leaving, now).await?;
        }
        record::add(tx, keys, &mut case, (record::RELEASED, by, ""), now).await?;
        tracing::warn!(case = number, staff = %by.0, pairs = case.body.pairs.len(), "pairs left by judicial recovery");
        Ok(made)
    }
}

pub(super) fn may_fetch(case: &Case, staff: &StaffId, now: Moment) -> Result<(), Fault> {
    match case.standing(now) {
        CaseStanding::Broken => Err(refused(RecoveryRefusal::RecordBroken)),
        _ if case.body.filed_by != staff.0 => Err(refused(RecoveryRefusal::NotTheFiler)),
        CaseStanding::Approved | CaseStanding::Released => Ok(()),
        CaseStanding::Waiting => Err(refused(RecoveryRefusal::NotApproved)),
        CaseStanding::Refused | CaseStanding::Expired => Err(refused(RecoveryRefusal::Closed)),
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64.encode(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
