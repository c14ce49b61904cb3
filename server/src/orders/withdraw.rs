//! 撤回申请 with a reason, or without one (R142, A54): free before payment, refunded before production.

use super::{Orders, Visit, order_for};
use crate::advance::advance;
use crate::fault::Fault;
use crate::store;
use app::desk::follow_up::WithdrawReason;
use journey::actor::Actor;
use journey::event::Event;

impl Orders {
    /// # Errors
    /// Too late to withdraw it without asking; `Changed` when the page was not the newest (R158).
    pub async fn withdraw(
        &self,
        visit: &Visit,
        number: String,
        seen: i64,
        reason: Option<WithdrawReason>,
    ) -> Result<(), Fault> {
        let (ground, visit) = (self.ground.clone(), visit.clone());
        let withdrawn = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = order_for(tx, &visit, &number).await?;
                let id = row.id.clone();
                advance(tx, &ground, row, Some(seen), Event::Withdrawn, &Actor::Applicant).await?;
                if let Some(reason) = reason {
                    store::orders::record_withdrawal(tx, &id, reason.code(), ground.now()).await?;
                }
                Ok::<_, Fault>(())
            })
        });
        withdrawn.await
    }
}
