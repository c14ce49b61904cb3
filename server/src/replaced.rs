//! Whether what an order replaces has still an end to keep (A38, A39): asked where it is signed, approved and made.

use crate::fault::Fault;
use crate::ground::Ground;
use crate::standing;
use crate::store::Tx;
use crate::store::orders::OrderRow;
use journey::eligibility::still_replaces;
use journey::moment::Moment;
use journey::refusal::Refusal;
use journey::service::Service;

/// # Errors
/// `ReplacedEnded`.
pub async fn may_go_on(tx: &mut Tx, ground: &Ground, row: &OrderRow) -> Result<(), Fault> {
    let Some(serial) =
        row.order.certificate_serial.as_ref().filter(|_| row.order.service == Service::Replacement)
    else {
        return Ok(());
    };
    let facts = standing::facts(tx, serial).await?.ok_or(Refusal::CertificateUnknown)?;
    Ok(still_replaces(facts.not_after, ground.now())?)
}

/// When what the order replaces ended; `None` while it has not.
///
/// # Errors
/// The store's own.
pub async fn ended(tx: &mut Tx, ground: &Ground, row: &OrderRow) -> Result<Option<Moment>, Fault> {
    match may_go_on(tx, ground, row).await {
        Err(Fault::Refused(Refusal::ReplacedEnded { ended_at })) => Ok(Some(ended_at)),
        Err(fault) => Err(fault),
        Ok(()) => Ok(None),
    }
}
