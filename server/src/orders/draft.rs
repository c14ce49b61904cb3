//! A draft: started, kept as typed, and entered once every field holds.

use super::{Orders, Visit, order_for};
use crate::advance::{advance, open};
use crate::codes::network;
use crate::details;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::held;
use crate::registry::Answer;
use crate::store::agreements::Agreed;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use app::desk::error::FieldError;
use app::desk::orders::DraftKept;
use journey::actor::Actor;
use journey::details::{Details, DetailsForm};
use journey::event::{Event, EventKind};
use journey::itinerary::itinerary;
use journey::party::Party;
use journey::refusal::Refusal;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;
use std::net::IpAddr;

/// Characters of a draft's field; every field's own rule is stricter.
const LONGEST: usize = 300;

impl Orders {
    /// Opens an order for this visit; gives its number.
    ///
    /// # Errors
    /// A service that is not open yet is refused; so is an address from which very many were started within an hour.
    pub async fn start(
        &self,
        visit: &Visit,
        ip: IpAddr,
        service: Service,
        party: Party,
    ) -> Result<String, Fault> {
        // What begins with a key begins with that key (the desk `key_in`).
        let typed = itinerary(service, party, Route::Usual).first() == Some(&Step::Details);
        if !typed || !self.offers.find(service, party).is_some_and(|offer| offer.open) {
            return Err(Refusal::RouteNotOffered { service, party, route: Route::Usual }.into());
        }
        let (desk, visit) = (self.clone(), visit.clone());
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let (address, now) = (network(ip), desk.ground.now());
                    if store::orders::count_starts(tx, &address, now.plus_hours(-1)).await? >= desk.starts.0 {
                        return Err(Fault::SlowDown { retry_after_s: 600 });
                    }
                    store::orders::record_start(tx, &desk.ground.dice.id(), &address, now).await?;
                    let row = open(tx, &desk.ground, service, party, Route::Usual, &Actor::Applicant).await?;
                    store::visits::let_see(tx, &visit.0, &row.id).await?;
                    Ok(row.number)
                })
            })
            .await
    }

    /// Keeps what is typed so far, while the order stands at its details (R004). A phone that was checked stays: codes and
    /// notices of a paid order go to no other (R157). `seen` is the mark of what the page began with: whoever writes last
    /// hears that somebody else has written meanwhile, and nothing is overwritten (R158).
    ///
    /// # Errors
    /// The order has left that step, or its draft is another by now: what is typed does not belong there. A field longer
    /// than any that could be entered.
    pub async fn keep_draft(
        &self,
        visit: &Visit,
        number: String,
        seen: Option<String>,
        mut form: DetailsForm,
    ) -> Result<DraftKept, Fault> {
        if let Some(field) = overlong(&form) {
            return Err(Fault::Fields(vec![FieldError { field, code: "too_long".into() }]));
        }
        let (desk, visit) = (self.clone(), visit.clone());
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let row = order_for(tx, &visit, &number).await?;
                    can_be_typed(&row)?;
                    if row.order.step() != Some(Step::Details) {
                        return Err(Fault::Changed);
                    }
                    if let Some(phone) = checked_phone(&desk.ground, &row)? {
                        form.agent_phone = phone;
                    }
                    desk.unchanged_since(&row, seen.as_deref(), &form)?;
                    details::keep(tx, &desk.ground, &row, &form).await?;
                    Ok(DraftKept { at: desk.ground.now(), mark: details::digest(&form) })
                })
            })
            .await
    }

    /// 下一步: checks every field again, keeps the normal form, and moves the order (R008, R017).
    ///
    /// # Errors
    /// The fields that do not hold, and nothing is kept: the page keeps drafts by `keep_draft`.
    pub async fn enter_details(
        &self,
        visit: &Visit,
        number: String,
        seen: i64,
        mark: Option<String>,
        form: DetailsForm,
    ) -> Result<OrderRow, Fault> {
        let answer = self.ask_about_change(visit, &number, &form).await?;
        let (desk, visit) = (self.clone(), visit.clone());
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let row = order_for(tx, &visit, &number).await?;
                    can_be_typed(&row)?;
                    let mut form = desk.as_certified(tx, &row, form).await?;
                    form.without_reserved_phone &= row.order.service == Service::Modification;
                    form.register_is_wrong &= row.order.service == Service::Modification;
                    let details = Details::parse(&form, row.order.party).map_err(Fault::of_fields)?;
                    desk.unchanged_since(&row, mark.as_deref(), &form)?;
                    desk.enter(tx, row, seen, &details, answer).await
                })
            })
            .await
    }

    /// The draft that lies here is the one that the page began with, or already what the page sends. A page that names
    /// none takes its chance.
    fn unchanged_since(&self, row: &OrderRow, mark: Option<&str>, form: &DetailsForm) -> Result<(), Fault> {
        let Some(mark) = mark else { return Ok(()) };
        let lies_here = details::open(&self.ground, row)?;
        if details::digest(&lies_here) == mark || lies_here == *form { Ok(()) } else { Err(Fault::Changed) }
    }

    /// A renewal certifies what is certified, and its code goes to the reserved phone (A18): all that is entered anew is
    /// where the invoice goes, and the consent.
    async fn as_certified(
        &self,
        tx: &mut Tx,
        row: &OrderRow,
        form: DetailsForm,
    ) -> Result<DetailsForm, Fault> {
        let (Service::Renewal, Route::Usual, Some(serial)) =
            (row.order.service, row.order.route, &row.order.certificate_serial)
        else {
            return Ok(form);
        };
        let held = held::find_by_serial(tx, &self.ground, serial).await?;
        let held = held.ok_or(Refusal::CertificateUnknown)?;
        Ok(DetailsForm { agreement: form.agreement, email: form.email, ..held.prefilled() })
    }

    async fn enter(
        &self,
        tx: &mut Tx,
        row: OrderRow,
        seen: i64,
        details: &Details,
        answer: Option<Answer>,
    ) -> Result<OrderRow, Fault> {
        let form = details.form();
        if form.agreement != self.offers.agreement_version() {
            return Err(Fault::Fields(vec![FieldError {
                field: "agreement".into(),
                code: "agreement_not_accepted".into(),
            }]));
        }
        if checked_phone(&self.ground, &row)?.is_some_and(|phone| phone != form.agent_phone) {
            return Err(Fault::Fields(vec![FieldError {
                field: "agent_phone".into(),
                code: "agent_phone_fixed".into(),
            }]));
        }
        let other = other_holder(tx, &self.ground, &row, form).await?;
        if !other.is_empty() {
            return Err(Fault::Fields(other));
        }
        let service = row.order.service;
        let price =
            self.offers.find(service, row.order.party).map(|offer| offer.price).ok_or(
                Refusal::RouteNotOffered { service, party: row.order.party, route: row.order.route },
            )?;
        // A returned order was priced already; its price does not move with the catalogue (R145).
        let price = row.order.price.filter(|_| row.order.paid.is_some()).unwrap_or(price);
        if seen != row.version {
            return Err(Fault::Changed);
        }
        let row = self.modification_route(tx, row, form, answer).await?;
        let seen = row.version;
        let event = Event::DetailsEntered { digest: details::digest(form), method: form.method, price };
        let row = advance(tx, &self.ground, row, Some(seen), event, &Actor::Applicant).await?;
        details::keep(tx, &self.ground, &row, form).await?;
        let (version, digest) = (self.offers.agreement_version().to_owned(), self.offers.agreement_digest());
        let agreed = Agreed { version, digest, at: self.ground.now() };
        store::agreements::record(tx, &row.id, &agreed, &app::agreement::text()).await?;
        store::orders::load(tx, &row.id).await.map_err(Fault::from)
    }
}

/// Where the form is the certificate's, nobody types into it (R157).
fn can_be_typed(row: &OrderRow) -> Result<(), Fault> {
    if row.order.service.keeps_to_certificate() {
        let event = EventKind::DetailsEntered;
        return Err(Refusal::NotHere { standing: row.order.standing, event }.into());
    }
    Ok(())
}

/// The agent's phone of an order that came back after its phone check (a correction, another method): the check is not
/// repeated, so the phone cannot change.
fn checked_phone(ground: &Ground, row: &OrderRow) -> Result<Option<String>, Fault> {
    if !row.order.settled.contains(&Step::PhoneCheck) {
        return Ok(None);
    }
    Ok(Some(details::open(ground, row)?.agent_phone.clone()))
}

/// A replacement is for the holder of the certificate: another name or number is a modification's, or nobody's. A late
/// renewal (A20) shows the papers of today: the name may be another by now, the number is the holder.
async fn other_holder(
    tx: &mut Tx,
    ground: &Ground,
    row: &OrderRow,
    form: &DetailsForm,
) -> Result<Vec<FieldError>, Fault> {
    let order = &row.order;
    let name_too = match (order.service, order.route) {
        (Service::Replacement, _) => true,
        (Service::Renewal, Route::WithEvidence) => false,
        _ => return Ok(Vec::new()),
    };
    let Some(serial) = &order.certificate_serial else { return Ok(Vec::new()) };
    let held = held::find_by_serial(tx, ground, serial).await?.ok_or(Refusal::CertificateUnknown)?;
    let name = ("holder_name", &held.form.holder_name, &form.holder_name);
    let number = ("holder_id", &held.form.holder_id, &form.holder_id);
    let fields = [name_too.then_some(name), Some(number)].into_iter().flatten();
    let other = fields.filter(|(_, certified, typed)| certified != typed);
    Ok(other
        .map(|(field, ..)| FieldError { field: field.into(), code: "locked_to_certificate".into() })
        .collect())
}

/// A field that is longer than any rule lets it be: a draft is kept as typed, and must not be a place to store things.
fn overlong(form: &DetailsForm) -> Option<String> {
    let form = serde_json::to_value(form).ok()?;
    let long = |value: &serde_json::Value| value.as_str().is_some_and(|text| text.chars().count() > LONGEST);
    form.as_object()?.iter().find(|(_, value)| long(value)).map(|(field, _)| field.clone())
}

pub(super) fn field(field: &str, code: &str) -> Fault {
    Fault::Fields(vec![FieldError { field: field.to_owned(), code: code.to_owned() }])
}
