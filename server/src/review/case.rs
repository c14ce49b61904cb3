//! One case on the reviewer's screen: masked until a reason is given (R161).

use super::{Review, load};
use crate::fault::Fault;
use crate::ground::Ground;
use crate::order_parts::{OrderParts, masked};
use crate::store;
use crate::store::orders::OrderRow;
use app::desk::review::CaseView;
use journey::actor::StaffId;
use journey::party::Party;
use journey::step::Step;

/// How long a reveal holds.
const REVEALED_HOURS: i64 = 1;

impl Review {
    /// # Errors
    /// No such order, or one that was never submitted.
    pub async fn case(&self, staff: &StaffId, number: &str) -> Result<CaseView, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = load(&mut reader, number).await?;
        // A draft is its applicant's alone: nobody sees it before it was paid, or where nothing is paid, before it came to
        // the review.
        let came =
            row.order.step() == Some(Step::Review) || row.order.reviewed_by.is_some() || row.order.rounds > 0;
        if row.order.paid.is_none() && !came {
            return Err(Fault::NotFound);
        }
        let since = self.ground.now().plus_hours(-REVEALED_HOURS);
        let revealed = store::staff::revealed(&mut reader, &staff.0, &row.id, since).await?;
        let parts = OrderParts::load(&mut reader, &self.ground, row).await?;
        let order = &parts.row.order;
        Ok(CaseView {
            service: order.service,
            party: order.party,
            standing: order.standing,
            mine: order.claimed_by.as_ref() == Some(staff),
            details: if revealed { parts.form.clone() } else { masked(&parts.form, parts.row.order.party) },
            revealed,
            method: order.method,
            paid: order.paid.as_ref().map(|paid| paid.amount),
            evidence: parts.evidence(),
            promise_due: order.promise_due.map(|day| day.to_string()),
            return_rounds: order.rounds,
            history: parts.history(),
            version: parts.row.version,
            number: parts.row.number.clone(),
        })
    }
}

/// An organisation's name is public, a person's is masked in lists.
pub(super) fn shown_name(ground: &Ground, row: &OrderRow) -> Result<String, Fault> {
    let form = crate::details::open(ground, row)?;
    Ok(match row.order.party {
        Party::Organisation => form.holder_name.clone(),
        Party::Person => journey::mask::name(&form.holder_name),
    })
}
