//! Laws that hold wherever an event is allowed, written down here and not read from the table: spoil what the law
//! asks for, and the same cell must refuse with the law's code.

use std::collections::BTreeMap;

use journey::{itinerary::offered, order::PasscodeState, *};

use crate::{
    act::{START, actor_of},
    cells::{fitting, states},
};

/// What is spoiled, and what the refusal must then be.
type Spoil = fn(&mut Order, &mut Event);

struct Law {
    name: &'static str,
    /// Whether the law speaks of this event in this order by this role.
    of: fn(&Order, &Event, Role) -> bool,
    spoil: Spoil,
    code: &'static str,
}

fn other() -> Option<StaffId> {
    Some(StaffId("somebody else".to_owned()))
}

fn fresh_money(order: &Order, event: &Event) -> bool {
    let first = order.paid.is_none() && order.surplus.is_empty();
    first && matches!(event, Event::PaymentReceived { .. } | Event::TransferMatched { .. })
}

fn decides(event: &Event) -> bool {
    use Event::{ReviewPassed, ReviewRejected, ReviewReleased, ReviewReturned};
    matches!(event, ReviewPassed | ReviewReturned { .. } | ReviewRejected { .. } | ReviewReleased)
}

fn produces(event: &Event) -> bool {
    matches!(event, Event::JobReleased | Event::PairGenerated { .. } | Event::KeyVerified { .. })
}

fn of_the_same_key(order: &Order, event: &Event, role: Role) -> bool {
    match event {
        Event::KeyPresented { .. } => order.step() != Some(Step::KeyPresence),
        Event::PairGenerated { .. } => role == Role::Applicant,
        Event::KeyVerified { .. } | Event::PairLoaded { .. } | Event::PinReset { .. } => true,
        _ => false,
    }
}

fn another_key(_: &mut Order, event: &mut Event) {
    if let Event::KeyPresented { key_serial }
    | Event::PairGenerated { key_serial, .. }
    | Event::KeyVerified { key_serial }
    | Event::PairLoaded { key_serial }
    | Event::PinReset { key_serial } = event
    {
        *key_serial = "another key".to_owned();
    }
}

fn another_amount(_: &mut Order, event: &mut Event) {
    if let Event::PaymentReceived { amount, .. }
    | Event::TransferMatched { amount, .. }
    | Event::Refunded { amount, .. } = event
    {
        *amount = Fen(amount.get() + 1);
    }
}

fn no_amount(_: &mut Order, event: &mut Event) {
    if let Event::PaymentReceived { amount, attempt: number, .. }
    | Event::TransferMatched { amount, line: number } = event
    {
        *amount = Fen::ZERO;
        *number = "never seen".to_owned();
    }
}

const LAWS: &[Law] = &[
    Law {
        name: "R158: who has not claimed the review does not decide",
        of: |_, event, role| decides(event) && role == Role::Reviewer,
        spoil: |order, _| order.claimed_by = other(),
        code: "claimed_by_another",
    },
    Law {
        name: "R158: nobody decides what nobody claimed",
        of: |_, event, role| decides(event) && role == Role::Reviewer,
        spoil: |order, _| order.claimed_by = None,
        code: "not_claimed",
    },
    Law {
        name: "only who took the job produces",
        of: |_, event, role| produces(event) && role == Role::Producer,
        spoil: |order, _| order.produced_by = other(),
        code: "job_taken_by_another",
    },
    Law {
        name: "nobody produces a job that nobody took",
        of: |_, event, role| produces(event) && role == Role::Producer,
        spoil: |order, _| order.produced_by = None,
        code: "job_not_taken",
    },
    Law {
        name: "R137: who reviewed does not take the job",
        of: |_, event, _| *event == Event::JobTaken,
        spoil: |order, _| order.reviewed_by = actor_of(Role::Producer).staff().cloned(),
        code: "reviewer_may_not_produce",
    },
    Law {
        name: "R067, R081: the key stays the same",
        of: of_the_same_key,
        spoil: another_key,
        code: "key_differs",
    },
    Law {
        name: "R140: what is verified or loaded was issued",
        of: |_, event, _| matches!(event, Event::KeyVerified { .. } | Event::PairLoaded { .. }),
        spoil: |order, _| order.sign_serial = None,
        code: "pair_not_issued",
    },
    Law {
        name: "R138: certificates are for the pair that was born on the key",
        of: |order, event, _| order.sign_serial.is_none() && matches!(event, Event::PairIssued { .. }),
        spoil: |order, _| order.spki_digest = Some("another pair".to_owned()),
        code: "pair_not_generated",
    },
    Law {
        name: "R132: the first money of an open order is what is due",
        of: |order, event, _| fresh_money(order, event) && order.standing.is_open(),
        spoil: another_amount,
        code: "amount_differs",
    },
    Law {
        name: "no money is no payment, even where it would go back",
        of: |order, event, _| fresh_money(order, event) || order.paid.is_some() && is_new_money(order, event),
        spoil: no_amount,
        code: "amount_differs",
    },
    Law {
        name: "R106: paid through a channel of the service",
        of: |order, event, role| {
            fresh_money(order, event) && order.standing.is_open() && role == Role::Provider
        },
        spoil: |_, event| {
            if let Event::PaymentReceived { channel, .. } = event {
                *channel = Channel::Transfer;
            }
        },
        code: "channel_not_offered",
    },
    Law {
        name: "R131: a refund is confirmed as it was ordered",
        of: |order, event, _| {
            let due = order.payments().any(|paid| paid.refund == journey::order::RefundState::Due);
            due && matches!(event, Event::Refunded { .. })
        },
        spoil: another_amount,
        code: "refund_not_due",
    },
    Law {
        name: "R033: a password that was never sealed is neither sent nor refused",
        of: |order, event, _| {
            let tells = matches!(event, Event::PasscodeSent | Event::PasscodeFailed { .. });
            tells && (order.step() == Some(Step::Passcode) || !matches!(event, Event::PasscodeSent))
        },
        spoil: |order, _| order.passcode = PasscodeState::None,
        code: "passcode_not_sealed",
    },
    Law {
        name: "R153: nothing is shipped before its password is sent",
        of: |_, event, _| matches!(event, Event::Shipped { .. }),
        spoil: |order, _| order.passcode = PasscodeState::Sealed,
        code: "passcode_not_sent",
    },
    Law {
        name: "R153: nothing is shipped unverified",
        of: |_, event, _| matches!(event, Event::Shipped { .. }),
        spoil: |order, _| order.key_verified = false,
        code: "key_not_verified",
    },
    Law {
        name: "R131, R145: a paid order keeps its price",
        of: |order, event, _| order.paid.is_some() && matches!(event, Event::DetailsEntered { .. }),
        spoil: |_, event| {
            if let Event::DetailsEntered { price, .. } = event {
                *price = Fen(price.get() + 1);
            }
        },
        code: "price_fixed",
    },
    Law {
        name: "R158: only what stands is confirmed or signed",
        of: |_, event, _| matches!(event, Event::DetailsConfirmed { .. } | Event::Signed { .. }),
        spoil: |order, _| order.digest = Some("changed meanwhile".to_owned()),
        code: "details_changed",
    },
    Law {
        name: "R020, R101: nothing is submitted without its evidence",
        of: |_, event, _| *event == Event::EvidenceSubmitted,
        spoil: |order, _| order.evidence.clear(),
        code: "evidence_missing",
    },
    Law {
        name: "A53: not a fourth time",
        of: |_, event, _| matches!(event, Event::ReviewReturned { .. }),
        spoil: |order, _| order.rounds = 3,
        code: "rounds_used",
    },
    Law {
        name: "A54: production is not withdrawn by the applicant",
        of: |order, event, role| {
            let begun = matches!(order.step(), Some(Step::Production | Step::Issuing));
            begun && *event == Event::Withdrawn && role == Role::Applicant
        },
        spoil: |order, _| order.spki_digest = Some("born on a key".to_owned()),
        code: "production_started",
    },
];

fn is_new_money(order: &Order, event: &Event) -> bool {
    let seen = |number: &String| order.payments().any(|paid| paid.attempt == *number);
    match event {
        Event::PaymentReceived { attempt, .. } => !seen(attempt),
        Event::TransferMatched { line, .. } => !seen(line),
        _ => false,
    }
}

#[test]
fn what_a_law_asks_for_is_asked_for_in_every_cell_that_allows_the_event() {
    let calendar = Calendar::official();
    let mut spoken: BTreeMap<&str, usize> = BTreeMap::new();
    for (service, party, route) in offered() {
        for order in states(service, party, route) {
            let cells = EventKind::ALL.iter().flat_map(|kind| fitting(&order, *kind));
            for (event, &role) in
                cells.flat_map(|event| Role::ALL.iter().map(move |role| (event.clone(), role)))
            {
                let actor = actor_of(role);
                if advance(&order, &event, &actor, START, &calendar).is_err() {
                    continue;
                }
                for law in LAWS.iter().filter(|law| (law.of)(&order, &event, role)) {
                    let (mut spoiled, mut event) = (order.clone(), event.clone());
                    (law.spoil)(&mut spoiled, &mut event);
                    let outcome = advance(&spoiled, &event, &actor, START, &calendar);
                    let code = outcome.as_ref().map_err(Refusal::code).err();
                    assert_eq!(code, Some(law.code), "{} at {:?}: {event:?}", law.name, order.standing);
                    *spoken.entry(law.name).or_default() += 1;
                }
            }
        }
    }
    for law in LAWS {
        assert!(spoken.contains_key(law.name), "no cell speaks of: {}", law.name);
    }
}
