//! The only mover of orders: finds the row, asks its conditions, takes down the event, and says what must be done.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    actor::{Actor, Role},
    calendar::Calendar,
    carry_out::carry_out,
    effect::Effect,
    event::{Event, ReturnItem, ReturnTarget},
    itinerary::itinerary,
    moment::Moment,
    order::{InvoiceState, Order, PasscodeState, Standing},
    record::{record, unsettle},
    refusal::Refusal,
    row::{Do, Go, Row},
    step::Step,
    table::{completing, entering},
};

/// The order after the event, and the errands to save with it in one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advance {
    pub order: Order,
    pub effects: Vec<Effect>,
}

/// Opens an order at the first step of its itinerary. Whether this holder may come for this service at all is asked
/// of `eligibility` before.
///
/// # Errors
/// `NotYours` unless the applicant opens, `RouteNotOffered`, `NotHere` for any other event.
pub fn open(event: &Event, actor: &Actor, at: Moment) -> Result<Advance, Refusal> {
    let Event::Opened { service, party, route } = event else {
        // There is no order yet for anything else to happen to.
        return Err(Refusal::NotHere { standing: Standing::Expired, event: event.kind() });
    };
    if actor.role() != Role::Applicant {
        return Err(Refusal::NotYours { event: event.kind(), role: actor.role() });
    }
    let (service, party, route) = (*service, *party, *route);
    let first = itinerary(service, party, route).first();
    let first = first.copied().ok_or(Refusal::RouteNotOffered { service, party, route })?;
    let order = Order {
        service,
        party,
        route,
        standing: Standing::Open(first),
        settled: BTreeSet::new(),
        opened_at: at,
        digest: None,
        confirmed_digest: None,
        signed_digest: None,
        method: None,
        price: None,
        evidence: BTreeMap::new(),
        paid: None,
        surplus: Vec::new(),
        invoice: InvoiceState::None,
        rounds: 0,
        returned: Vec::new(),
        claimed_by: None,
        reviewed_by: None,
        rejected_for: None,
        promise_due: None,
        passcode: PasscodeState::None,
        passcode_failed_for: None,
        key_serial: None,
        certificate_serial: None,
        produced_by: None,
        spki_digest: None,
        sign_serial: None,
        encrypt_serial: None,
        key_verified: false,
        parcel: None,
    };
    Ok(Advance { order, effects: Vec::new() })
}

/// Moves an order by an event, or says why not. The same arguments always give the same answer.
///
/// # Errors
/// The reason; the order is then untouched.
pub fn advance(
    order: &Order,
    event: &Event,
    actor: &Actor,
    at: Moment,
    calendar: &Calendar,
) -> Result<Advance, Refusal> {
    let row = Row::choose(order, event, actor)?;
    row.needs.iter().try_for_each(|need| need.check(order, Some(event), actor))?;
    let mut order = order.clone();
    let mut effects = Vec::new();
    carry_out_all(&mut order, row.does, event, at, &mut effects);
    if row.go != Go::Ignore {
        record(&mut order, event, actor, at);
    }
    let before = order.standing;
    go(&mut order, row.go, event);
    if order.standing != before {
        arrive(&mut order, event, at, calendar, &mut effects);
    }
    Ok(Advance { order, effects })
}

fn carry_out_all(order: &mut Order, todo: &[Do], event: &Event, at: Moment, effects: &mut Vec<Effect>) {
    for todo in todo {
        effects.extend(carry_out(order, *todo, event, at));
    }
}

fn go(order: &mut Order, go: Go, event: &Event) {
    match go {
        Go::Ignore | Go::Stay => {}
        Go::Forward => {
            order.settled.extend(order.step());
            to_first_open_step(order);
        }
        Go::Settle(step) => {
            order.settled.insert(step);
        }
        Go::Back(steps) => reopen(order, steps),
        Go::Return => reopen(order, &returned_steps(event)),
        Go::End(end) => order.standing = end,
    }
}

fn reopen(order: &mut Order, steps: &[Step]) {
    for step in steps {
        unsettle(order, *step);
    }
    to_first_open_step(order);
}

/// Forward and back are the same walk: to the first step that is not settled, or to the end.
fn to_first_open_step(order: &mut Order) {
    let open = order.itinerary().iter().find(|step| !order.settled.contains(step));
    order.standing = open.map_or(Standing::Completed, |step| Standing::Open(*step));
}

/// A53: a returned field opens the form, what confirms and signs it; a returned upload opens the uploads. The rest stays
/// settled, so that a resubmission goes straight to the review.
fn returned_steps(event: &Event) -> Vec<Step> {
    let Event::ReviewReturned { items } = event else { return Vec::new() };
    let mut steps = vec![];
    for ReturnItem { item, .. } in items {
        match item {
            ReturnTarget::Field(_) => steps.extend([Step::Details, Step::Confirm, Step::Signature]),
            ReturnTarget::Evidence(_) => steps.push(Step::Evidence),
        }
    }
    steps.push(Step::Review);
    steps
}

/// What a new standing begins with.
fn arrive(order: &mut Order, event: &Event, at: Moment, calendar: &Calendar, effects: &mut Vec<Effect>) {
    match order.standing {
        Standing::Open(step) => {
            if step == Step::Review {
                // A10, A11: payment or signature lead here, and so does a resubmission: the promise counts from now.
                order.returned.clear();
                order.promise_due =
                    calendar.promise_due(order.service, order.route, at).map(|promise| promise.due_on);
            }
            carry_out_all(order, entering(step), event, at, effects);
        }
        Standing::Completed => {
            carry_out_all(order, completing(order.service, order.route), event, at, effects);
        }
        Standing::Withdrawn | Standing::Expired | Standing::Rejected => {}
    }
}
