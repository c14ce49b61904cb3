//! 补办: the order that begins with a certificate record (R087, R104), prefilled from the original.

use super::{Replacements, reference};
use crate::advance::{advance, open};
use crate::details;
use crate::fault::Fault;
use crate::holders;
use crate::store::replacements::{self, Replacement};
use crate::store::{self, Tx};
use app::desk::error::FieldError;
use journey::actor::Actor;
use journey::eligibility;
use journey::event::Event;
use journey::party::Party;
use journey::refusal::Refusal;
use journey::route::Route;
use journey::service::Service;

impl Replacements {
    /// Opens the order for the record of this serial, which `before`, the caller's visit until now, may see; `visit` sees
    /// the order from now on. With `suspend` the certificate goes on hold at once (A37).
    ///
    /// # Errors
    /// `NotFound`: not this visit's record. Expired (A39), revoked, or another replacement is open (R133); a reference
    /// that was never given.
    pub async fn start(
        &self,
        before: Vec<u8>,
        visit: Vec<u8>,
        serial: String,
        suspend: bool,
        typed: String,
    ) -> Result<String, Fault> {
        let desk = self.clone();
        let started = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let held = holders::find_for_visit(tx, &desk.ground, &before, &serial).await?;
                let (party, service) = (held.party, Service::Replacement);
                if !desk.terms(party)?.open {
                    return Err(Refusal::RouteNotOffered { service, party, route: Route::Usual }.into());
                }
                eligibility::may_replace(held.facts(), desk.ground.now())?;
                let others = replacements::list_orders_of(tx, &held.sign).await?;
                let others = others.iter().map(|row| (row.order.service, row.order.standing));
                eligibility::no_other_open(service, others)?;
                let reference = match party {
                    Party::Organisation => Some(desk.take_reference(tx, &before, &typed).await?),
                    Party::Person => None,
                };
                let row = open(tx, &desk.ground, service, party, Route::Usual, &Actor::Applicant).await?;
                store::visits::let_see(tx, &visit, &row.id).await?;
                let sign_serial = held.sign.clone();
                replacements::record(
                    tx,
                    &Replacement { order_id: row.id.clone(), sign_serial: sign_serial.clone(), reference },
                )
                .await?;
                let event = Event::RecordChosen { certificate_serial: sign_serial, suspend };
                let row = advance(tx, &desk.ground, row, None, event, &Actor::Applicant).await?;
                details::keep(tx, &desk.ground, &row, &held.prefilled()).await?;
                Ok(row.number)
            })
        });
        started.await
    }

    /// The reference that was typed, or the visit's own, or a fresh one for who has not paid yet.
    async fn take_reference(&self, tx: &mut Tx, visit: &[u8], typed: &str) -> Result<String, Fault> {
        if !typed.trim().is_empty() {
            let unknown = || {
                let field = FieldError { field: "reference".into(), code: "reference_unknown".into() };
                Fault::Fields(vec![field])
            };
            let reference = reference::read(typed).ok_or_else(unknown)?;
            let was_given = replacements::take_given(tx, &reference).await?;
            return if was_given { Ok(reference) } else { Err(unknown()) };
        }
        if let Some(given) = replacements::find_given(tx, visit).await? {
            replacements::take_given(tx, &given).await?;
            return Ok(given);
        }
        reference::free(tx, &self.ground.dice).await
    }
}
