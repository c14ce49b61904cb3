//! A draft: started, kept as typed, and entered once every field holds.

use super::{Orders, Visit, order_for};
use crate::advance::{advance, open};
use crate::details;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use app::desk::error::FieldError;
use journey::actor::Actor;
use journey::details::{Details, DetailsForm};
use journey::event::Event;
use journey::moment::Moment;
use journey::party::Party;
use journey::refusal::Refusal;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;

/// Characters of a draft's field; every field's own rule is stricter.
const LONGEST: usize = 300;

impl Orders {
    /// Opens an order for this visit; gives its number.
    ///
    /// # Errors
    /// A service that is not open yet is refused.
    pub async fn start(&self, visit: &Visit, service: Service, party: Party) -> Result<String, Fault> {
        if !self.offers.find(service, party).is_some_and(|offer| offer.open) {
            return Err(Refusal::RouteNotOffered { service, party, route: Route::Usual }.into());
        }
        let (desk, visit) = (self.clone(), visit.clone());
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let row = open(tx, &desk.ground, service, party, &Actor::Applicant).await?;
                    store::visits::let_see(tx, &visit.0, &row.id).await?;
                    Ok(row.number)
                })
            })
            .await
    }

    /// Keeps what is typed so far, while the order stands at its details (R004). A phone that was checked stays: codes and
    /// notices of a paid order go to no other (R157).
    ///
    /// # Errors
    /// The order has left that step: what is typed no longer belongs there. A field longer than any that could be entered.
    pub async fn keep_draft(
        &self,
        visit: &Visit,
        number: String,
        mut form: DetailsForm,
    ) -> Result<Moment, Fault> {
        if let Some(field) = overlong(&form) {
            return Err(Fault::Fields(vec![FieldError { field, code: "too_long".into() }]));
        }
        let (desk, visit) = (self.clone(), visit.clone());
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let row = order_for(tx, &visit, &number).await?;
                    if row.order.step() != Some(Step::Details) {
                        return Err(Fault::Changed);
                    }
                    if let Some(phone) = checked_phone(&desk.ground, &row)? {
                        form.agent_phone = phone;
                    }
                    details::keep(tx, &desk.ground, &row, &form).await?;
                    Ok(desk.ground.now())
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
        form: DetailsForm,
    ) -> Result<OrderRow, Fault> {
        let (desk, visit) = (self.clone(), visit.clone());
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let row = order_for(tx, &visit, &number).await?;
                    let details = Details::parse(&form, row.order.party).map_err(fields)?;
                    desk.enter(tx, row, seen, &details).await
                })
            })
            .await
    }

    async fn enter(
        &self,
        tx: &mut Tx,
        row: OrderRow,
        seen: i64,
        details: &Details,
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
        let service = row.order.service;
        let price =
            self.offers.find(service, row.order.party).map(|offer| offer.price).ok_or(
                Refusal::RouteNotOffered { service, party: row.order.party, route: row.order.route },
            )?;
        // A returned order was priced already; its price does not move with the catalogue (R145).
        let price = row.order.price.filter(|_| row.order.paid.is_some()).unwrap_or(price);
        let event = Event::DetailsEntered { digest: details::digest(form), method: form.method, price };
        let row = advance(tx, &self.ground, row, Some(seen), event, &Actor::Applicant).await?;
        details::keep(tx, &self.ground, &row, form).await?;
        let (version, digest) = (self.offers.agreement_version(), self.offers.agreement_digest());
        store::orders::record_agreement(tx, &row.id, version, &digest, self.ground.now()).await?;
        store::orders::load(tx, &row.id).await.map_err(Fault::from)
    }
}

/// The agent's phone of an order that came back after its phone check (a correction, another method): the check is not
/// repeated, so the phone cannot change.
fn checked_phone(ground: &Ground, row: &OrderRow) -> Result<Option<String>, Fault> {
    if !row.order.settled.contains(&Step::PhoneCheck) {
        return Ok(None);
    }
    Ok(Some(details::open(ground, row)?.agent_phone.clone()))
}

/// A field that is longer than any rule lets it be: a draft is kept as typed, and must not be a place to store things.
fn overlong(form: &DetailsForm) -> Option<String> {
    let form = serde_json::to_value(form).ok()?;
    let long = |value: &serde_json::Value| value.as_str().is_some_and(|text| text.chars().count() > LONGEST);
    form.as_object()?.iter().find(|(_, value)| long(value)).map(|(field, _)| field.clone())
}

fn fields(errors: Vec<(&'static str, journey::entry::EntryError)>) -> Fault {
    let one = |(field, error): (&'static str, journey::entry::EntryError)| FieldError {
        field: field.to_owned(),
        code: error.code.to_owned(),
    };
    Fault::Fields(errors.into_iter().map(one).collect())
}
