//! The conditions of the table: each looks at the order, the event and the actor, and refuses with its reason.

use crate::{
    actor::Actor,
    event::{Event, ReturnItem, ReturnTarget},
    evidence,
    itinerary::itinerary,
    money::Fen,
    order::{Order, PasscodeState, RefundState},
    party::Party,
    payment::{Channel, channels},
    refusal::Refusal,
    route::Route,
    row::{Need, When},
    service::Service,
    step::Step,
};

/// How often the review may send an order back (A53).
pub(crate) const RETURN_LIMIT: u8 = 3;

impl When {
    /// Whether the row would be the one for a fresh event: one that repeats nothing.
    pub(crate) fn holds_for_a_fresh_event(self, order: &Order) -> bool {
        match self {
            When::Always => true,
            When::Paid => order.paid.is_some(),
            _ => false,
        }
    }

    /// Whether the row is the one for this event.
    pub(crate) fn holds(self, order: &Order, event: &Event) -> bool {
        match (self, event) {
            (When::Always, _) => true,
            (When::AttemptKnown, event) => {
                money(event).is_some_and(|(number, ..)| order.payments().any(|paid| paid.attempt == number))
            }
            (When::Paid, _) => order.paid.is_some(),
            (When::RefundKnown, Event::Refunded { attempt, .. }) => {
                order.payments().any(|paid| paid.attempt == *attempt && paid.refund == RefundState::Done)
            }
            (When::PasscodeKnown, _) => matches!(order.passcode, PasscodeState::Sealed | PasscodeState::Sent),
            (When::PasscodeSent, _) => order.passcode == PasscodeState::Sent,
            (When::PairKnown, Event::PairGenerated { key_serial, spki_digest }) => {
                order.key_serial.as_ref() == Some(key_serial)
                    && order.spki_digest.as_ref() == Some(spki_digest)
            }
            (When::CertificatesKnown, Event::PairIssued { spki_digest, sign_serial, encrypt_serial }) => {
                order.spki_digest.as_ref() == Some(spki_digest)
                    && order.sign_serial.as_ref() == Some(sign_serial)
                    && order.encrypt_serial.as_ref() == Some(encrypt_serial)
            }
            _ => false,
        }
    }
}

impl Need {
    /// `event` is `None` when only a button is asked for: what depends on the event's contents then holds.
    pub(crate) fn check(self, order: &Order, event: Option<&Event>, actor: &Actor) -> Result<(), Refusal> {
        match self {
            Need::RouteOffered => route_offered(order, event),
            Need::MethodChosen => method_chosen(order, event),
            Need::PriceFits => price_fits(order, event),
            Need::PriceKept => price_kept(order, event),
            Need::DigestMatches => digest_matches(order, event),
            Need::EvidenceAsked => evidence_asked(order, event),
            Need::EvidenceComplete => evidence_complete(order),
            Need::PaymentDue => due(order, Step::Payment),
            Need::SettlementDue => due(order, Step::Settlement),
            Need::ChannelOffered => channel_offered(order, event),
            Need::AmountMatches => amount_matches(order, event),
            Need::AmountPositive => amount_positive(event),
            Need::RefundDue => refund_due(order, event),
            Need::ReviewFree => {
                let taken = order.claimed_by.as_ref().is_some_and(|holder| Some(holder) != actor.staff());
                hold(!taken, Refusal::ClaimedByAnother)
            }
            Need::Claimed => match &order.claimed_by {
                None => Err(Refusal::NotClaimed),
                Some(holder) => hold(Some(holder) == actor.staff(), Refusal::ClaimedByAnother),
            },
            Need::RoundsLeft => {
                hold(order.rounds < RETURN_LIMIT, Refusal::RoundsUsed { limit: RETURN_LIMIT })
            }
            Need::ItemsNamed => items_named(order, event),
            Need::ReasonGiven => match event {
                Some(Event::ReviewRejected { reason } | Event::Discontinued { reason }) => {
                    hold(!reason.trim().is_empty(), Refusal::ReasonMissing)
                }
                _ => Ok(()),
            },
            Need::PasscodeSealed => hold(
                matches!(order.passcode, PasscodeState::Sealed | PasscodeState::Sent),
                Refusal::PasscodeNotSealed,
            ),
            Need::PasscodeSent => hold(order.passcode == PasscodeState::Sent, Refusal::PasscodeNotSent),
            Need::NotTheReviewer => {
                let same = order.reviewed_by.is_some() && order.reviewed_by.as_ref() == actor.staff();
                hold(!same, Refusal::ReviewerMayNotProduce)
            }
            Need::JobFree => {
                let taken = order.produced_by.as_ref().is_some_and(|holder| Some(holder) != actor.staff());
                hold(!taken, Refusal::JobTakenByAnother)
            }
            Need::JobTaken => match &order.produced_by {
                None => Err(Refusal::JobNotTaken),
                Some(holder) => hold(Some(holder) == actor.staff(), Refusal::JobTakenByAnother),
            },
            Need::SameKey => same_key(order, event),
            Need::PairGenerated => pair_generated(order, event),
            Need::NotYetIssued => hold(order.sign_serial.is_none(), Refusal::PairAlreadyIssued),
            Need::PairIssued => hold(order.sign_serial.is_some(), Refusal::PairNotIssued),
            Need::KeyVerified => hold(order.key_verified, Refusal::KeyNotVerified),
            Need::NotProduced => {
                hold(order.produced_by.is_none() && order.spki_digest.is_none(), Refusal::ProductionStarted)
            }
        }
    }
}

fn hold(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal) }
}

/// Number, channel and amount of money that came in.
pub(crate) fn money(event: &Event) -> Option<(&str, Channel, Fen)> {
    match event {
        Event::PaymentReceived { attempt, channel, amount } => Some((attempt, *channel, *amount)),
        Event::TransferMatched { line, amount } => Some((line, Channel::Transfer, *amount)),
        _ => None,
    }
}

/// Another way that exists. An unblock leaves the usual way once and for all; which way a modification takes follows
/// from its form, which may change again (A45).
fn route_offered(order: &Order, event: Option<&Event>) -> Result<(), Refusal> {
    let (service, party) = (order.service, order.party);
    let offered = |route: Route| {
        route != order.route
            && (order.route == Route::Usual || service == Service::Modification)
            && !itinerary(service, party, route).is_empty()
    };
    let (holds, route) = match event {
        Some(Event::RouteChanged { route }) => (offered(*route), *route),
        _ => (Route::ALL.iter().any(|route| offered(*route)), order.route),
    };
    hold(holds, Refusal::RouteNotOffered { service, party, route })
}

/// R009 for organisations; a person may choose (A08), and must where identity is what the order is about (R072).
fn method_chosen(order: &Order, event: Option<&Event>) -> Result<(), Refusal> {
    let Some(Event::DetailsEntered { method, .. }) = event else { return Ok(()) };
    let makes_key = order.itinerary().contains(&Step::Passcode);
    let asked =
        order.itinerary().contains(&Step::IdentityCheck) || (makes_key && order.party == Party::Organisation);
    hold(!asked || method.is_some(), Refusal::MethodMissing)
}

fn price_fits(order: &Order, event: Option<&Event>) -> Result<(), Refusal> {
    let Some(Event::DetailsEntered { price, .. }) = event else { return Ok(()) };
    let fits = if order.service.is_free() { *price == Fen::ZERO } else { price.is_positive() };
    hold(fits, Refusal::PriceWrong { price: *price })
}

fn price_kept(order: &Order, event: Option<&Event>) -> Result<(), Refusal> {
    match (event, &order.paid) {
        (Some(Event::DetailsEntered { price, .. }), Some(paid)) => {
            hold(paid.amount == *price, Refusal::PriceFixed { paid: paid.amount, price: *price })
        }
        _ => Ok(()),
    }
}

fn digest_matches(order: &Order, event: Option<&Event>) -> Result<(), Refusal> {
    match event {
        Some(Event::DetailsConfirmed { digest } | Event::Signed { digest }) => {
            hold(order.digest.as_ref() == Some(digest), Refusal::DetailsChanged)
        }
        _ => Ok(()),
    }
}

fn evidence_asked(order: &Order, event: Option<&Event>) -> Result<(), Refusal> {
    match event {
        Some(Event::EvidenceAdded { kind, .. } | Event::EvidenceRemoved { kind }) => {
            let asked = evidence::required(order.service, order.party, order.route).contains(kind);
            hold(asked, Refusal::EvidenceNotAsked { evidence: *kind })
        }
        _ => Ok(()),
    }
}

fn evidence_complete(order: &Order) -> Result<(), Refusal> {
    let required = evidence::required(order.service, order.party, order.route).iter().copied();
    let missing: Vec<_> = required.filter(|kind| !order.evidence.contains_key(kind)).collect();
    hold(missing.is_empty(), Refusal::EvidenceMissing { missing })
}

/// Whether this kind of money can be asked for on this way at all.
fn due(order: &Order, step: Step) -> Result<(), Refusal> {
    hold(order.itinerary().contains(&step) && order.price.is_some(), Refusal::NothingDue)
}

fn channel_offered(order: &Order, event: Option<&Event>) -> Result<(), Refusal> {
    let Some((_, channel, _)) = event.and_then(money) else { return Ok(()) };
    hold(channels(order.service, order.party).contains(&channel), Refusal::ChannelNotOffered { channel })
}

fn amount_matches(order: &Order, event: Option<&Event>) -> Result<(), Refusal> {
    let Some((_, _, received)) = event.and_then(money) else { return Ok(()) };
    let due = order.price.ok_or(Refusal::NothingDue)?;
    hold(due == received, Refusal::AmountDiffers { due, received })
}

fn amount_positive(event: Option<&Event>) -> Result<(), Refusal> {
    let Some((_, _, received)) = event.and_then(money) else { return Ok(()) };
    hold(received.is_positive(), Refusal::AmountDiffers { due: Fen::ZERO, received })
}

fn refund_due(order: &Order, event: Option<&Event>) -> Result<(), Refusal> {
    let Some(Event::Refunded { attempt, amount }) = event else { return Ok(()) };
    let due = order
        .payments()
        .any(|paid| paid.attempt == *attempt && paid.amount == *amount && paid.refund == RefundState::Due);
    hold(due, Refusal::RefundNotDue)
}

fn items_named(order: &Order, event: Option<&Event>) -> Result<(), Refusal> {
    let Some(Event::ReviewReturned { items }) = event else { return Ok(()) };
    hold(!items.is_empty(), Refusal::ReasonMissing)?;
    let asked = evidence::required(order.service, order.party, order.route);
    items.iter().try_for_each(|ReturnItem { item, .. }| match item {
        ReturnTarget::Field(name) => hold(!name.trim().is_empty(), Refusal::ReasonMissing),
        ReturnTarget::Evidence(kind) => {
            hold(asked.contains(kind), Refusal::EvidenceNotAsked { evidence: *kind })
        }
    })
}

fn same_key(order: &Order, event: Option<&Event>) -> Result<(), Refusal> {
    match event {
        Some(
            Event::KeyPresented { key_serial }
            | Event::PairGenerated { key_serial, .. }
            | Event::KeyVerified { key_serial }
            | Event::PairLoaded { key_serial }
            | Event::PinReset { key_serial },
        ) => hold(order.key_serial.as_ref() == Some(key_serial), Refusal::KeyDiffers),
        _ => Ok(()),
    }
}

fn pair_generated(order: &Order, event: Option<&Event>) -> Result<(), Refusal> {
    match event {
        Some(Event::PairIssued { spki_digest, .. }) => {
            hold(order.spki_digest.as_ref() == Some(spki_digest), Refusal::PairNotGenerated)
        }
        _ => hold(order.spki_digest.is_some(), Refusal::PairNotGenerated),
    }
}
