//! What the page shows of an order with a key in it, and where it goes on.

use super::{Loading, past};
use crate::details;
use crate::fault::Fault;
use crate::held;
use crate::store::certificates::Slot;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use crate::{key_proof, visits};
use app::desk::loading::{LoadingStage, LoadingView};
use certificate::Certificate;
use journey::eligibility::renewed_until;
use journey::moment::Moment;
use journey::order::Standing;
use journey::refusal::Refusal;
use journey::service::Service;
use journey::step::Step;

impl Loading {
    /// # Errors
    /// `CertificateUnknown`: no key has proven itself for this order yet.
    pub async fn look(&self, visit: &[u8], number: &str) -> Result<LoadingView, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = visits::order_for(&mut reader, visit, number).await?;
        let serial = row.order.certificate_serial.clone().ok_or(Refusal::CertificateUnknown)?;
        let held = held::find_by_serial(&mut reader, &self.ground, &serial).await?;
        let held = held.ok_or(Refusal::CertificateUnknown)?;
        Ok(LoadingView {
            key_serial: row.order.key_serial.clone().unwrap_or_default(),
            holder_name: details::open(&self.ground, &row)?.holder_name.clone(),
            new_end: self.new_end(&mut reader, &row, held.not_after).await?,
            stage: stage(&mut reader, &row).await?,
            past: past::ask(&mut reader, &self.ground, &row).await?,
            changed: store::changed_fields::list(&mut reader, &row.id).await?,
            old_serial: held.sign,
            old_end: held.not_after,
        })
    }

    async fn new_end(&self, tx: &mut Tx, row: &OrderRow, old_end: Moment) -> Result<Moment, Fault> {
        if row.order.sign_serial.is_some() {
            let issued = key_proof::issued(tx, &row.id, Slot::Sign).await?;
            let issued = Certificate::from_der(&issued).map_err(key_proof::wrong)?;
            return Ok(Moment::from_millis(issued.not_after() * 1000));
        }
        Ok(match row.order.service {
            Service::Modification => old_end,
            _ => renewed_until(old_end, self.ground.now()),
        })
    }
}

async fn stage(tx: &mut Tx, row: &OrderRow) -> Result<LoadingStage, Fault> {
    Ok(match row.order.standing {
        Standing::Completed => LoadingStage::Done,
        Standing::Open(Step::Issuing) if row.order.spki_digest.is_none() => LoadingStage::Make,
        Standing::Open(Step::Issuing) => LoadingStage::Issue,
        Standing::Open(Step::Loading) => {
            let pair = row.order.spki_digest.as_deref().unwrap_or_default();
            match store::held::was_done(tx, &row.id, "written", pair).await? {
                true => LoadingStage::Switch,
                false => LoadingStage::Write,
            }
        }
        _ => LoadingStage::Before,
    })
}
