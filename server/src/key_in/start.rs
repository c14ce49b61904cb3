//! An order that begins with a key: opened for the visit, eligibility fixed (A17). A certificate is no secret, so until
//! the key proves itself the order holds nothing of its holder, and keeps nobody else from opening one (R133).

use super::KeyIn;
use super::log_in::find_proven;
use super::look::{goes_on_late, open_orders};
use crate::advance;
use crate::details;
use crate::fault::Fault;
use crate::store;
use crate::store::held::Shown;
use journey::actor::Actor;
use journey::refusal::Refusal;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;

impl KeyIn {
    /// Opens an order of this service, by this route, with this certificate on this key, or gives the number of the one that
    /// the visit has open. Only a renewal's holder chooses a route: elsewhere it follows from the form or the key. `before` is the visit that the caller had until now, `visit` the one that sees the order from now on.
    ///
    /// # Errors
    /// `CertificateUnknown`, `KeyDiffers`; why the service may not be had now.
    pub async fn start(
        &self,
        before: Option<Vec<u8>>,
        visit: Vec<u8>,
        (service, route): (Service, Route),
        sign_certificate: String,
        key_serial: String,
    ) -> Result<String, Fault> {
        let desk = self.clone();
        let started = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let held = desk.find(tx, &sign_certificate).await?;
                if route != Route::Usual && (service, route) != (Service::Renewal, Route::WithEvidence) {
                    return Err(Refusal::RouteNotOffered { service, party: held.party, route }.into());
                }
                if !held.key_serial.is_empty() && held.key_serial != key_serial {
                    return Err(Refusal::KeyDiffers.into());
                }
                for row in open_orders(tx, &before.unwrap_or_default(), &held.sign).await? {
                    let leads_there = row.order.route == route || goes_on_late(&row.order);
                    if row.order.service == service && (service != Service::Renewal || leads_there) {
                        store::visits::let_see(tx, &visit, &row.id).await?;
                        return Ok(row.number);
                    }
                }
                // What its holder has paid goes on whatever the day is (A17); signing in leads there.
                let first = find_proven(tx, service, &held.sign, None).await?;
                if !first.is_some_and(|first| route == Route::Usual || goes_on_late(&first.order)) {
                    desk.may(service, route, &held, desk.ground.now())?;
                }
                let row =
                    advance::open(tx, &desk.ground, service, held.party, route, &Actor::Applicant).await?;
                store::visits::let_see(tx, &visit, &row.id).await?;
                let shown = Shown { sign_serial: held.sign.clone(), key_serial };
                store::held::record_shown(tx, &row.id, &shown).await?;
                // Where the PIN proves the holder first, the form is filled in then.
                if row.order.step() != Some(Step::KeyLogin) {
                    details::keep(tx, &desk.ground, &row, &held.prefilled()).await?;
                }
                Ok(row.number)
            })
        });
        started.await
    }
}
