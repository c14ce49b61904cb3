//! 核对信息: nothing of the certificate's can be changed here; only how identity is proven is typed (R072, R077).

use super::Unblocking;
use crate::advance::advance;
use crate::details;
use crate::fault::Fault;
use journey::actor::Actor;
use journey::event::{Event, EventKind};
use journey::money::Fen;
use journey::proof::{self, ProofForm};
use journey::refusal::Refusal;
use journey::route::Route;
use journey::step::Step;

impl Unblocking {
    /// 下一步. `proof` where the order goes by identity.
    ///
    /// # Errors
    /// The fields that do not hold; no method chosen; the first unblock by phone (R080).
    pub async fn enter(
        &self,
        visit: Vec<u8>,
        number: String,
        seen: i64,
        proof: Option<ProofForm>,
    ) -> Result<(), Fault> {
        let desk = self.clone();
        let entered = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = desk.order(tx, &visit, &number, Step::Details, EventKind::DetailsEntered).await?;
                let case = desk.case(tx, row).await?;
                desk.may(tx, &case, case.row.order.route).await?;
                let certified = case.held.prefilled();
                let (form, method) = match case.row.order.route {
                    Route::ByIdentity => {
                        let proof = proof.ok_or(Refusal::MethodMissing)?;
                        let form = proof::parse(&certified, &proof).map_err(Fault::of_fields)?;
                        let method = form.method;
                        (form, method)
                    }
                    _ => (certified, None),
                };
                let event =
                    Event::DetailsEntered { digest: details::digest(&form), method, price: Fen::ZERO };
                let row = advance(tx, &desk.ground, case.row, Some(seen), event, &Actor::Applicant).await?;
                Ok::<_, Fault>(details::keep(tx, &desk.ground, &row, &form).await?)
            })
        });
        entered.await
    }

    /// 其他验证方式 (R071).
    ///
    /// # Errors
    /// The order goes by identity already, or is past the check.
    pub async fn take_other_way(&self, visit: Vec<u8>, number: String, seen: i64) -> Result<(), Fault> {
        let desk = self.clone();
        let taken = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = crate::visits::order_for(tx, &visit, &number).await?;
                let event = Event::RouteChanged { route: Route::ByIdentity };
                advance(tx, &desk.ground, row, Some(seen), event, &Actor::Applicant).await?;
                Ok::<_, Fault>(())
            })
        });
        taken.await
    }
}
