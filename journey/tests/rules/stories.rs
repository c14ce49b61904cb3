//! The journeys as people walk them.

use journey::*;

use crate::act::{PRICE, Play, details, next, payment};

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
fn a_late_renewal_has_an_applications_papers_and_review_a20() {
    for &party in Party::ALL {
        let steps = walked(Service::Renewal, party, Route::WithEvidence);
        let late = [KeyLogin, Details, Confirm, Evidence, PhoneCheck, Payment, Review, Issuing, Loading];
        assert_eq!(steps, late);
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
        let mut play = Play::open(Service::Modification, party, Route::ContactsOnly);
        play.finish();
        assert_eq!(play.done, [Effect::UpdateContacts, Effect::SendNotice(Notice::Changed)]);
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
    let same = play.tell(Event::RouteChanged { route: Route::Usual }, Actor::Office).unwrap_err();
    assert_eq!(same.code(), "route_not_offered", "it takes that way already");
    play.must(turn, Actor::Office);
    play.onward_to(Review);
    play.finish();
    assert!(play.done.contains(&Effect::RetireOldPair), "A47");
    assert_eq!(play.done.last(), Some(&Effect::SendNotice(Notice::Changed)));
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
    assert_eq!(play.done, [Effect::CheckIdentity], "A28");
    play.finish();
    assert_eq!(play.done.last(), Some(&Effect::SendNotice(Notice::Unblocked)), "A31");
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
