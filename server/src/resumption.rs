//! 解挂: whether a certificate that its holder put on hold may count again, because the key was found (B01).

use crate::fault::Fault;
use crate::ground::Ground;
use crate::held::{self, Held};
use crate::standing::Told;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use journey::eligibility::{self, Hold};
use journey::refusal::Refusal;
use journey::service::Service;
use journey::step::Step;

/// # Errors
/// Revoked, also by a replacement that has passed its review; not on hold; held by somebody else than its holder; a
/// replacement is under way.
pub async fn may(tx: &mut Tx, held: &Held) -> Result<(), Fault> {
    let replacements = store::replacements::list_orders_of(tx, &held.sign).await?;
    let hold = Hold {
        by_another: by_another(tx, &held.sign).await?,
        replaced: replacements.iter().any(|row| row.order.standing.is_open()),
        replacement_passed: replacements.iter().any(|row| row.order.settled.contains(&Step::Review)),
    };
    Ok(eligibility::may_resume(held.facts(), hold)?)
}

/// The certificate that this order is to resume, and that may be resumed now.
///
/// # Errors
/// As [`may`].
pub async fn load(tx: &mut Tx, ground: &Ground, row: &OrderRow) -> Result<Held, Fault> {
    let serial = row.order.certificate_serial.as_deref().ok_or(Refusal::CertificateUnknown)?;
    let held = held::find_by_serial(tx, ground, serial).await?.ok_or(Refusal::CertificateUnknown)?;
    may(tx, &held).await?;
    Ok(held)
}

/// The order that resumes this certificate and is not done.
///
/// # Errors
/// The store's own.
pub async fn find_open(tx: &mut Tx, ground: &Ground, held: &Held) -> Result<Option<OrderRow>, Fault> {
    let Ok(key) = crate::holders::key(ground, held.party, &held.form.holder_id) else { return Ok(None) };
    let all = store::orders::list_for_holder(tx, held.party.code(), &key).await?;
    let is_it = |row: &OrderRow| {
        row.order.service == Service::Resumption
            && row.order.standing.is_open()
            && row.order.certificate_serial.as_ref() == Some(&held.sign)
    };
    Ok(all.into_iter().map(|(row, _)| row).find(is_it))
}

/// Whoever held it with a reason of their own, a member of staff or a partner: an order's number is its holder.
async fn by_another(tx: &mut Tx, serial: &str) -> Result<bool, Fault> {
    let Some(last) = store::status::list_life(tx, serial).await?.pop() else { return Ok(false) };
    if last.status != Told::OnHold.code() {
        return Ok(false);
    }
    Ok(store::orders::find_by_number(tx, &last.by).await?.is_none())
}
