//! 信息变更: which way a modification takes, by what was changed (A45), and whose phone confirms it.

use super::Orders;
use crate::advance::advance;
use crate::details;
use crate::errand::Outcome;
use crate::fault::Fault;
use crate::held::{self, Held};
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use journey::actor::Actor;
use journey::details::DetailsForm;
use journey::event::Event;
use journey::refusal::Refusal;
use journey::route::Route;
use journey::service::Service;

impl Orders {
    /// Contacts alone change at once and without a new certificate, also where identity is proven because the reserved phone
    /// is gone (A48). What the certificate says is changed with evidence and a
    /// review, unless a registry confirms it: this office asks none yet.
    pub(super) async fn modification_route(
        &self,
        tx: &mut Tx,
        row: OrderRow,
        form: &DetailsForm,
    ) -> Result<OrderRow, Fault> {
        if row.order.service != Service::Modification {
            return Ok(row);
        }
        let held = self.held_of(tx, &row).await?;
        // Whose certificate it is does not change: another number is another holder.
        if form.holder_id != held.form.holder_id {
            return Err(super::draft::field("holder_id", "holder_fixed"));
        }
        let route = match (certified(form) == certified(&held.form), form.without_reserved_phone) {
            (true, false) => Route::ContactsOnly,
            (true, true) => Route::ByIdentity,
            (false, false) => Route::WithEvidence,
            // A48: first the phone that can be reached, then what the certificate says.
            (false, true) => return Err(super::draft::field("without_reserved_phone", "contacts_first")),
        };
        if row.order.route == route {
            return Ok(row);
        }
        Ok(advance(tx, &self.ground, row, None, Event::RouteChanged { route }, &Actor::Office).await?)
    }

    /// The phone that a code for this order goes to: the reserved one. What a modification types in counts only afterwards.
    pub(super) async fn reserved_phone(&self, tx: &mut Tx, row: &OrderRow) -> Result<String, Fault> {
        if row.order.service == Service::Modification {
            return Ok(self.held_of(tx, row).await?.form.agent_phone);
        }
        Ok(details::open(&self.ground, row)?.agent_phone.clone())
    }

    pub(super) async fn held_of(&self, tx: &mut Tx, row: &OrderRow) -> Result<Held, Fault> {
        let serial = row.order.certificate_serial.as_deref().ok_or(Refusal::CertificateUnknown)?;
        let held = held::find_by_serial(tx, &self.ground, serial).await?;
        Ok(held.ok_or(Refusal::CertificateUnknown)?)
    }

    /// The errand behind a change of contacts: this order's form tells them from now on (A45, A48).
    ///
    /// # Errors
    /// None of its own.
    pub async fn update_contacts(&self, order_id: &str) -> Result<Outcome, Fault> {
        let (id, ground) = (order_id.to_owned(), self.ground.clone());
        Ok(Outcome::write(move |tx| {
            Box::pin(async move {
                let row = store::orders::load(tx, &id).await?;
                let Some(serial) = row.order.certificate_serial else { return Ok(()) };
                Ok(store::held::keep_contacts(tx, &serial, &id, ground.now()).await?)
            })
        }))
    }
}

/// What a new certificate, or who stands behind it, would say.
fn certified(form: &DetailsForm) -> [&str; 3] {
    [&form.holder_name, &form.legal_person_name, &form.legal_person_id]
}
