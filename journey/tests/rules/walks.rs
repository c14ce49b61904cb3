//! Ten thousand seeded walks through anything that can happen, sensible or not: the invariants hold after every step,
//! nothing panics, and the journal tells the order again.

use fastrand::Rng;
use journey::{itinerary::offered, row::Row, *};

use crate::{
    act::{PRICE, Play, actor_of, next},
    invariants,
};

const WALKS: u64 = 10_000;
const EVENTS: usize = 45;

fn pick<T: Clone>(dice: &mut Rng, from: &[T]) -> T {
    from[dice.usize(..from.len())].clone()
}

fn word(dice: &mut Rng, from: &[&str]) -> String {
    pick(dice, from).to_owned()
}

/// None, one or two things to put right.
fn some_items(dice: &mut Rng) -> Vec<ReturnItem> {
    let count = dice.usize(..3);
    let item = |dice: &mut Rng| match dice.bool() {
        true => ReturnTarget::Field(word(dice, &["email", ""])),
        false => ReturnTarget::Evidence(pick(dice, EvidenceKind::ALL)),
    };
    (0..count)
        .map(|_| ReturnItem { item: item(dice), reason: pick(dice, ReturnReason::ALL), note: None })
        .collect()
}

/// Any event of these kinds, its contents from few words, so that they meet again.
fn anything(dice: &mut Rng, kinds: &[EventKind]) -> Event {
    let digest = word(dice, &["d1", "d2", ""]);
    let key_serial = word(dice, &["K1", "K1", "K2"]);
    let spki_digest = word(dice, &["s1", "s2"]);
    let attempt = word(dice, &["A1", "A2", "A3", "L1", ""]);
    let amount = pick(dice, &[PRICE, PRICE, PRICE, Fen(1), Fen::ZERO, Fen(-1), Fen(i64::MAX), Fen(i64::MIN)]);
    let kind = pick(dice, EvidenceKind::ALL);
    let reason = word(dice, &["because", ""]);
    match pick(dice, kinds) {
        EventKind::Opened => Event::Opened {
            service: pick(dice, Service::ALL),
            party: pick(dice, Party::ALL),
            route: pick(dice, Route::ALL),
        },
        EventKind::RouteChanged => Event::RouteChanged { route: pick(dice, Route::ALL) },
        EventKind::DetailsEntered => {
            let method = pick(dice, &[None, Some(IdentityMethod::CompanyTransfer)]);
            Event::DetailsEntered { digest, method, price: amount }
        }
        EventKind::DetailsConfirmed => Event::DetailsConfirmed { digest },
        EventKind::ChangeRequested => Event::ChangeRequested,
        EventKind::EvidenceAdded => Event::EvidenceAdded { kind, file: "file".into() },
        EventKind::EvidenceRemoved => Event::EvidenceRemoved { kind },
        EventKind::EvidenceSubmitted => Event::EvidenceSubmitted,
        EventKind::PhoneChecked => Event::PhoneChecked,
        EventKind::PaymentReceived => {
            Event::PaymentReceived { attempt, channel: pick(dice, Channel::ALL), amount }
        }
        EventKind::ReviewClaimed => Event::ReviewClaimed,
        EventKind::ReviewReleased => Event::ReviewReleased,
        EventKind::ReviewPassed => Event::ReviewPassed,
        EventKind::ReviewReturned => Event::ReviewReturned { items: some_items(dice) },
        EventKind::ReviewRejected => Event::ReviewRejected { reason },
        EventKind::PasscodeSealed => Event::PasscodeSealed,
        EventKind::PasscodeSent => Event::PasscodeSent,
        EventKind::PasscodeFailed => Event::PasscodeFailed { reason },
        EventKind::JobTaken => Event::JobTaken,
        EventKind::JobReleased => Event::JobReleased,
        EventKind::PairGenerated => Event::PairGenerated { key_serial, spki_digest },
        EventKind::PairIssued => Event::PairIssued {
            sign_serial: format!("sign-{spki_digest}"),
            encrypt_serial: format!("encrypt-{spki_digest}"),
            spki_digest,
        },
        EventKind::KeyVerified => Event::KeyVerified { key_serial },
        EventKind::Shipped => Event::Shipped { courier: "SF".into(), waybill: "SF1".into() },
        EventKind::Received => Event::Received,
        EventKind::Withdrawn => Event::Withdrawn,
        EventKind::AgentChanged => Event::AgentChanged { digest },
        EventKind::Discontinued => Event::Discontinued { reason },
        EventKind::Expired => Event::Expired,
        EventKind::Refunded => Event::Refunded { attempt, amount },
        EventKind::KeyPresented => Event::KeyPresented { key_serial },
        EventKind::KeyLoggedIn => Event::KeyLoggedIn { key_serial, certificate_serial: "C1".into() },
        EventKind::RecordChosen => {
            Event::RecordChosen { certificate_serial: "C1".into(), suspend: dice.bool() }
        }
        EventKind::IdentityPassed => Event::IdentityPassed,
        EventKind::Signed => Event::Signed { digest },
        EventKind::TransferMatched => Event::TransferMatched { line: attempt, amount },
        EventKind::PinReset => Event::PinReset { key_serial },
        EventKind::PairLoaded => Event::PairLoaded { key_serial },
    }
}

/// Two people in each trade, and one who is both reviewer and producer.
fn anybody(dice: &mut Rng) -> Actor {
    let staff = StaffId(word(dice, &["r1", "r2", "both"]));
    match pick(dice, Role::ALL) {
        Role::Reviewer => Actor::Reviewer(staff),
        Role::Producer => Actor::Producer(pick(dice, &[StaffId("p1".into()), staff])),
        role => actor_of(role),
    }
}

/// Somebody whom the table allows this event, and who has the order in hand where that matters.
fn somebody_who_may(dice: &mut Rng, order: &Order, event: &Event) -> Actor {
    let rows: Vec<&Row> = Row::of(order, event.kind()).collect();
    let Some(row) = dice.choice(rows) else { return anybody(dice) };
    match (pick(dice, row.by), &order.claimed_by, &order.produced_by) {
        (Role::Reviewer, Some(staff), _) => Actor::Reviewer(staff.clone()),
        (Role::Producer, _, Some(staff)) => Actor::Producer(staff.clone()),
        (role, ..) => actor_of(role),
    }
}

/// Mostly what should come next, sometimes what may, sometimes anything from anybody.
fn one_step(play: &mut Play, dice: &mut Rng) {
    let (event, actor) = match (next(&play.order), dice.u8(..10)) {
        (Some(good), 0..5) => good,
        (_, 0..8) => {
            let covered = |kind: &EventKind| Row::of(&play.order, *kind).next().is_some();
            let kinds: Vec<_> = EventKind::ALL.iter().copied().filter(covered).collect();
            let event = anything(dice, &kinds);
            let actor = somebody_who_may(dice, &play.order, &event);
            (event, actor)
        }
        _ => (anything(dice, EventKind::ALL), anybody(dice)),
    };
    let (before, entries) = (play.order.clone(), play.journal.len());
    match play.tell(event, actor) {
        Ok(_) => {
            if !before.standing.is_open() {
                assert_eq!(play.order.standing, before.standing, "an end is an end");
            }
            if let (Some(was), Some(is)) = (&before.paid, &play.order.paid) {
                assert_eq!(was.attempt, is.attempt, "R131: the payment that counts stays the one");
            }
            assert!(before.paid.is_none() || play.order.paid.is_some(), "R131: paid never becomes unpaid");
        }
        Err(refusal) => {
            assert!(!refusal.code().is_empty());
            assert_eq!(play.journal.len(), entries);
        }
    }
}

#[test]
fn ten_thousand_walks_keep_the_invariants_and_replay_r030_r033_r035_r131_r137_r153() {
    let ways: Vec<_> = offered().collect();
    let mut ends = std::collections::BTreeMap::new();
    for seed in 0..WALKS {
        let mut dice = Rng::with_seed(seed);
        let (service, party, route) = ways[seed as usize % ways.len()];
        let mut play = Play::open(service, party, route);
        for _ in 0..EVENTS {
            let entries = play.journal.len();
            one_step(&mut play, &mut dice);
            if play.journal.len() == entries {
                continue;
            }
            invariants::hold(&play);
            // Each walk is told again at its end, and one in twenty after every step.
            if seed.is_multiple_of(20) {
                assert_eq!(replay(&play.journal, &play.calendar).as_ref(), Ok(&play.order), "seed {seed}");
            }
        }
        assert_eq!(replay(&play.journal, &play.calendar).as_ref(), Ok(&play.order), "seed {seed}");
        survives_storage(&play, seed);
        *ends.entry(play.order.standing).or_insert(0) += 1;
    }
    for end in Standing::ENDS {
        assert!(ends.get(end).is_some_and(|walks| *walks > 20), "the walks must see every end: {ends:?}");
    }
}

/// What the store and the wire keep is what was.
fn survives_storage(play: &Play, seed: u64) {
    if !seed.is_multiple_of(10) {
        return;
    }
    let journal = serde_json::to_string(&play.journal).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Entry>>(&journal).unwrap(), play.journal, "seed {seed}");
    let order = serde_json::to_string(&play.order).unwrap();
    assert_eq!(serde_json::from_str::<Order>(&order).unwrap(), play.order, "seed {seed}");
    let done = serde_json::to_string(&play.done).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Effect>>(&done).unwrap(), play.done, "seed {seed}");
}

#[test]
fn no_moment_and_no_amount_makes_the_rules_panic() {
    for millis in [i64::MIN, -1, 0, i64::MAX] {
        for (service, party, route) in offered() {
            let mut play = Play::open(service, party, route);
            play.now = Moment::from_millis(millis);
            play.finish();
            assert_eq!(play.order.standing, Standing::Completed);
        }
    }
}
