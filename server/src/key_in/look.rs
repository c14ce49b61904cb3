//! What the page shows as soon as a key is in the port: only what the certificate says itself, and what the rules say.

use super::KeyIn;
use super::log_in::find_proven;
use crate::fault::Fault;
use crate::held::Held;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use app::desk::held::{HeldState, HeldView};
use journey::eligibility::{self, CertificateStatus, UnblockHistory};
use journey::moment::Moment;
use journey::order::Order;
use journey::refusal::Refusal;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;

/// What a key opens; an application needs none.
const SERVICES: [Service; 4] =
    [Service::Renewal, Service::Unblock, Service::Replacement, Service::Modification];

impl KeyIn {
    /// # Errors
    /// `CertificateUnknown`: not one of this office, or not yet, or put aside.
    pub async fn look(&self, visit: Option<&[u8]>, sign_certificate: &str) -> Result<HeldView, Fault> {
        let mut reader = self.ground.store.read().await?;
        let held = self.find(&mut reader, sign_certificate).await?;
        let now = self.ground.now();
        let may = |service: &Service| (*service, self.may(*service, Route::Usual, &held, now).err());
        let mut may: Vec<(Service, Option<Refusal>)> = SERVICES.iter().map(may).collect();
        for (service, refusal) in &mut may {
            // A17: what was paid in time goes on whatever the day is; signing in leads there.
            let late = matches!(refusal, Some(Refusal::RenewalTooLate { .. }));
            let open = find_proven(&mut reader, *service, &held.sign, None).await?;
            if late && open.is_some_and(|row| goes_on_late(&row.order)) {
                *refusal = None;
            }
        }
        let mut open_order = Vec::new();
        if let Some(visit) = visit {
            for row in open_orders(&mut reader, visit, &held.sign).await? {
                open_order.push((row.order.service, row.number));
            }
        }
        Ok(HeldView {
            state: state(&held, now),
            holder_name: held.form.holder_name.clone(),
            party: held.party,
            not_before: held.not_before,
            not_after: held.not_after,
            serial: held.sign,
            may,
            open_order,
            now,
        })
    }

    /// Whether this holder may come for this service now, by the certificate alone (R134, R155). How often a key was
    /// unblocked, and how, is the unblocking desk's to ask.
    pub(super) fn may(
        &self,
        service: Service,
        route: Route,
        held: &Held,
        now: Moment,
    ) -> Result<(), Refusal> {
        let facts = held.facts();
        match service {
            // Neither begins with a key.
            Service::Application | Service::Resumption => Ok(()),
            Service::Renewal => eligibility::may_renew(facts, route, now),
            Service::Unblock => {
                eligibility::may_unblock(facts, UnblockHistory::default(), Route::ByIdentity, now)
            }
            Service::Replacement => eligibility::may_replace(facts, now),
            Service::Modification => eligibility::may_modify(facts, now),
        }?;
        if self.offers(service, held.party) {
            return Ok(());
        }
        Err(Refusal::RouteNotOffered { service, party: held.party, route })
    }
}

/// Whether this renewal goes on though its certificate's window has closed: it was confirmed in time (A17), or it is the
/// late one's way (A20).
pub(super) fn goes_on_late(order: &Order) -> bool {
    order.route == Route::WithEvidence || order.settled.contains(&Step::Confirm)
}

pub(super) fn state(held: &Held, now: Moment) -> HeldState {
    match held.status {
        CertificateStatus::Revoked => HeldState::Revoked,
        CertificateStatus::Suspended => HeldState::OnHold,
        CertificateStatus::Active if now > held.not_after => HeldState::Expired,
        CertificateStatus::Active => HeldState::Good,
    }
}

/// The orders that were opened with this certificate, are not done, and that this visit may see; the newest first.
pub(super) async fn open_orders(tx: &mut Tx, visit: &[u8], sign: &str) -> Result<Vec<OrderRow>, Fault> {
    let mut open = Vec::new();
    for id in store::held::list_orders_of(tx, sign).await? {
        if store::visits::may_see(tx, visit, &id).await? {
            let row = store::orders::load(tx, &id).await?;
            if row.order.standing.is_open() {
                open.push(row);
            }
        }
    }
    Ok(open)
}
