//! Takes down what an event tells. No decisions: those were made by the table.

use crate::{
    actor::Actor,
    event::{Event, ReturnItem, ReturnTarget},
    moment::Moment,
    order::{Order, Parcel, PasscodeState, RefundState},
    step::Step,
};

pub(crate) fn record(order: &mut Order, event: &Event, actor: &Actor, at: Moment) {
    match event {
        Event::RouteChanged { route } => order.route = *route,
        Event::DetailsEntered { digest, method, price } => {
            order.digest = Some(digest.clone());
            order.method = *method;
            order.price = Some(*price);
        }
        Event::DetailsConfirmed { digest } => order.confirmed_digest = Some(digest.clone()),
        Event::Signed { digest } => order.signed_digest = Some(digest.clone()),
        Event::EvidenceAdded { kind, file } => drop(order.evidence.insert(*kind, file.clone())),
        Event::EvidenceRemoved { kind } => drop(order.evidence.remove(kind)),
        Event::ReviewClaimed => order.claimed_by = actor.staff().cloned(),
        Event::ReviewReleased => order.claimed_by = None,
        Event::ReviewPassed => decided(order, actor),
        Event::ReviewReturned { items } => returned(order, items),
        Event::ReviewRejected { reason } => {
            decided(order, actor);
            order.rejected_for = Some(reason.clone());
        }
        Event::AgentChanged { digest } => agent_changed(order, digest),
        Event::Discontinued { reason } => order.rejected_for = Some(reason.clone()),
        Event::PasscodeSealed => {
            order.passcode = PasscodeState::Sealed;
            order.passcode_failed_for = None;
        }
        Event::PasscodeSent => order.passcode = PasscodeState::Sent,
        Event::PasscodeFailed { reason } => {
            order.passcode = PasscodeState::Failed;
            order.passcode_failed_for = Some(reason.clone());
        }
        Event::JobTaken => order.produced_by = actor.staff().cloned(),
        Event::JobReleased => order.produced_by = None,
        Event::PairGenerated { key_serial, spki_digest } => {
            forget_pair(order);
            order.key_serial = Some(key_serial.clone());
            order.spki_digest = Some(spki_digest.clone());
        }
        Event::PairIssued { sign_serial, encrypt_serial, .. } => {
            order.sign_serial = Some(sign_serial.clone());
            order.encrypt_serial = Some(encrypt_serial.clone());
        }
        Event::KeyVerified { .. } | Event::PairLoaded { .. } => order.key_verified = true,
        Event::Shipped { courier, waybill } => {
            order.parcel =
                Some(Parcel { courier: courier.clone(), waybill: waybill.clone(), shipped_at: at });
        }
        Event::Refunded { attempt, .. } => refunded(order, attempt),
        Event::KeyPresented { key_serial } => order.key_serial = Some(key_serial.clone()),
        Event::KeyLoggedIn { key_serial, certificate_serial } => {
            order.key_serial = Some(key_serial.clone());
            order.certificate_serial = Some(certificate_serial.clone());
        }
        Event::RecordChosen { certificate_serial, .. } => {
            order.certificate_serial = Some(certificate_serial.clone());
        }
        // Their whole meaning is where the order goes; money is counted by `carry_out`.
        Event::Opened { .. }
        | Event::ChangeRequested
        | Event::EvidenceSubmitted
        | Event::PhoneChecked
        | Event::PaymentReceived { .. }
        | Event::TransferMatched { .. }
        | Event::Received
        | Event::Withdrawn
        | Event::Expired
        | Event::IdentityPassed
        | Event::PinReset { .. } => {}
    }
}

/// Confirmed and signed stays so: who is reached has changed, and nothing of what was agreed to.
fn agent_changed(order: &mut Order, digest: &str) {
    for known in [&mut order.digest, &mut order.confirmed_digest, &mut order.signed_digest] {
        if known.is_some() {
            *known = Some(digest.to_owned());
        }
    }
}

fn decided(order: &mut Order, actor: &Actor) {
    order.claimed_by = None;
    order.reviewed_by = actor.staff().cloned();
}

/// Returned uploads are taken out, so that the submission misses them until they are replaced; the journal has them.
fn returned(order: &mut Order, items: &[ReturnItem]) {
    order.claimed_by = None;
    order.promise_due = None;
    order.rounds = order.rounds.saturating_add(1);
    order.returned = items.to_vec();
    for ReturnItem { item, .. } in items {
        if let ReturnTarget::Evidence(kind) = item {
            order.evidence.remove(kind);
        }
    }
}

fn refunded(order: &mut Order, attempt: &str) {
    let due = |paid: &&mut crate::order::Paid| paid.attempt == attempt && paid.refund == RefundState::Due;
    if let Some(paid) = order.paid.iter_mut().chain(&mut order.surplus).find(due) {
        paid.refund = RefundState::Done;
    }
}

fn forget_pair(order: &mut Order) {
    order.spki_digest = None;
    order.sign_serial = None;
    order.encrypt_serial = None;
    order.key_verified = false;
}

/// A step to be walked again loses what it had brought.
pub(crate) fn unsettle(order: &mut Order, step: Step) {
    order.settled.remove(&step);
    match step {
        Step::Confirm => order.confirmed_digest = None,
        Step::Signature => order.signed_digest = None,
        Step::Review => {
            order.claimed_by = None;
            order.reviewed_by = None;
            order.promise_due = None;
        }
        Step::Production => {
            forget_pair(order);
            order.key_serial = None;
            order.produced_by = None;
        }
        _ => {}
    }
}
