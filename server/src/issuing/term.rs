//! From when until when a certificate of an order lasts.

use super::{Issuing, wrong};
use crate::fault::Fault;
use crate::standing;
use crate::store::Tx;
use crate::store::orders::OrderRow;
use certificate::draft::Validity;
use journey::eligibility::{renewed_until, still_replaces};
use journey::service::Service;

impl Issuing {
    /// R051: one year, to the same moment of the next (A14). A renewal adds the year to the old end where that is later
    /// (R056, R057, A15, A16), a modification keeps the end (A47).
    pub(super) async fn validity(&self, tx: &mut Tx, row: &OrderRow) -> Result<Validity, Fault> {
        let now = self.ground.now();
        let old_end = match &row.order.certificate_serial {
            Some(serial) => standing::facts(tx, serial).await?.map(|facts| facts.not_after),
            None => None,
        };
        let end = match (row.order.service, old_end) {
            (Service::Application, _) => renewed_until(now, now),
            (Service::Renewal, Some(old_end)) => renewed_until(old_end, now),
            (Service::Modification, Some(old_end)) => old_end,
            // A38: what is paid is the medium alone.
            (Service::Replacement, Some(old_end)) => {
                still_replaces(old_end, now)?;
                old_end
            }
            (_, _) => return Err(wrong("the order names no certificate to go on from")),
        };
        Ok(Validity { not_before: now.millis() / 1000, not_after: end.millis() / 1000 })
    }
}
