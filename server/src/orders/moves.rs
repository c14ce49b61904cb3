//! The moves that carry nothing but themselves: 确认订单, 返回修改, 确认申请, 撤回, 确认收货.

use super::{Orders, Visit, order_for};
use crate::advance::advance;
use crate::details;
use crate::fault::Fault;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use app::desk::evidence::SealState;
use app::desk::orders::Act;
use journey::actor::Actor;
use journey::eligibility::may_renew;
use journey::event::Event;
use journey::refusal::Refusal;
use journey::service::Service;

impl Orders {
    /// # Errors
    /// The rule book's refusals; `Changed` when the page was not the newest (R158).
    pub async fn make_move(
        &self,
        visit: &Visit,
        number: String,
        seen: i64,
        act: Act,
    ) -> Result<OrderRow, Fault> {
        if act == Act::ConfirmOrder {
            self.ask_before_payment(visit, &number).await?;
        }
        let (desk, visit) = (self.clone(), visit.clone());
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let row = order_for(tx, &visit, &number).await?;
                    if act == Act::ConfirmOrder {
                        desk.may_confirm(tx, &row).await?;
                    }
                    if act == Act::SubmitEvidence {
                        let seals = store::seal_images::list_for_order(tx, &row.id).await?;
                        if seals.iter().any(|seal| seal.state == SealState::Cut) {
                            return Err(Refusal::SealNotAccepted.into());
                        }
                    }
                    let event = match act {
                        // What is confirmed is what lies here now, not what a page remembers.
                        Act::ConfirmOrder => Event::DetailsConfirmed {
                            digest: details::digest(&details::open(&desk.ground, &row)?),
                        },
                        Act::Change => Event::ChangeRequested,
                        Act::SubmitEvidence => Event::EvidenceSubmitted,
                        Act::Withdraw => Event::Withdrawn,
                        Act::ConfirmReceipt => Event::Received,
                    };
                    Ok(advance(tx, &desk.ground, row, Some(seen), event, &Actor::Applicant).await?)
                })
            })
            .await
    }

    /// A17: a renewal that is confirmed in its window keeps it for the time that it may be paid in; one that lay longer as
    /// a draft does not.
    async fn may_confirm(&self, tx: &mut Tx, row: &OrderRow) -> Result<(), Fault> {
        if row.order.service != Service::Renewal || row.order.paid.is_some() {
            return Ok(());
        }
        Ok(may_renew(self.held_of(tx, row).await?.facts(), row.order.route, self.ground.now())?)
    }
}
