//! Money that comes early, late, twice, or not at all.

use journey::{order::RefundState, *};

use crate::act::{PRICE, Play, finance, payment, producer};

fn refund(attempt: &str) -> Effect {
    Effect::Refund { attempt: attempt.into(), channel: Channel::Alipay, amount: PRICE }
}

#[test]
fn payment_starts_invoice_review_and_promise_r027_r030_r031_r036() {
    let mut play = Play::application().to(Step::Payment);
    assert_eq!(play.order.promise_due, None);
    let effects = play.must(payment("A1"), Actor::Provider);
    assert_eq!(effects, [Effect::CloseAttempts, Effect::IssueInvoice]);
    play.stands_at(Step::Review);
    // 18 November 2026 is a Wednesday: Thursday, Friday, Monday.
    assert_eq!(play.order.promise_due.unwrap().to_string(), "2026-11-23");
}

#[test]
fn the_same_notice_twice_counts_once_r131() {
    let mut play = Play::application().to(Step::Payment);
    play.must(payment("A1"), Actor::Provider);
    let after = play.order.clone();
    assert_eq!(play.must(payment("A1"), Actor::Provider), []);
    assert_eq!(play.order, after);
    play.finish();
    assert_eq!(play.must(payment("A1"), Actor::Provider), [], "months later, too");
}

#[test]
fn paid_on_both_channels_the_second_goes_back_r131() {
    let mut play = Play::application().to(Step::Payment);
    play.must(payment("A1"), Actor::Provider);
    let second = Event::PaymentReceived { attempt: "W1".into(), channel: Channel::WechatPay, amount: PRICE };
    let effects = play.must(second.clone(), Actor::Provider);
    let back = Effect::Refund { attempt: "W1".into(), channel: Channel::WechatPay, amount: PRICE };
    assert_eq!(effects, [back, Effect::SendNotice(Notice::RefundStarted)]);
    assert_eq!(play.must(second, Actor::Provider), [], "and is not sent back twice");
    assert_eq!(play.order.paid.as_ref().unwrap().refund, RefundState::Kept);
    play.stands_at(Step::Review);
}

#[test]
fn money_for_a_closed_order_goes_back_r131() {
    for (event, actor) in [(Event::Expired, Actor::Office), (Event::Withdrawn, Actor::Applicant)] {
        let mut play = Play::application().to(Step::Payment);
        assert_eq!(play.must(event, actor), [Effect::CloseAttempts], "nothing to give back yet");
        let end = play.order.standing;
        let effects = play.must(payment("A1"), Actor::Provider);
        assert_eq!(effects, [refund("A1"), Effect::SendNotice(Notice::RefundStarted)]);
        assert_eq!(play.order.standing, end);
        assert_eq!(play.order.refund_state(), RefundState::Due);
    }
}

#[test]
fn money_that_was_on_its_way_while_the_form_was_reopened_counts_r147() {
    let mut play = Play::application().to(Step::Payment);
    assert_eq!(play.must(Event::ChangeRequested, Actor::Applicant), [Effect::CloseAttempts]);
    play.stands_at(Step::Details);
    let effects = play.must(payment("A1"), Actor::Provider);
    assert!(effects.contains(&Effect::IssueInvoice));
    play.stands_at(Step::Details);
    play.onward_to(Step::PhoneCheck);
    play.must(Event::PhoneChecked, Actor::Applicant);
    play.stands_at(Step::Review);
    assert_eq!(play.order.payments().count(), 1);
}

#[test]
fn another_amount_is_refused_and_kept_apart_by_the_till_r132() {
    let mut play = Play::application().to(Step::Payment);
    for amount in [Fen(PRICE.get() - 1), Fen(PRICE.get() + 1), Fen::ZERO, Fen(i64::MIN)] {
        let event = Event::PaymentReceived { attempt: "A1".into(), channel: Channel::Alipay, amount };
        let refusal = play.tell(event, Actor::Provider).unwrap_err();
        assert_eq!(refusal, Refusal::AmountDiffers { due: PRICE, received: amount });
    }
    assert_eq!(play.tell(payment("A1"), Actor::Applicant).unwrap_err().code(), "not_yours");
}

#[test]
fn nothing_is_due_before_the_form_or_where_it_is_free_r069_r115() {
    let mut fresh = Play::application();
    assert_eq!(fresh.tell(payment("A1"), Actor::Provider).unwrap_err(), Refusal::NothingDue);
    for service in [Service::Unblock, Service::Modification] {
        let mut free = Play::open(service, Party::Person, Route::Usual).to(Step::PhoneCheck);
        assert_eq!(free.tell(payment("A1"), Actor::Provider).unwrap_err(), Refusal::NothingDue);
        assert!(payment::channels(service, Party::Person).is_empty());
    }
}

#[test]
fn withdrawing_is_free_before_payment_and_refunded_before_production_r142_a54() {
    let mut unpaid = Play::application().to(Step::Evidence);
    assert_eq!(unpaid.must(Event::Withdrawn, Actor::Applicant), [Effect::CloseAttempts]);

    for step in [Step::Review, Step::Production] {
        let mut paid = Play::application().to(step);
        let effects = paid.must(Event::Withdrawn, Actor::Applicant);
        assert!(effects.contains(&refund("A1")) && effects.contains(&Effect::ReverseInvoice), "{step:?}");
        assert_eq!(effects.contains(&Effect::DestroyPasscode), step == Step::Production);
    }

    let mut producing = Play::application().to(Step::Production);
    producing.must(Event::JobTaken, producer("p1"));
    let refusal = producing.tell(Event::Withdrawn, Actor::Applicant).unwrap_err();
    assert_eq!(refusal, Refusal::ProductionStarted);
    let buttons = open_moves(&producing.order, &Actor::Applicant);
    assert_eq!(buttons[0].blocked, Some(Refusal::ProductionStarted), "the button says why");
    producing.onward_to(Step::Dispatch);
    let effects = producing.must(Event::Withdrawn, finance());
    assert!(effects.contains(&Effect::DiscardPair) && effects.contains(&refund("A1")), "by staff (A54)");
}

#[test]
fn a_correction_that_never_comes_is_closed_and_refunded_a53() {
    let mut play = Play::application().to(Step::Review);
    play.must(Event::ReviewClaimed, crate::act::reviewer("r1"));
    play.must(crate::act::returned(&[ReturnTarget::Field("email".into())]), crate::act::reviewer("r1"));
    let effects = play.must(Event::Expired, Actor::Office);
    let closed = Effect::SendNotice(Notice::Expired);
    assert_eq!(effects, [Effect::CloseAttempts, refund("A1"), Effect::ReverseInvoice, closed]);
    let mut reviewed = Play::application().to(Step::Review);
    assert_eq!(
        reviewed.tell(Event::Expired, Actor::Office).unwrap_err().code(),
        "not_here",
        "our time, not theirs"
    );
}

#[test]
fn finance_may_match_the_transfer_before_the_review_is_done_a36() {
    let mut play = Play::open(Service::Replacement, Party::Organisation, Route::Usual).to(Step::Review);
    assert_eq!(
        play.order.promise_due.unwrap().to_string(),
        "2026-11-25",
        "A11: five days from the signature"
    );
    let matched = Event::TransferMatched { line: "L1".into(), amount: PRICE };
    assert_eq!(play.must(matched.clone(), finance()), [Effect::IssueInvoice]);
    assert_eq!(play.must(matched, finance()), [], "a line is matched once");
    play.stands_at(Step::Review);
    play.onward_to(Step::Passcode);
    let second = Event::TransferMatched { line: "L2".into(), amount: Fen(5) };
    let back = Effect::Refund { attempt: "L2".into(), channel: Channel::Transfer, amount: Fen(5) };
    assert_eq!(play.must(second, finance())[0], back);
    play.finish();
    let walked: Vec<_> = play.order.settled.iter().collect();
    assert!(walked.contains(&&Step::Settlement));
}

#[test]
fn a_refund_is_confirmed_only_as_it_was_ordered() {
    let mut play = Play::application().to(Step::Review);
    let refunded = |amount| Event::Refunded { attempt: "A1".into(), amount };
    assert_eq!(play.tell(refunded(PRICE), Actor::Provider).unwrap_err(), Refusal::RefundNotDue);
    play.must(Event::Withdrawn, Actor::Applicant);
    assert_eq!(play.tell(refunded(Fen(1)), Actor::Provider).unwrap_err(), Refusal::RefundNotDue);
    play.must(refunded(PRICE), Actor::Provider);
    assert_eq!(play.order.refund_state(), RefundState::Done);
}
