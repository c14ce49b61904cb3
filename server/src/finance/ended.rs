//! A replacement whose old certificate ended between review and production: nobody can make it, for there is no end to
//! keep (A38), and what has ended is not replaced (A39). Finance ends the order and the money goes back by the way it came.

use super::Finance;
use crate::advance::advance;
use crate::details;
use crate::fault::Fault;
use crate::replaced;
use crate::store::{self, Tx};
use app::desk::finance::EndedOrder;
use journey::actor::{Actor, StaffId};
use journey::event::{Event, EventKind};
use journey::mask;
use journey::party::Party;
use journey::refusal::Refusal;
use journey::service::Service;
use journey::step::Step;

/// Where such an order stands.
const STEPS: [Step; 3] = [Step::Settlement, Step::Passcode, Step::Production];

impl Finance {
    pub(super) async fn list_ended(&self, tx: &mut Tx) -> Result<Vec<EndedOrder>, Fault> {
        let mut all = Vec::new();
        for row in store::orders::list_at(tx, &STEPS.map(Step::code)).await? {
            if row.order.service != Service::Replacement {
                continue;
            }
            let Some(ended_at) = replaced::ended(tx, &self.ground, &row).await? else { continue };
            let form = details::open(&self.ground, &row)?;
            all.push(EndedOrder {
                holder_name: match row.order.party {
                    Party::Organisation => form.holder_name.clone(),
                    Party::Person => mask::name(&form.holder_name),
                },
                ended_at,
                step: row.order.standing.title().to_owned(),
                paid: row.order.paid.as_ref().map(|paid| paid.amount),
                number: row.number,
            });
        }
        Ok(all)
    }

    /// 终止并退款. The reason is the office's own, and the applicant reads it.
    ///
    /// # Errors
    /// Not such an order: what is replaced has not ended, or it stands elsewhere.
    pub async fn discontinue(&self, staff: &StaffId, number: String) -> Result<(), Fault> {
        let (ground, actor) = (self.ground.clone(), Actor::Finance(staff.clone()));
        let done = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = store::orders::find_by_number(tx, &number).await?.ok_or(Fault::NotFound)?;
                let Some(ended_at) = replaced::ended(tx, &ground, &row).await? else {
                    let (standing, event) = (row.order.standing, EventKind::Discontinued);
                    return Err(Refusal::NotHere { standing, event }.into());
                };
                let day = ended_at.beijing_date();
                let reason = format!(
                    "原证书已于 {day} 到期，补办沿用原有效期，不能再制作。已支付的费用将退回，请重新办理在线新办。"
                );
                advance(tx, &ground, row, None, Event::Discontinued { reason }, &actor).await?;
                Ok::<_, Fault>(())
            })
        });
        done.await
    }
}
