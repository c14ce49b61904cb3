//! The journeys as people walk them.

use journey::{
    order::{PasscodeState, RefundState},
    *,
};

use crate::act::{PRICE, Play, details, dispatcher, finance, next, payment, producer, returned, reviewer};

fn walked(service: Service, party: Party, route: Route) -> Vec<Step> {
    let mut play = Play::open(service, party, route);
    let mut steps = Vec::new();
    while let Some((event, actor)) = next(&play.order) {
        let step = play.order.step().unwrap();
        if steps.last() != Some(&step) {
            steps.push(step);
        }
        play.must(event, actor);
    }
    assert_eq!(play.order.standing, Standing::Completed);
    steps
}

use Step::*;

#[test]
fn an_organisation_confirms_before_it_uploads_a01_r035() {
    let steps = walked(Service::Application, Party::Organisation, Route::Usual);
    let manual =
        [Details, Confirm, Evidence, PhoneCheck, Payment, Review, Passcode, Production, Dispatch, Receipt];
    assert_eq!(steps, manual);
}

#[test]
fn a_person_uploads_before_confirming_a01_r042_r043() {
    let steps = walked(Service::Application, Party::Person, Route::Usual);
    let manual =
        [Details, Evidence, Confirm, PhoneCheck, Payment, Review, Passcode, Production, Dispatch, Receipt];
    assert_eq!(steps, manual);
}

#[test]
fn a_renewal_has_no_upload_no_review_no_parcel_r061_to_r066() {
    for &party in Party::ALL {
        let steps = walked(Service::Renewal, party, Route::Usual);
        assert_eq!(steps, [KeyLogin, Details, PhoneCheck, Confirm, Payment, Issuing, Loading]);
    }
}

#[test]
fn an_unblock_goes_by_phone_or_by_identity_r070_r072() {
    for &party in Party::ALL {
        let by_phone = walked(Service::Unblock, party, Route::Usual);
        assert_eq!(by_phone, [KeyPresence, Details, PhoneCheck, PinReset]);
        let by_identity = walked(Service::Unblock, party, Route::ByIdentity);
        assert_eq!(by_identity, [KeyPresence, Details, IdentityCheck, PinReset]);
    }
}

#[test]
fn an_organisations_replacement_is_settled_by_transfer_r083_to_r101() {
    let steps = walked(Service::Replacement, Party::Organisation, Route::Usual);
    let manual = [
        Record, Details, Confirm, Evidence, Signature, Review, Settlement, Passcode, Production, Dispatch,
        Receipt,
    ];
    assert_eq!(steps, manual);
    let mut play = Play::open(Service::Replacement, Party::Organisation, Route::Usual).to(Evidence);
    play.must(
        Event::EvidenceAdded { kind: EvidenceKind::BusinessLicence, file: "a".into() },
        Actor::Applicant,
    );
    play.must(Event::EvidenceAdded { kind: EvidenceKind::LegalPersonId, file: "b".into() }, Actor::Applicant);
    let refusal = play.tell(Event::EvidenceSubmitted, Actor::Applicant).unwrap_err();
    assert_eq!(refusal, Refusal::EvidenceMissing { missing: vec![EvidenceKind::PaymentVoucher] }, "R101");
    // R097: no online payment here.
    let refusal = play.tell(payment("A1"), Actor::Provider).unwrap_err();
    assert_eq!(refusal.code(), "nothing_due");
}

#[test]
fn a_persons_replacement_is_paid_by_alipay_alone_r102_to_r108() {
    let steps = walked(Service::Replacement, Party::Person, Route::Usual);
    let manual =
        [Record, Details, Evidence, Signature, Payment, Review, Passcode, Production, Dispatch, Receipt];
    assert_eq!(steps, manual);
    let mut play = Play::open(Service::Replacement, Party::Person, Route::Usual).to(Payment);
    let wechat = Event::PaymentReceived { attempt: "A1".into(), channel: Channel::WechatPay, amount: PRICE };
    let refusal = play.tell(wechat, Actor::Provider).unwrap_err();
    assert_eq!(refusal, Refusal::ChannelNotOffered { channel: Channel::WechatPay }, "R106");
}

#[test]
fn a_modification_uploads_only_where_the_registry_is_silent_r111_r116_a45() {
    for &party in Party::ALL {
        let usual = walked(Service::Modification, party, Route::Usual);
        assert_eq!(usual, [KeyLogin, Details, PhoneCheck, Issuing, Loading]);
        let with_evidence = walked(Service::Modification, party, Route::WithEvidence);
        assert_eq!(with_evidence, [KeyLogin, Details, PhoneCheck, Evidence, Review, Issuing, Loading]);
        let contacts = walked(Service::Modification, party, Route::ContactsOnly);
        assert_eq!(contacts, [KeyLogin, Details, PhoneCheck], "contacts need no new certificate");
        assert_eq!(
            walked(Service::Modification, party, Route::ByIdentity),
            [KeyLogin, Details, IdentityCheck]
        );
    }
}

#[test]
fn the_office_turns_a_modification_to_evidence_before_the_form_is_in_a45() {
    let mut play = Play::open(Service::Modification, Party::Organisation, Route::Usual).to(Details);
    let turn = Event::RouteChanged { route: Route::WithEvidence };
    assert_eq!(play.tell(turn.clone(), Actor::Applicant).unwrap_err().code(), "not_yours");
    play.must(turn, Actor::Office);
    play.onward_to(Review);
    play.finish();
    assert!(play.done.contains(&Effect::RetireOldPair), "A47");
}

#[test]
fn other_ways_to_verify_can_be_taken_at_the_phone_check_r071() {
    let mut play = Play::open(Service::Unblock, Party::Organisation, Route::Usual).to(PhoneCheck);
    play.must(Event::RouteChanged { route: Route::ByIdentity }, Actor::Applicant);
    play.stands_at(Details);
    let without = Event::DetailsEntered { digest: "d".into(), method: None, price: Fen::ZERO };
    assert_eq!(play.tell(without, Actor::Applicant).unwrap_err().code(), "method_missing", "R072");
    let back = Event::RouteChanged { route: Route::Usual };
    assert_eq!(play.tell(back, Actor::Applicant).unwrap_err().code(), "route_not_offered", "R080");
    play.onward_to(IdentityCheck);
    assert!(play.done.contains(&Effect::CheckIdentity), "A28");
    play.finish();
}

#[test]
fn missing_evidence_blocks_the_submission_r020() {
    let mut play = Play::application().to(Evidence);
    let refusal = play.tell(Event::EvidenceSubmitted, Actor::Applicant).unwrap_err();
    let all = vec![EvidenceKind::BusinessLicence, EvidenceKind::LegalPersonId, EvidenceKind::Authorisation];
    assert_eq!(refusal, Refusal::EvidenceMissing { missing: all });
    let stray = Event::EvidenceAdded { kind: EvidenceKind::SealSample, file: "x".into() };
    assert_eq!(play.tell(stray, Actor::Applicant).unwrap_err().code(), "evidence_not_asked");
    let buttons = open_moves(&play.order, &Actor::Applicant);
    let submit = buttons.iter().find(|shown| shown.words == "确认申请").unwrap();
    assert_eq!(submit.blocked.as_ref().map(Refusal::code), Some("evidence_missing"));
    assert!(buttons.iter().any(|shown| shown.words == "返回修改" && shown.blocked.is_none()), "R022");
}

#[test]
fn going_back_keeps_the_uploads_and_asks_to_confirm_again_r022() {
    let mut play = Play::application().to(PhoneCheck);
    let uploads = play.order.evidence.clone();
    play.must(Event::ChangeRequested, Actor::Applicant);
    play.stands_at(Details);
    play.must(details("d2"), Actor::Applicant);
    play.stands_at(Confirm);
    assert_eq!(play.order.confirmed_digest, None);
    let stale = Event::DetailsConfirmed { digest: "d1".into() };
    assert_eq!(play.tell(stale, Actor::Applicant).unwrap_err(), Refusal::DetailsChanged, "R158");
    play.must(Event::DetailsConfirmed { digest: "d2".into() }, Actor::Applicant);
    play.stands_at(Evidence);
    assert_eq!(play.order.evidence, uploads, "nothing is uploaded twice");
    play.must(Event::EvidenceSubmitted, Actor::Applicant);
    play.stands_at(PhoneCheck);
}

#[test]
fn an_organisation_chooses_one_of_three_methods_r009() {
    assert_eq!(IdentityMethod::ALL.len(), 3);
    let mut play = Play::application();
    let none = Event::DetailsEntered { digest: "d".into(), method: None, price: PRICE };
    assert_eq!(play.tell(none, Actor::Applicant).unwrap_err(), Refusal::MethodMissing);
    let free = Event::DetailsEntered {
        digest: "d".into(),
        method: Some(IdentityMethod::CompanyTransfer),
        price: Fen::ZERO,
    };
    assert_eq!(play.tell(free, Actor::Applicant).unwrap_err(), Refusal::PriceWrong { price: Fen::ZERO });
}

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
fn the_password_follows_the_method_r013_r014_r049() {
    use journey::identity::channel;
    let organisation = |method| channel(Party::Organisation, method);
    assert_eq!(organisation(IdentityMethod::LegalPersonPhone), PasscodeChannel::LegalPersonSms);
    assert_eq!(organisation(IdentityMethod::LegalPersonBankCard), PasscodeChannel::LegalPersonSms);
    assert_eq!(organisation(IdentityMethod::CompanyTransfer), PasscodeChannel::TransferRemark);
    for &method in IdentityMethod::ALL {
        assert_eq!(channel(Party::Person, method), PasscodeChannel::AgentSms);
    }
    let mut play = Play::application();
    assert_eq!(play.order.passcode_channel(), None);
    play.must(details("d1"), Actor::Applicant);
    assert_eq!(play.order.passcode_channel(), Some(PasscodeChannel::LegalPersonSms), "R149");
    let renewal = Play::open(Service::Renewal, Party::Person, Route::Usual).to(Payment);
    assert_eq!(renewal.order.passcode_channel(), None);
}

#[test]
fn approval_seals_the_password_sends_it_and_wipes_it_at_the_end_r032_a03() {
    let mut play = Play::application().to(Review);
    play.must(Event::ReviewClaimed, reviewer("r1"));
    let effects = play.must(Event::ReviewPassed, reviewer("r1"));
    assert_eq!(effects, [Effect::SendNotice(Notice::Passed), Effect::SealPasscode]);
    assert_eq!(play.tell(Event::PasscodeSent, Actor::Provider).unwrap_err(), Refusal::PasscodeNotSealed);
    assert_eq!(play.must(Event::PasscodeSealed, Actor::Office), [Effect::SendPasscode]);
    assert_eq!(play.must(Event::PasscodeSealed, Actor::Office), [], "sealed once");
    play.must(Event::PasscodeSent, Actor::Provider);
    play.stands_at(Production);
    play.finish();
    assert_eq!(play.order.passcode, PasscodeState::Destroyed);
    assert_eq!(play.done.last(), Some(&Effect::DestroyPasscode));
}

#[test]
fn a_refused_transfer_asks_for_another_method_without_another_payment_a05() {
    let mut play = Play::application().to(Passcode);
    play.must(Event::PasscodeSealed, Actor::Office);
    let effects = play.must(Event::PasscodeFailed { reason: "account_name".into() }, Actor::Provider);
    assert_eq!(effects, [Effect::DestroyPasscode, Effect::SendNotice(Notice::IdentityFailed)]);
    play.stands_at(Details);
    assert_eq!(play.order.passcode_failed_for.as_deref(), Some("account_name"));
    assert_eq!(play.order.rounds, 0, "no round of the three");
    let dearer = Event::DetailsEntered {
        digest: "d2".into(),
        method: Some(IdentityMethod::LegalPersonPhone),
        price: Fen(1),
    };
    assert_eq!(play.tell(dearer, Actor::Applicant).unwrap_err().code(), "price_fixed", "R131");
    play.must(details("d2"), Actor::Applicant);
    play.must(Event::DetailsConfirmed { digest: "d2".into() }, Actor::Applicant);
    play.stands_at(Review);
    assert_eq!(play.order.reviewed_by, None, "what is certified was seen by a reviewer");
    play.finish();
    assert_eq!(play.order.payments().count(), 1);
    assert_eq!(play.order.standing, Standing::Completed);
}

#[test]
fn a_transfer_that_bounces_late_stops_the_key_a05() {
    let mut play = Play::application().to(Dispatch);
    let effects = play.must(Event::PasscodeFailed { reason: "bounced".into() }, Actor::Provider);
    assert_eq!(effects[..2], [Effect::DiscardPair, Effect::DestroyPasscode]);
    play.stands_at(Details);
    assert_eq!(play.order.sign_serial, None);
    play.finish();
    assert_eq!(play.order.standing, Standing::Completed);
}

#[test]
fn a_key_is_shipped_only_verified_r140_r153() {
    let mut play = Play::application().to(Production);
    let shipped = Event::Shipped { courier: "SF".into(), waybill: "SF1".into() };
    assert_eq!(play.tell(shipped.clone(), dispatcher()).unwrap_err().code(), "not_here");
    play.must(Event::JobTaken, producer("p1"));
    let verified = Event::KeyVerified { key_serial: "K1".into() };
    assert_eq!(play.tell(verified.clone(), producer("p1")).unwrap_err(), Refusal::PairNotIssued);
    let pair = Event::PairGenerated { key_serial: "K1".into(), spki_digest: "s1".into() };
    assert_eq!(play.must(pair.clone(), producer("p1")), [Effect::IssuePair]);
    assert_eq!(play.must(pair, producer("p1")), [], "generated once");
    let other =
        Event::PairIssued { spki_digest: "s0".into(), sign_serial: "1".into(), encrypt_serial: "2".into() };
    assert_eq!(play.tell(other, Actor::Office).unwrap_err(), Refusal::PairNotGenerated);
    let issued = |sign: &str| Event::PairIssued {
        spki_digest: "s1".into(),
        sign_serial: sign.into(),
        encrypt_serial: "2".into(),
    };
    play.must(issued("1"), Actor::Office);
    assert_eq!(play.must(issued("1"), Actor::Office), []);
    assert_eq!(play.tell(issued("3"), Actor::Office).unwrap_err(), Refusal::PairAlreadyIssued);
    let swapped = Event::KeyVerified { key_serial: "K2".into() };
    assert_eq!(play.tell(swapped, producer("p1")).unwrap_err(), Refusal::KeyDiffers);
    assert_eq!(play.must(verified, producer("p1")), [Effect::ActivatePair]);
    assert_eq!(play.must(shipped, dispatcher()), [Effect::SendNotice(Notice::Shipped)]);
}

#[test]
fn a_broken_key_is_replaced_by_another_whose_forerunner_is_discarded() {
    let mut play = Play::application().to(Production);
    play.must(Event::JobTaken, producer("p1"));
    play.must(Event::PairGenerated { key_serial: "K1".into(), spki_digest: "s1".into() }, producer("p1"));
    play.must(crate::act::issued(&play.order), Actor::Office);
    play.must(Event::JobReleased, producer("p1"));
    play.must(Event::JobTaken, producer("p2"));
    let second = Event::PairGenerated { key_serial: "K2".into(), spki_digest: "s2".into() };
    assert_eq!(play.must(second, producer("p2")), [Effect::DiscardPair, Effect::IssuePair]);
    assert_eq!((play.order.key_serial.as_deref(), play.order.sign_serial.as_deref()), (Some("K2"), None));
    play.finish();
}

#[test]
fn a_swapped_key_is_refused_in_renewal_and_unblock_r067_r081() {
    let mut play = Play::open(Service::Renewal, Party::Organisation, Route::Usual).to(Issuing);
    let other = Event::PairGenerated { key_serial: "K2".into(), spki_digest: "s".into() };
    assert_eq!(play.tell(other, Actor::Applicant).unwrap_err(), Refusal::KeyDiffers);
    play.onward_to(Loading);
    assert_eq!(
        play.tell(Event::PairLoaded { key_serial: "K2".into() }, Actor::Applicant).unwrap_err().code(),
        "key_differs"
    );
    play.must(Event::KeyPresented { key_serial: "K1".into() }, Actor::Applicant);
    let effects = play.must(Event::PairLoaded { key_serial: "K1".into() }, Actor::Applicant);
    assert_eq!(effects, [Effect::ActivatePair, Effect::RetireOldPair, Effect::SendNotice(Notice::Loaded)]);
    let mut play = Play::open(Service::Unblock, Party::Organisation, Route::Usual).to(PinReset);
    assert_eq!(
        play.tell(Event::PinReset { key_serial: "K2".into() }, Actor::Applicant).unwrap_err().code(),
        "key_differs"
    );
}

#[test]
fn a_replacement_suspends_at_once_and_revokes_at_approval_a37_r135() {
    let open = || Play::open(Service::Replacement, Party::Organisation, Route::Usual);
    let chosen = |suspend| Event::RecordChosen { certificate_serial: "C1".into(), suspend };
    assert_eq!(open().must(chosen(true), Actor::Applicant), [Effect::SuspendCertificate]);
    assert_eq!(open().must(chosen(false), Actor::Applicant), []);
    let mut play = open().to(Review);
    play.must(Event::ReviewClaimed, reviewer("r1"));
    let effects = play.must(Event::ReviewPassed, reviewer("r1"));
    assert_eq!(effects, [Effect::RevokeCertificate, Effect::SendNotice(Notice::Passed)]);
    play.stands_at(Settlement);
    let short = Event::TransferMatched { line: "L1".into(), amount: Fen(1) };
    let refusal = play.tell(short, finance()).unwrap_err();
    assert_eq!(refusal, Refusal::AmountDiffers { due: PRICE, received: Fen(1) }, "R132");
    let effects = play.must(Event::TransferMatched { line: "L1".into(), amount: PRICE }, finance());
    assert_eq!(effects, [Effect::IssueInvoice, Effect::SealPasscode], "A43");
}
