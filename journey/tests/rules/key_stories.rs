//! The password and the key: made, sent, verified, swapped, lost.

use journey::{Step::*, order::PasscodeState, *};

use crate::act::{PRICE, Play, details, dispatcher, finance, producer, reviewer};

#[test]
fn the_password_follows_the_method_r013_r014_r049() {
    use journey::identity::channel;
    let organisation = |method| channel(Party::Organisation, method);
    assert_eq!(organisation(IdentityMethod::LegalPersonPhone), PasscodeChannel::LegalPersonSms);
    assert_eq!(organisation(IdentityMethod::LegalPersonBankCard), PasscodeChannel::LegalPersonSms);
    assert_eq!(organisation(IdentityMethod::CompanyTransfer), PasscodeChannel::TransferRemark);
    let person = |method| channel(Party::Person, method);
    assert_eq!(person(IdentityMethod::LegalPersonPhone), PasscodeChannel::AgentSms);
    assert_eq!(person(IdentityMethod::LegalPersonBankCard), PasscodeChannel::AgentSms);
    assert_eq!(person(IdentityMethod::CompanyTransfer), PasscodeChannel::OwnAccountRemark, "A08");
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
    let sent = [Effect::SendNotice(Notice::Shipped), Effect::TrackParcel];
    assert_eq!(play.must(shipped, dispatcher()), sent);
    let again = Event::Shipped { courier: "SF".into(), waybill: "SF2".into() };
    assert_eq!(play.must(again, dispatcher()), sent, "it came back and leaves again");
    assert_eq!(play.order.parcel.as_ref().unwrap().waybill, "SF2");
}

#[test]
fn a_broken_key_is_replaced_by_another_whose_forerunner_is_discarded() {
    let mut play = Play::application().to(Production);
    play.must(Event::JobTaken, producer("p1"));
    play.must(Event::PairGenerated { key_serial: "K1".into(), spki_digest: "s1".into() }, producer("p1"));
    play.must(crate::act::issued(&play.order), Actor::Office);
    let refusal = play.tell(Event::JobReleased, producer("p2")).unwrap_err();
    assert_eq!(refusal, Refusal::JobTakenByAnother);
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
    let other = Event::KeyPresented { key_serial: "K2".into() };
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

/// The order of steps brings both already; the row asks again, for a store that was touched by hand.
#[test]
fn dispatch_asks_again_for_the_verified_key_and_the_sent_password_r153() {
    let play = Play::application().to(Dispatch);
    let shipped = Event::Shipped { courier: "SF".into(), waybill: "SF1".into() };
    let mut unverified = play.clone();
    unverified.order.key_verified = false;
    assert_eq!(unverified.tell(shipped.clone(), dispatcher()).unwrap_err(), Refusal::KeyNotVerified);
    let mut unsent = play;
    unsent.order.passcode = PasscodeState::Sealed;
    assert_eq!(unsent.tell(shipped, dispatcher()).unwrap_err(), Refusal::PasscodeNotSent);
}

#[test]
fn a_found_key_is_resumed_by_identity_alone_b01() {
    for party in [Party::Organisation, Party::Person] {
        let mut play = Play::open(Service::Resumption, party, Route::Usual);
        // Whatever a caller says: this service puts nothing on hold.
        let chosen = Event::RecordChosen { certificate_serial: "C1".into(), suspend: true };
        assert_eq!(play.must(chosen, Actor::Applicant), []);
        let without = Event::DetailsEntered { digest: "d".into(), method: None, price: Fen::ZERO };
        assert_eq!(play.tell(without, Actor::Applicant).unwrap_err().code(), "method_missing");
        play.onward_to(IdentityCheck);
        assert_eq!(play.tell(Event::IdentityPassed, Actor::Applicant).unwrap_err().code(), "not_yours");
        let effects = play.must(Event::IdentityPassed, Actor::Office);
        assert_eq!(effects, [Effect::ResumeCertificate, Effect::SendNotice(Notice::Resumed)]);
        assert_eq!(play.order.standing, Standing::Completed);
    }
}
