//! What must hold of every order at every moment, whatever happened (`states.md`, and the requirements named).

use std::collections::BTreeSet;

use journey::{
    calendar::promised_days,
    order::{InvoiceState, PasscodeState, RefundState},
    *,
};

use crate::act::Play;

/// Checks them all; the message names the one that broke.
#[track_caller]
pub fn hold(play: &Play) {
    steps(play);
    money(play);
    review_and_passcode(play);
    keys(play);
}

fn happened(play: &Play, kind: EventKind) -> bool {
    play.journal.iter().any(|entry| entry.event.kind() == kind)
}

fn count(play: &Play, wanted: impl Fn(&Effect) -> bool) -> usize {
    play.done.iter().filter(|effect| wanted(effect)).count()
}

/// R035: the order stands at the first step that is not settled; a settled step has its event in the journal.
fn steps(play: &Play) {
    let order = &play.order;
    let first_open = order.itinerary().iter().find(|step| !order.settled.contains(step));
    match order.standing {
        Standing::Open(step) => assert_eq!(first_open, Some(&step), "R035: stands at the first open step"),
        Standing::Completed => assert_eq!(first_open, None, "R035: completed when all is settled"),
        Standing::Withdrawn | Standing::Expired | Standing::Rejected => {}
    }
    for step in order.settled.iter().filter(|step| order.itinerary().contains(step)) {
        let proofs: &[EventKind] = match step {
            Step::KeyLogin => &[EventKind::KeyLoggedIn],
            Step::KeyPresence => &[EventKind::KeyPresented],
            Step::Record => &[EventKind::RecordChosen],
            Step::Details => &[EventKind::DetailsEntered],
            Step::Confirm => &[EventKind::DetailsConfirmed],
            Step::Evidence => &[EventKind::EvidenceSubmitted],
            Step::PhoneCheck => &[EventKind::PhoneChecked],
            Step::IdentityCheck => &[EventKind::IdentityPassed],
            Step::Signature => &[EventKind::Signed],
            Step::Payment => &[EventKind::PaymentReceived],
            Step::Review => &[EventKind::ReviewClaimed, EventKind::ReviewPassed],
            Step::Settlement => &[EventKind::TransferMatched],
            Step::Passcode => &[EventKind::PasscodeSealed, EventKind::PasscodeSent],
            Step::Production => &[EventKind::JobTaken, EventKind::PairIssued, EventKind::KeyVerified],
            Step::Dispatch => &[EventKind::Shipped],
            Step::Receipt => &[EventKind::Received],
            Step::Issuing => &[EventKind::PairGenerated, EventKind::PairIssued],
            Step::Loading => &[EventKind::PairLoaded],
            Step::PinReset => &[EventKind::PinReset],
        };
        for &proof in proofs {
            assert!(happened(play, proof), "R035: {step:?} was settled without {proof:?}");
        }
    }
    let settled = |step| order.settled.contains(&step);
    if settled(Step::Confirm) {
        assert_eq!(order.confirmed_digest, order.digest, "R158: what is confirmed is what stands");
    }
    if settled(Step::Signature) {
        assert_eq!(order.signed_digest, order.digest, "R096: what is signed is what stands");
    }
}

/// R131, R132 and invariant 1: Σ paid − Σ refunded = Σ value of orders not cancelled.
fn money(play: &Play) {
    let order = &play.order;
    let attempts: BTreeSet<_> = order.payments().map(|paid| &paid.attempt).collect();
    assert_eq!(attempts.len(), order.payments().count(), "invariant 1: each attempt is counted once");
    for step in [Step::Payment, Step::Settlement] {
        if order.settled.contains(&step) && order.itinerary().contains(&step) {
            assert!(order.paid.is_some(), "R030: {step:?} is settled by money alone");
        }
    }
    if happened(play, EventKind::PaymentReceived) || happened(play, EventKind::TransferMatched) {
        assert!(order.payments().count() > 0, "R131: money never disappears");
    }
    if let Some(paid) = &order.paid {
        assert_eq!(Some(paid.amount), order.price, "R132, R145: paid is what is due");
        let kept = paid.refund == RefundState::Kept;
        let stands = order.standing.is_open() || order.standing == Standing::Completed;
        assert_eq!(
            kept, stands,
            "R131, R142: an order that ended unfinished keeps no money, any other keeps its own"
        );
    }
    assert!(order.surplus.iter().all(|paid| paid.refund != RefundState::Kept), "R131: surplus goes back");
    let sent_back = order.payments().filter(|paid| paid.refund != RefundState::Kept).count();
    let refunds = count(play, |effect| matches!(effect, Effect::Refund { .. }));
    assert_eq!(refunds, sent_back, "invariant 6: one refund for each payment that goes back");
    let invoices = count(play, |effect| *effect == Effect::IssueInvoice);
    let reversed = count(play, |effect| *effect == Effect::ReverseInvoice);
    assert_eq!(invoices, usize::from(order.paid.is_some()), "R027: one invoice for what is paid");
    assert_eq!(reversed, usize::from(order.invoice == InvoiceState::Reversed), "A53");
    if order.service.is_free() {
        assert!(order.paid.is_none(), "R069, R115: free is free");
    }
}

/// R032, R033, R137, A53.
fn review_and_passcode(play: &Play) {
    let order = &play.order;
    assert!(order.rounds <= 3, "A53: three rounds");
    if let (Some(reviewer), Some(producer)) = (&order.reviewed_by, &order.produced_by) {
        assert_ne!(reviewer, producer, "R137: who reviewed does not produce");
    }
    if matches!(order.passcode, PasscodeState::Sealed | PasscodeState::Sent) {
        assert!(order.reviewed_by.is_some(), "R033: no password without an approval");
    }
    let sent = count(play, |effect| matches!(effect, Effect::SealPasscode | Effect::SendPasscode));
    assert!(sent == 0 || happened(play, EventKind::ReviewPassed), "R033: nothing is sealed or sent before");
    if order.standing == Standing::Rejected {
        assert!(order.rejected_for.is_some(), "R148: a rejection has its reason");
    }
    if !order.standing.is_open() {
        let alive = matches!(order.passcode, PasscodeState::Sealed | PasscodeState::Sent);
        assert!(!alive, "A03: the password does not outlive its order");
    }
    if order.standing == Standing::Open(Step::Review) {
        assert_eq!(
            order.promise_due.is_some(),
            promised_days(order.service, order.route).is_some(),
            "R031, R098"
        );
        assert!(
            order.paid.is_some() || !order.itinerary().contains(&Step::Payment),
            "R030: review after payment"
        );
    }
}

/// R135, R140, R153 and invariant 2: no two active certificates.
fn keys(play: &Play) {
    let order = &play.order;
    if order.parcel.is_some() {
        assert!(order.key_verified, "R153: shipped after it was verified");
        assert!(matches!(order.passcode, PasscodeState::Sent | PasscodeState::Destroyed), "R153");
    }
    let old_one = matches!(order.service, Service::Renewal | Service::Modification);
    let mut active = i32::from(old_one);
    let mut lost_one_revoked = order.service != Service::Replacement;
    for effect in &play.done {
        match effect {
            Effect::ActivatePair => {
                assert!(lost_one_revoked, "R135: the lost certificate is revoked before the new one lives");
                active += 1;
            }
            Effect::RetireOldPair => active -= 1,
            // Discarding what was never active takes nothing away.
            Effect::DiscardPair => active = active.min(i32::from(old_one)),
            Effect::RevokeCertificate => lost_one_revoked = true,
            _ => {}
        }
    }
    assert!(active <= 1, "invariant 2: {active} active certificates");
    if order.key_verified {
        assert!(order.sign_serial.is_some() && order.encrypt_serial.is_some(), "R140: verified is issued");
    }
}
