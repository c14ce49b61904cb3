//! Every cell of (where × event × role), for every way through every service: what has a row moves as the row says, what
//! has none is refused with the right code. And no row of the table is dead.

use std::collections::BTreeSet;

use journey::{
    itinerary::offered,
    order::PasscodeState,
    row::{Go, Row},
    table::TABLE,
    *,
};

use crate::act::{Play, START, actor_of, issued, next, payment, returned};

/// One event of this kind that fits the order; several where a row waits for a repetition.
pub fn fitting(order: &Order, kind: EventKind) -> Vec<Event> {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let digest = || text(&order.digest);
    let key_serial = || order.key_serial.clone().unwrap_or_else(|| "K1".to_owned());
    let amount = order.price.filter(|price| price.is_positive()).unwrap_or(Fen(1));
    let refund_of = order.payments().next().map_or("none", |paid| paid.attempt.as_str()).to_owned();
    match kind {
        EventKind::Opened => {
            vec![Event::Opened { service: order.service, party: order.party, route: order.route }]
        }
        EventKind::RouteChanged => Route::ALL.iter().map(|&route| Event::RouteChanged { route }).collect(),
        EventKind::DetailsEntered => vec![Event::DetailsEntered {
            digest: "d2".into(),
            method: Some(IdentityMethod::LegalPersonPhone),
            price: if order.service.is_free() { Fen::ZERO } else { amount },
        }],
        EventKind::DetailsConfirmed => vec![Event::DetailsConfirmed { digest: digest() }],
        EventKind::ChangeRequested => vec![Event::ChangeRequested],
        EventKind::EvidenceAdded => {
            vec![Event::EvidenceAdded { kind: some_evidence(order), file: "new".into() }]
        }
        EventKind::EvidenceRemoved => vec![Event::EvidenceRemoved { kind: some_evidence(order) }],
        EventKind::EvidenceSubmitted => vec![Event::EvidenceSubmitted],
        EventKind::PhoneChecked => vec![Event::PhoneChecked],
        EventKind::PaymentReceived => [refund_of.as_str(), "A9"]
            .map(|attempt| Event::PaymentReceived {
                attempt: attempt.into(),
                channel: Channel::Alipay,
                amount,
            })
            .into(),
        EventKind::ReviewClaimed => vec![Event::ReviewClaimed],
        EventKind::ReviewReleased => vec![Event::ReviewReleased],
        EventKind::ReviewPassed => vec![Event::ReviewPassed],
        EventKind::ReviewReturned => vec![returned(&[ReturnTarget::Field("email".into())])],
        EventKind::ReviewRejected => vec![Event::ReviewRejected { reason: "false_document".into() }],
        EventKind::PasscodeSealed => vec![Event::PasscodeSealed],
        EventKind::PasscodeSent => vec![Event::PasscodeSent],
        EventKind::PasscodeFailed => vec![Event::PasscodeFailed { reason: "account_name".into() }],
        EventKind::JobTaken => vec![Event::JobTaken],
        EventKind::JobReleased => vec![Event::JobReleased],
        EventKind::PairGenerated => [text(&order.spki_digest), "s9".to_owned()]
            .map(|spki_digest| Event::PairGenerated { key_serial: key_serial(), spki_digest })
            .into(),
        EventKind::PairIssued => vec![issued(order)],
        EventKind::KeyVerified => vec![Event::KeyVerified { key_serial: key_serial() }],
        EventKind::Shipped => vec![Event::Shipped { courier: "SF".into(), waybill: "SF9".into() }],
        EventKind::Received => vec![Event::Received],
        EventKind::Withdrawn => vec![Event::Withdrawn],
        EventKind::AgentChanged => vec![Event::AgentChanged { digest: "d3".into() }],
        EventKind::Discontinued => vec![Event::Discontinued { reason: "ended".into() }],
        EventKind::Expired => vec![Event::Expired],
        EventKind::Refunded => vec![Event::Refunded { attempt: refund_of, amount }],
        EventKind::KeyPresented => vec![Event::KeyPresented { key_serial: key_serial() }],
        EventKind::KeyLoggedIn => {
            vec![Event::KeyLoggedIn { key_serial: key_serial(), certificate_serial: "C1".into() }]
        }
        EventKind::RecordChosen => {
            vec![Event::RecordChosen { certificate_serial: "C1".into(), suspend: true }]
        }
        EventKind::IdentityPassed => vec![Event::IdentityPassed],
        EventKind::Signed => vec![Event::Signed { digest: digest() }],
        EventKind::TransferMatched => {
            ["L1", "L9"].map(|line| Event::TransferMatched { line: line.into(), amount }).into()
        }
        EventKind::PinReset => vec![Event::PinReset { key_serial: key_serial() }],
        EventKind::PairLoaded => vec![Event::PairLoaded { key_serial: key_serial() }],
    }
}

fn some_evidence(order: &Order) -> EvidenceKind {
    let required = evidence::required(order.service, order.party, order.route);
    required.first().copied().unwrap_or(EvidenceKind::HolderId)
}

/// Every state an order can be in on its good way, and on the ends that leave it.
pub fn states(service: Service, party: Party, route: Route) -> Vec<Order> {
    let mut play = Play::open(service, party, route);
    let mut states = Vec::new();
    loop {
        states.push(play.order.clone());
        for (event, role) in [
            (Event::Withdrawn, Role::Applicant),
            (Event::Withdrawn, Role::Finance),
            (Event::Expired, Role::Office),
            (Event::ReviewRejected { reason: "false_document".into() }, Role::Reviewer),
        ] {
            let mut ending = play.clone();
            if ending.tell(event, actor_of(role)).is_ok() {
                states.push(ending.order.clone());
                if ending.tell(refund(&ending.order), Actor::Provider).is_ok() {
                    states.push(ending.order);
                }
            }
        }
        // A job handed back, a password that is already known, a form opened again before and after payment.
        let field = returned(&[ReturnTarget::Field("email".into())]);
        for event in [Event::JobReleased, Event::ChangeRequested, Event::PasscodeSealed, field] {
            for role in [Role::Producer, Role::Applicant, Role::Office, Role::Reviewer] {
                let mut aside = play.clone();
                if aside.tell(event.clone(), actor_of(role)).is_ok() {
                    states.push(aside.order);
                }
            }
        }
        let Some((event, actor)) = next(&play.order) else { break };
        play.must(event, actor);
    }
    states
}

fn refund(order: &Order) -> Event {
    let paid = order.paid.as_ref();
    Event::Refunded {
        attempt: paid.map_or("none".to_owned(), |paid| paid.attempt.clone()),
        amount: paid.map_or(Fen::ZERO, |paid| paid.amount),
    }
}

#[test]
fn every_cell_moves_as_its_row_says_or_refuses_with_its_code_r035_r163() {
    let calendar = Calendar::official();
    let mut alive: BTreeSet<usize> = BTreeSet::new();
    let mut cells = 0;
    for (service, party, route) in offered() {
        for order in states(service, party, route) {
            for &kind in EventKind::ALL {
                for &role in Role::ALL {
                    for event in fitting(&order, kind) {
                        cells += 1;
                        alive.extend(check_cell(&order, &event, &actor_of(role), &calendar));
                    }
                }
            }
        }
    }
    let dead: Vec<_> = TABLE.iter().enumerate().filter(|(index, _)| !alive.contains(index)).collect();
    assert!(dead.is_empty(), "rows that no state of any journey can use: {dead:#?}");
    assert!(cells > 50_000, "only {cells} cells were looked at");
}

/// Compares one cell with the table; gives the row that moved it.
fn check_cell(order: &Order, event: &Event, actor: &Actor, calendar: &Calendar) -> Option<usize> {
    let role = actor.role();
    let covering: Vec<&Row> =
        TABLE.iter().filter(|row| row.covers(order.service, order.standing, event.kind())).collect();
    let mine = covering.iter().any(|row| row.by.contains(&role));
    let outcome = advance(order, event, actor, START, calendar);
    let place = format!("{:?} {:?} {:?} {event:?} by {role:?}", order.service, order.party, order.standing);
    match outcome {
        Err(refusal) => {
            match (covering.is_empty(), mine) {
                (true, _) => assert_eq!(refusal.code(), "not_here", "{place}"),
                (false, false) => assert_eq!(refusal.code(), "not_yours", "{place}"),
                (false, true) => assert_ne!(refusal.code(), "not_yours", "{place}"),
            }
            None
        }
        Ok(advance) => {
            assert!(mine, "{place} moved without a row");
            let row = Row::choose(order, event, actor).unwrap();
            moved_as_told(order, &advance, row, &place);
            TABLE.iter().position(|candidate| std::ptr::eq(candidate, row))
        }
    }
}

fn moved_as_told(before: &Order, after: &Advance, row: &Row, place: &str) {
    let first_open =
        |order: &Order| order.itinerary().iter().copied().find(|step| !order.settled.contains(step));
    let to_first_open = first_open(&after.order).map_or(Standing::Completed, Standing::Open);
    match row.go {
        Go::Ignore => {
            assert_eq!(after.order, *before, "{place}: a repetition changes nothing");
            assert!(after.effects.is_empty(), "{place}: a repetition does nothing");
        }
        Go::Stay => assert_eq!(after.order.standing, before.standing, "{place}"),
        Go::Settle(step) => {
            assert_eq!(after.order.standing, before.standing, "{place}");
            assert!(after.order.settled.contains(&step), "{place}");
        }
        Go::Forward => {
            assert!(after.order.settled.contains(&before.step().unwrap()), "{place}");
            assert_eq!(after.order.standing, to_first_open, "{place}");
        }
        Go::Back(steps) => {
            assert!(steps.iter().all(|step| !after.order.settled.contains(step)), "{place}");
            assert_eq!(after.order.standing, to_first_open, "{place}");
        }
        Go::Return => {
            assert!(
                matches!(after.order.standing, Standing::Open(Step::Details | Step::Evidence)),
                "{place}"
            );
        }
        Go::End(end) => assert_eq!(after.order.standing, end, "{place}"),
    }
}

/// The buttons are the rows: what `open_moves` shows unblocked, `advance` takes; what it does not show, it refuses.
#[test]
fn the_buttons_are_the_rows() {
    for (service, party, route) in offered() {
        for order in states(service, party, route) {
            for &role in Role::ALL {
                let actor = actor_of(role);
                for shown in open_moves(&order, &actor) {
                    let taken = fitting(&order, shown.event)
                        .iter()
                        .any(|event| advance(&order, event, &actor, START, &Calendar::official()).is_ok());
                    assert_eq!(taken, shown.blocked.is_none(), "{:?} {shown:?}", order.standing);
                }
            }
        }
    }
}

#[test]
fn an_open_order_can_not_be_opened_again() {
    let mut play = Play::application();
    let again = play.journal[0].event.clone();
    let refusal = play.tell(again, Actor::Applicant).unwrap_err();
    assert_eq!(refusal.code(), "not_here");
    assert_eq!(open(&payment("A1"), &Actor::Provider, START).unwrap_err().code(), "not_here");
    assert_eq!(play.order.passcode, PasscodeState::None);
}

#[test]
fn only_offered_ways_open_and_only_for_the_applicant() {
    for &service in Service::ALL {
        for &party in Party::ALL {
            for &route in Route::ALL {
                let event = Event::Opened { service, party, route };
                let opened = open(&event, &Actor::Applicant, START);
                match itinerary(service, party, route).first() {
                    Some(&first) => assert_eq!(opened.unwrap().order.standing, Standing::Open(first)),
                    None => assert_eq!(opened.unwrap_err().code(), "route_not_offered"),
                }
                for &role in Role::ALL.iter().filter(|role| **role != Role::Applicant) {
                    assert_eq!(open(&event, &actor_of(role), START).unwrap_err().code(), "not_yours");
                }
            }
        }
    }
}
