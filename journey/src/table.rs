//! The rules of every journey, one row each. All data; the first row that fits is the one.
//! Read a row as: standing at …, when … happens by …, provided …, the order goes …, and … is done.

use crate::{
    actor::Role::{self, *},
    effect::Notice,
    event::EventKind::{self, *},
    order::Standing,
    route::Route,
    row::{At, Do, Go, Need, Row, When},
    service::Service::{self, *},
    step::Step,
};

const fn at(steps: &'static [Step], event: EventKind, by: &'static [Role], go: Go) -> Row {
    Row::on(At::Steps(steps), event, by, go)
}

const fn anywhere(event: EventKind, by: &'static [Role], go: Go) -> Row {
    Row::on(At::Anywhere, event, by, go)
}

/// Steps whose result a change of the form undoes. Uploaded files stay, the submission is repeated (R022).
const FORM: &[Step] = &[Step::Details, Step::Confirm, Step::Evidence, Step::Signature];
/// The same, while the phone or identity check has not led to a payment yet.
const FORM_AND_CHECK: &[Step] =
    &[Step::Details, Step::Confirm, Step::Evidence, Step::Signature, Step::PhoneCheck, Step::IdentityCheck];
/// A05: another method means another form, and a reviewer must see what will be certified: the form's digest has
/// changed, so the review is repeated (as no round of the three). Payment and evidence are kept.
const ANOTHER_METHOD: &[Step] = &[
    Step::Details,
    Step::Confirm,
    Step::Signature,
    Step::Review,
    Step::Passcode,
    Step::Production,
    Step::Dispatch,
];
/// Where the applicant is waited for, and time may run out.
const APPLICANT: &[Step] = &[
    Step::KeyLogin,
    Step::KeyPresence,
    Step::Record,
    Step::Details,
    Step::Confirm,
    Step::Evidence,
    Step::PhoneCheck,
    Step::IdentityCheck,
    Step::Signature,
    Step::Payment,
    Step::Settlement,
    Step::PinReset,
];
/// Where the order may be withdrawn without asking (R142, A54).
const BEFORE_PRODUCTION: &[Step] = &[
    Step::KeyLogin,
    Step::KeyPresence,
    Step::Record,
    Step::Details,
    Step::Confirm,
    Step::Evidence,
    Step::PhoneCheck,
    Step::IdentityCheck,
    Step::Signature,
    Step::Payment,
    Step::Settlement,
    Step::PinReset,
    Step::Review,
    Step::Passcode,
];
const GIVE_BACK: &[Do] =
    &[Do::CloseAttempts, Do::RefundPaid, Do::ReverseInvoice, Do::DiscardPair, Do::DestroyPasscode];
const COUNT: &[Do] = &[Do::CountPayment, Do::CloseAttempts, Do::IssueInvoice];
const MAY_LEAVE: &[Need] = &[Need::KeyVerified, Need::PasscodeSent];
const SENT: &[Do] = &[Do::Notice(Notice::Shipped), Do::TrackParcel];
const SEND_BACK: &[Do] = &[Do::RefundThis, Do::Notice(Notice::RefundStarted)];

pub static TABLE: &[Row] = &[
    // ── The beginning ────────────────────────────────────────────────────────────────────────────────────────────
    at(&[Step::KeyLogin], KeyLoggedIn, &[Applicant], Go::Forward),
    at(&[Step::KeyPresence], KeyPresented, &[Applicant], Go::Forward),
    // A24: the key comes back after it was pulled out; only the same one (R067).
    at(&[Step::Issuing, Step::Loading], KeyPresented, &[Applicant], Go::Stay).needs(&[Need::SameKey]),
    at(&[Step::Record], RecordChosen, &[Applicant], Go::Forward)
        .only(&[Replacement])
        .does(&[Do::SuspendCertificate]),
    at(&[Step::Record], RecordChosen, &[Applicant], Go::Forward).only(&[Resumption]),
    // R071, A26: 其他验证方式, by the applicant's wish or because it is the first unlock.
    at(
        &[Step::KeyPresence, Step::Details, Step::PhoneCheck],
        RouteChanged,
        &[Applicant, Office],
        Go::Back(FORM_AND_CHECK),
    )
    .only(&[Unblock])
    .needs(&[Need::RouteOffered]),
    // A45, A48: the office sees from the form, and from the registry's answer, which way a modification takes.
    at(&[Step::Details], RouteChanged, &[Office], Go::Stay)
        .only(&[Modification])
        .needs(&[Need::RouteOffered]),
    // ── The form ─────────────────────────────────────────────────────────────────────────────────────────────────
    at(&[Step::Details], DetailsEntered, &[Applicant], Go::Forward).needs(&[
        Need::MethodChosen,
        Need::PriceFits,
        Need::PriceKept,
    ]),
    at(&[Step::Confirm], DetailsConfirmed, &[Applicant], Go::Forward).needs(&[Need::DigestMatches]),
    at(&[Step::Confirm, Step::Evidence, Step::Signature], ChangeRequested, &[Applicant], Go::Back(FORM)),
    at(
        &[Step::PhoneCheck, Step::IdentityCheck, Step::Payment],
        ChangeRequested,
        &[Applicant],
        Go::Back(FORM_AND_CHECK),
    )
    .does(&[Do::CloseAttempts]),
    at(&[Step::Evidence], EvidenceAdded, &[Applicant], Go::Stay).needs(&[Need::EvidenceAsked]),
    at(&[Step::Evidence], EvidenceRemoved, &[Applicant], Go::Stay).needs(&[Need::EvidenceAsked]),
    at(&[Step::Evidence], EvidenceSubmitted, &[Applicant], Go::Forward).needs(&[Need::EvidenceComplete]),
    at(&[Step::PhoneCheck], PhoneChecked, &[Applicant], Go::Forward),
    at(&[Step::IdentityCheck], IdentityPassed, &[Provider, Office], Go::Forward),
    at(&[Step::Signature], Signed, &[Applicant], Go::Forward).needs(&[Need::DigestMatches]),
    // ── Money: the first fitting row decides; nothing that arrives is lost (R131, R132, R147) ────────────────────
    anywhere(PaymentReceived, &[Provider], Go::Ignore).when(When::AttemptKnown),
    anywhere(PaymentReceived, &[Provider], Go::Stay)
        .when(When::Paid)
        .needs(&[Need::AmountPositive])
        .does(SEND_BACK),
    Row::on(At::AnyEnd, PaymentReceived, &[Provider], Go::Stay)
        .needs(&[Need::AmountPositive])
        .does(SEND_BACK),
    at(&[Step::Payment], PaymentReceived, &[Provider], Go::Forward)
        .needs(&[Need::ChannelOffered, Need::AmountMatches])
        .does(COUNT),
    // The applicant went back to the form while the money was on its way.
    Row::on(At::AnyStep, PaymentReceived, &[Provider], Go::Settle(Step::Payment))
        .needs(&[Need::PaymentDue, Need::ChannelOffered, Need::AmountMatches])
        .does(COUNT),
    anywhere(TransferMatched, &[Finance], Go::Ignore).only(&[Replacement]).when(When::AttemptKnown),
    anywhere(TransferMatched, &[Finance], Go::Stay)
        .only(&[Replacement])
        .when(When::Paid)
        .needs(&[Need::AmountPositive])
        .does(SEND_BACK),
    Row::on(At::AnyEnd, TransferMatched, &[Finance], Go::Stay)
        .only(&[Replacement])
        .needs(&[Need::AmountPositive])
        .does(SEND_BACK),
    at(&[Step::Settlement], TransferMatched, &[Finance], Go::Forward)
        .only(&[Replacement])
        .needs(&[Need::AmountMatches])
        .does(COUNT),
    // A36: finance may find the transfer before the review is done.
    Row::on(At::AnyStep, TransferMatched, &[Finance], Go::Settle(Step::Settlement))
        .only(&[Replacement])
        .needs(&[Need::SettlementDue, Need::AmountMatches])
        .does(COUNT),
    anywhere(Refunded, &[Provider, Finance, Office], Go::Ignore).when(When::RefundKnown),
    anywhere(Refunded, &[Provider, Finance, Office], Go::Stay)
        .needs(&[Need::RefundDue])
        .does(&[Do::Notice(Notice::Refunded)]),
    // ── Who handles it (B11): at any step and after the end, for its codes go to the new agent's phone from then on ──
    anywhere(AgentChanged, &[Office], Go::Stay),
    // ── Review (R030 to R033, A53) ───────────────────────────────────────────────────────────────────────────────
    at(&[Step::Review], ReviewClaimed, &[Reviewer], Go::Stay).needs(&[Need::ReviewFree]),
    at(&[Step::Review], ReviewReleased, &[Reviewer], Go::Stay).needs(&[Need::Claimed]),
    // The claim of a reviewer who went home.
    at(&[Step::Review], ReviewReleased, &[Office], Go::Stay),
    // R135, A37: the lost certificate is revoked with the approval.
    at(&[Step::Review], ReviewPassed, &[Reviewer], Go::Forward)
        .only(&[Replacement])
        .needs(&[Need::Claimed])
        .does(&[Do::RevokeCertificate, Do::Notice(Notice::Passed)]),
    at(&[Step::Review], ReviewPassed, &[Reviewer], Go::Forward)
        .only(&[Application, Renewal, Modification])
        .needs(&[Need::Claimed])
        .does(&[Do::Notice(Notice::Passed)]),
    at(&[Step::Review], ReviewReturned, &[Reviewer], Go::Return)
        .needs(&[Need::Claimed, Need::ItemsNamed, Need::RoundsLeft])
        .does(&[Do::Notice(Notice::Returned)]),
    at(&[Step::Review], ReviewRejected, &[Reviewer], Go::End(Standing::Rejected))
        .needs(&[Need::Claimed, Need::ReasonGiven])
        .does(&[Do::RefundPaid, Do::ReverseInvoice, Do::Notice(Notice::Rejected)]),
    // ── The password (A03, A05). Production waits: the transfer is also the proof of identity ────────────────────
    at(&[Step::Passcode], PasscodeSealed, &[Office], Go::Ignore).when(When::PasscodeKnown),
    at(&[Step::Passcode], PasscodeSealed, &[Office], Go::Stay).does(&[Do::SendPasscode]),
    at(&[Step::Passcode], PasscodeSent, &[Provider, Office], Go::Forward).needs(&[Need::PasscodeSealed]),
    at(&[Step::Production, Step::Dispatch, Step::Receipt], PasscodeSent, &[Provider, Office], Go::Ignore)
        .when(When::PasscodeSent),
    // Also late: a bank may send the fen back after it took it.
    at(
        &[Step::Passcode, Step::Production, Step::Dispatch],
        PasscodeFailed,
        &[Provider, Office],
        Go::Back(ANOTHER_METHOD),
    )
    .needs(&[Need::PasscodeSealed])
    .does(&[Do::DiscardPair, Do::DestroyPasscode, Do::Notice(Notice::IdentityFailed)]),
    // ── A new key (R034, R137, R138, R140, R153) ─────────────────────────────────────────────────────────────────
    at(&[Step::Production], JobTaken, &[Producer], Go::Stay).needs(&[Need::NotTheReviewer, Need::JobFree]),
    at(&[Step::Production], JobReleased, &[Producer], Go::Stay).needs(&[Need::JobTaken]),
    at(&[Step::Production], JobReleased, &[Office], Go::Stay),
    at(&[Step::Production], PairGenerated, &[Producer], Go::Ignore)
        .when(When::PairKnown)
        .needs(&[Need::JobTaken]),
    // Another key, because the first one broke: what was issued for it is revoked.
    at(&[Step::Production], PairGenerated, &[Producer], Go::Stay)
        .needs(&[Need::JobTaken])
        .does(&[Do::DiscardPair, Do::IssuePair]),
    at(&[Step::Production], PairIssued, &[Office], Go::Ignore).when(When::CertificatesKnown),
    at(&[Step::Production], PairIssued, &[Office], Go::Stay)
        .needs(&[Need::PairGenerated, Need::NotYetIssued]),
    at(&[Step::Production], KeyVerified, &[Producer], Go::Forward)
        .needs(&[Need::JobTaken, Need::PairIssued, Need::SameKey])
        .does(&[Do::ActivatePair]),
    at(&[Step::Dispatch], Shipped, &[Dispatcher], Go::Forward).needs(MAY_LEAVE).does(SENT),
    // What came back undelivered leaves again, under another number.
    at(&[Step::Receipt], Shipped, &[Dispatcher], Go::Stay).needs(MAY_LEAVE).does(SENT),
    at(&[Step::Receipt], Received, &[Applicant, Provider, Office], Go::Forward),
    // ── The holder's own key (R060, R065, R067, R078, R114) ──────────────────────────────────────────────────────
    at(&[Step::Issuing, Step::Loading], PairGenerated, &[Applicant], Go::Ignore)
        .when(When::PairKnown)
        .needs(&[Need::SameKey]),
    at(&[Step::Issuing], PairGenerated, &[Applicant], Go::Stay)
        .needs(&[Need::SameKey])
        .does(&[Do::IssuePair]),
    // The key lost the first pair before it was written.
    at(&[Step::Loading], PairGenerated, &[Applicant], Go::Back(&[Step::Issuing]))
        .needs(&[Need::SameKey])
        .does(&[Do::DiscardPair, Do::IssuePair]),
    at(&[Step::Loading], PairIssued, &[Office], Go::Ignore).when(When::CertificatesKnown),
    at(&[Step::Issuing], PairIssued, &[Office], Go::Forward).needs(&[Need::PairGenerated]),
    at(&[Step::Loading], PairLoaded, &[Applicant], Go::Forward)
        .needs(&[Need::PairIssued, Need::SameKey])
        .does(&[Do::ActivatePair, Do::RetireOldPair]),
    at(&[Step::PinReset], PinReset, &[Applicant], Go::Forward).needs(&[Need::SameKey]),
    // ── The ends (R142, R160, A34, A53, A54) ─────────────────────────────────────────────────────────────────────
    at(BEFORE_PRODUCTION, Withdrawn, &[Applicant], Go::End(Standing::Withdrawn)).does(GIVE_BACK),
    at(&[Step::Production, Step::Issuing], Withdrawn, &[Applicant], Go::End(Standing::Withdrawn))
        .needs(&[Need::NotProduced])
        .does(GIVE_BACK),
    at(
        &[Step::Production, Step::Dispatch, Step::Issuing, Step::Loading],
        Withdrawn,
        &[Finance],
        Go::End(Standing::Withdrawn),
    )
    .does(GIVE_BACK),
    // A38, A39: the certificate that is replaced has ended since the review. There is no end to keep, and the money was for
    // the medium: nothing is made, and it goes back.
    at(
        &[Step::Settlement, Step::Passcode, Step::Production],
        Discontinued,
        &[Finance],
        Go::End(Standing::Rejected),
    )
    .only(&[Replacement])
    .needs(&[Need::ReasonGiven])
    .does(&[
        Do::CloseAttempts,
        Do::RefundPaid,
        Do::ReverseInvoice,
        Do::DiscardPair,
        Do::DestroyPasscode,
        Do::Notice(Notice::Rejected),
    ]),
    at(APPLICANT, Expired, &[Office], Go::End(Standing::Expired)).does(&[
        Do::CloseAttempts,
        Do::RefundPaid,
        Do::ReverseInvoice,
        Do::NoticeIfPaid(Notice::Expired),
    ]),
    // A17: what was paid is honoured; a free change that nobody loads is closed.
    at(&[Step::Issuing, Step::Loading], Expired, &[Office], Go::End(Standing::Expired))
        .only(&[Modification])
        .does(&[Do::DiscardPair]),
];

/// What a step begins with, however the order came to it.
pub const fn entering(step: Step) -> &'static [Do] {
    match step {
        Step::IdentityCheck => &[Do::CheckIdentity],
        Step::Passcode => &[Do::SealPasscode],
        _ => &[],
    }
}

/// What the end of the itinerary brings.
pub const fn completing(service: Service, route: Route) -> &'static [Do] {
    match (service, route) {
        (Application | Replacement, _) => &[Do::DestroyPasscode],
        (Renewal, _) => &[Do::Notice(Notice::Loaded)],
        (Unblock, _) => &[Do::Notice(Notice::Unblocked)],
        (Modification, Route::ContactsOnly | Route::ByIdentity) => {
            &[Do::UpdateContacts, Do::Notice(Notice::Changed)]
        }
        (Modification, _) => &[Do::Notice(Notice::Changed)],
        (Resumption, _) => &[Do::ResumeCertificate, Do::Notice(Notice::Resumed)],
    }
}
