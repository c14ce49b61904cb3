//! What happens at the review: returned, rejected, and by whom.

use journey::{
    Step::*,
    order::{PasscodeState, RefundState},
    *,
};

use crate::act::{PRICE, Play, details, finance, producer, returned, reviewer};

#[test]
fn a_returned_order_keeps_its_payment_and_goes_straight_to_review_a53() {
    let mut play = Play::application().to(Review);
    let promised = play.order.promise_due;
    play.must(Event::ReviewClaimed, reviewer("r1"));
    let items = [ReturnTarget::Field("email".into()), ReturnTarget::Evidence(EvidenceKind::Authorisation)];
    let effects = play.must(returned(&items), reviewer("r1"));
    assert_eq!(effects, [Effect::SendNotice(Notice::Returned)]);
    assert_eq!((play.order.rounds, play.order.returned.len()), (1, 2));
    play.stands_at(Details);
    play.must(details("d2"), Actor::Applicant);
    play.must(Event::DetailsConfirmed { digest: "d2".into() }, Actor::Applicant);
    play.stands_at(Evidence);
    let refusal = play.tell(Event::EvidenceSubmitted, Actor::Applicant).unwrap_err();
    assert_eq!(refusal, Refusal::EvidenceMissing { missing: vec![EvidenceKind::Authorisation] });
    play.now = play.now.plus_days(7);
    play.onward_to(Review);
    let payments = play.journal.iter().filter(|entry| entry.event.kind() == EventKind::PaymentReceived);
    assert_eq!(payments.count(), 1, "paid once");
    let checks = play.journal.iter().filter(|entry| entry.event.kind() == EventKind::PhoneChecked);
    assert_eq!(checks.count(), 1, "straight to the review");
    assert!(play.order.returned.is_empty());
    assert!(play.order.promise_due > promised, "the promise counts anew");
}

#[test]
fn an_upload_alone_returned_asks_for_that_upload_alone() {
    for party in [Party::Organisation, Party::Person] {
        let mut play = Play::open(Service::Application, party, Route::Usual).to(Review);
        play.must(Event::ReviewClaimed, reviewer("r1"));
        let kind = evidence::required(Service::Application, party, Route::Usual)[0];
        play.must(returned(&[ReturnTarget::Evidence(kind)]), reviewer("r1"));
        play.stands_at(Evidence);
        play.must(Event::EvidenceAdded { kind, file: "better".into() }, Actor::Applicant);
        play.must(Event::EvidenceSubmitted, Actor::Applicant);
        play.stands_at(Review);
    }
}

#[test]
fn after_three_returns_the_review_must_decide_a53() {
    let mut play = Play::application().to(Review);
    for _ in 0..3 {
        play.must(Event::ReviewClaimed, reviewer("r1"));
        play.must(returned(&[ReturnTarget::Field("email".into())]), reviewer("r1"));
        play.onward_to(Review);
    }
    play.must(Event::ReviewClaimed, reviewer("r1"));
    let refusal = play.tell(returned(&[ReturnTarget::Field("email".into())]), reviewer("r1")).unwrap_err();
    assert_eq!(refusal, Refusal::RoundsUsed { limit: 3 });
    assert_eq!(play.tell(returned(&[]), reviewer("r1")).unwrap_err(), Refusal::ReasonMissing);
}

#[test]
fn a_rejected_order_gives_the_money_back_and_no_password_r033_r148() {
    let mut play = Play::application().to(Review);
    play.must(Event::ReviewClaimed, reviewer("r1"));
    let silent = Event::ReviewRejected { reason: " ".into() };
    assert_eq!(play.tell(silent, reviewer("r1")).unwrap_err(), Refusal::ReasonMissing);
    let effects = play.must(Event::ReviewRejected { reason: "false_document".into() }, reviewer("r1"));
    let refund = Effect::Refund { attempt: "A1".into(), channel: Channel::Alipay, amount: PRICE };
    assert_eq!(effects, [refund, Effect::ReverseInvoice, Effect::SendNotice(Notice::Rejected)]);
    assert_eq!(play.order.standing, Standing::Rejected);
    assert_eq!(play.order.refund_state(), RefundState::Due);
    assert_eq!(play.order.passcode, PasscodeState::None);
    let back = Event::Refunded { attempt: "A1".into(), amount: PRICE };
    assert_eq!(play.must(back.clone(), Actor::Provider), [Effect::SendNotice(Notice::Refunded)]);
    assert_eq!(play.must(back, Actor::Provider), [], "told twice, done once");
    assert_eq!(play.order.refund_state(), RefundState::Done);
}

#[test]
fn of_two_reviewers_only_the_one_who_claimed_decides_r158() {
    let mut play = Play::application().to(Review);
    assert_eq!(play.tell(Event::ReviewPassed, reviewer("r1")).unwrap_err(), Refusal::NotClaimed);
    play.must(Event::ReviewClaimed, reviewer("r1"));
    assert_eq!(play.tell(Event::ReviewClaimed, reviewer("r2")).unwrap_err(), Refusal::ClaimedByAnother);
    assert_eq!(play.tell(Event::ReviewPassed, reviewer("r2")).unwrap_err(), Refusal::ClaimedByAnother);
    assert_eq!(play.tell(Event::ReviewReleased, reviewer("r2")).unwrap_err(), Refusal::ClaimedByAnother);
    play.must(Event::ReviewReleased, Actor::Office);
    play.must(Event::ReviewClaimed, reviewer("r2"));
    play.must(Event::ReviewPassed, reviewer("r2"));
    assert_eq!(play.order.reviewed_by, Some(StaffId("r2".into())));
}

#[test]
fn who_reviewed_does_not_produce_and_the_applicant_does_neither_r137() {
    let mut play = Play::application().to(Review);
    assert_eq!(play.tell(Event::ReviewClaimed, Actor::Applicant).unwrap_err().code(), "not_yours");
    assert_eq!(play.tell(Event::ReviewClaimed, producer("p1")).unwrap_err().code(), "not_yours");
    play.onward_to(Production);
    assert_eq!(play.tell(Event::JobTaken, Actor::Applicant).unwrap_err().code(), "not_yours");
    assert_eq!(play.tell(Event::JobTaken, producer("r1")).unwrap_err(), Refusal::ReviewerMayNotProduce);
    play.must(Event::JobTaken, producer("p1"));
    assert_eq!(play.tell(Event::JobTaken, producer("p2")).unwrap_err(), Refusal::JobTakenByAnother);
}

#[test]
fn a_replacement_of_what_has_ended_meanwhile_is_discontinued_and_paid_back_a38_a39() {
    for (party, step) in
        [(Party::Organisation, Settlement), (Party::Organisation, Production), (Party::Person, Production)]
    {
        let mut play = Play::open(Service::Replacement, party, Route::Usual).to(step);
        let silent = Event::Discontinued { reason: " ".into() };
        assert_eq!(play.tell(silent, finance()).unwrap_err(), Refusal::ReasonMissing, "R148");
        let ended = Event::Discontinued { reason: "原证书已到期".into() };
        assert_eq!(play.tell(ended.clone(), producer("p1")).unwrap_err().code(), "not_yours");
        let paid = play.order.paid.is_some();
        let effects = play.must(ended, finance());
        assert_eq!(play.order.standing, Standing::Rejected);
        assert_eq!(play.order.rejected_for.as_deref(), Some("原证书已到期"));
        assert!(effects.contains(&Effect::SendNotice(Notice::Rejected)));
        assert_eq!(effects.iter().any(|effect| matches!(effect, Effect::Refund { .. })), paid);
        assert_eq!(effects.contains(&Effect::ReverseInvoice), paid);
        assert_eq!(effects.contains(&Effect::DestroyPasscode), step == Production);
    }
}

#[test]
fn another_agent_changes_nothing_but_who_is_reached_b11() {
    let changed = || Event::AgentChanged { digest: "d9".into() };
    let mut play = Play::application().to(Review);
    let (settled, returned) = (play.order.settled.clone(), play.order.rounds);
    assert_eq!(play.tell(changed(), Actor::Applicant).unwrap_err().code(), "not_yours");
    assert_eq!(play.must(changed(), Actor::Office), []);
    play.stands_at(Review);
    assert_eq!((&play.order.settled, play.order.rounds), (&settled, returned));
    assert_eq!(play.order.confirmed_digest.as_deref(), Some("d9"), "R158: still what is confirmed");
    play.finish();
    // Long after the end the agent's phone still opens the holder's orders and records.
    assert_eq!(play.must(changed(), Actor::Office), []);
    assert_eq!(play.order.standing, Standing::Completed);
    // A draft that was never entered has nothing to keep.
    let mut draft = Play::application();
    draft.must(changed(), Actor::Office);
    assert_eq!(draft.order.digest, None);
}
