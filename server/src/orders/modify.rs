//! 信息变更: which way a modification takes, by what was changed (A45), and whose phone confirms it.

use super::{Orders, Visit, order_for};
use crate::advance::advance;
use crate::details;
use crate::errand::Outcome;
use crate::fault::Fault;
use crate::held::{self, Held};
use crate::registry::Answer;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use journey::actor::Actor;
use journey::details::{Details, DetailsForm};
use journey::eligibility::may_renew;
use journey::event::Event;
use journey::moment::Moment;
use journey::refusal::Refusal;
use journey::registered::RegisteredFact;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;

/// As long as a renewal's window is open before the end.
const REVIEW_COUNTS_DAYS: i64 = 90;

impl Orders {
    /// Contacts alone change at once and without a new certificate, also where identity is proven because the reserved phone
    /// is gone (A48). What the certificate says is changed with evidence and a review, unless a register has confirmed it.
    pub(super) async fn modification_route(
        &self,
        tx: &mut Tx,
        row: OrderRow,
        form: &DetailsForm,
        answer: Option<Answer>,
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
            // A19: papers beat a register that is wrong or late, and only where one stands in the way.
            (true, false) if form.register_is_wrong => {
                if self.registry.difference(tx, &held.form).await?.is_none() {
                    return Err(super::draft::field("register_is_wrong", "register_agrees"));
                }
                Route::WithEvidence
            }
            (true, false) => Route::ContactsOnly,
            (true, true) => Route::ByIdentity,
            (false, false) if answer == Some(Answer::Confirmed) => Route::Usual,
            (false, false) => Route::WithEvidence,
            // A48: first the phone that can be reached, then what the certificate says.
            (false, true) => return Err(super::draft::field("without_reserved_phone", "contacts_first")),
        };
        store::changed_fields::keep(tx, &row.id, &changed(&held.form, form)).await?;
        if row.order.route == route {
            return Ok(row);
        }
        Ok(advance(tx, &self.ground, row, None, Event::RouteChanged { route }, &Actor::Office).await?)
    }

    /// Asks a register about what a modification would have certified, before its transaction begins: a call may take its
    /// time. `None` where nothing is to be asked, or where the form will be refused anyway.
    pub(super) async fn ask_about_change(
        &self,
        visit: &Visit,
        number: &str,
        form: &DetailsForm,
    ) -> Result<Option<Answer>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, number).await?;
        if row.order.service != Service::Modification || row.order.step() != Some(Step::Details) {
            return Ok(None);
        }
        let held = self.held_of(&mut reader, &row).await?;
        drop(reader);
        let Ok(details) = Details::parse(form, row.order.party) else { return Ok(None) };
        let form = details.form();
        let same = certified(form) == certified(&held.form);
        if same || form.without_reserved_phone || form.holder_id != held.form.holder_id {
            return Ok(None);
        }
        Ok(Some(self.registry.ask(&row.id, row.order.party, form).await?))
    }

    /// What stands between this modification's holder and a renewal, where its form may still say so (A19).
    pub(super) async fn register_differs(
        &self,
        tx: &mut Tx,
        row: &OrderRow,
    ) -> Result<Option<RegisteredFact>, Fault> {
        if row.order.service != Service::Modification || row.order.step() != Some(Step::Details) {
            return Ok(None);
        }
        let held = self.held_of(tx, row).await?;
        self.registry.difference(tx, &held.form).await
    }

    /// A19: before a renewal is paid, a register that says otherwise than the certificate sends its holder to 信息变更. One
    /// that is silent, or knows nobody of the kind, holds nobody up; neither does it where a reviewer has seen papers
    /// since (`docs/decisions/0011-registers.md`).
    ///
    /// # Errors
    /// `RegistryDiffers`; what stands against a renewal anyway.
    pub(super) async fn ask_before_payment(&self, visit: &Visit, number: &str) -> Result<(), Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, number).await?;
        let usual = (row.order.service, row.order.route) == (Service::Renewal, Route::Usual);
        if !usual || row.order.step() != Some(Step::Confirm) {
            return Ok(());
        }
        let held = self.held_of(&mut reader, &row).await?;
        drop(reader);
        let now = self.ground.now();
        if row.order.paid.is_some() || lately_reviewed(&held, now) {
            return Ok(());
        }
        may_renew(held.facts(), row.order.route, now)?;
        match self.registry.ask(&row.id, row.order.party, &held.form).await? {
            Answer::Differs(fact) => Err(Refusal::RegistryDiffers { fact }.into()),
            Answer::Confirmed | Answer::NoRecord | Answer::NoAnswer => Ok(()),
        }
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

/// Whether papers for this very certificate were reviewed so lately that they count more than a register.
fn lately_reviewed(held: &Held, now: Moment) -> bool {
    held.origin.order.route == Route::WithEvidence && now <= held.not_before.plus_days(REVIEW_COUNTS_DAYS)
}

/// The fields in which the two differ, as the form names them.
fn changed(before: &DetailsForm, after: &DetailsForm) -> Vec<&'static str> {
    let fields: [(&'static str, &String, &String); 12] = [
        ("holder_name", &before.holder_name, &after.holder_name),
        ("legal_person_name", &before.legal_person_name, &after.legal_person_name),
        ("legal_person_id", &before.legal_person_id, &after.legal_person_id),
        ("agent_name", &before.agent_name, &after.agent_name),
        ("agent_phone", &before.agent_phone, &after.agent_phone),
        ("email", &before.email, &after.email),
        ("recipient_name", &before.recipient_name, &after.recipient_name),
        ("recipient_phone", &before.recipient_phone, &after.recipient_phone),
        ("province", &before.province, &after.province),
        ("city", &before.city, &after.city),
        ("county", &before.county, &after.county),
        ("street", &before.street, &after.street),
    ];
    fields.into_iter().filter(|(_, before, after)| before != after).map(|(field, ..)| field).collect()
}
