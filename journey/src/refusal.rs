//! Why the rules say no. Each has a stable code and the facts a person needs; the sentences live in the counter.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    actor::Role, event::EventKind, evidence::EvidenceKind, moment::Moment, money::Fen, order::Standing,
    party::Party, payment::Channel, registered::RegisteredFact, route::Route, service::Service,
};

/// Writes the enum, its codes, and one sample of each from one list, so that none can be forgotten.
macro_rules! refusals {
    ($($(#[doc = $doc:literal])+ $name:ident $({ $($fact:ident: $kind:ty = $sample:expr),+ })? = $code:literal),+ $(,)?) => {
        /// A refusal leaves the order as it was (R163). Serde writes `{"code": "…", facts…}` with the code of `code()`.
        #[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
        #[serde(tag = "code")]
        #[error("{}", self.code())]
        pub enum Refusal {
            $($(#[doc = $doc])+ #[serde(rename = $code)] $name $({ $($fact: $kind),+ })?),+
        }

        impl Refusal {
            /// The reason code: never renamed, never reused.
            pub const fn code(&self) -> &'static str {
                match self { $(Refusal::$name { .. } => $code),+ }
            }

            /// What it means, in English, for documents.
            pub const fn meaning(&self) -> &'static str {
                match self { $(Refusal::$name { .. } => concat!($($doc),+)),+ }
            }

            /// One of each: for documents, and for the test that each has its sentence.
            pub fn samples() -> Vec<Refusal> {
                vec![$(Refusal::$name $({ $($fact: $sample),+ })?),+]
            }
        }
    };
}

refusals! {
    /// This cannot happen where the order stands (R035).
    NotHere { standing: Standing = Standing::Completed, event: EventKind = EventKind::Opened } = "not_here",
    /// It can happen here, but not by this role.
    NotYours { event: EventKind = EventKind::ReviewPassed, role: Role = Role::Applicant } = "not_yours",
    /// The office does not offer this way.
    RouteNotOffered { service: Service = Service::Renewal, party: Party = Party::Person, route: Route = Route::ByIdentity }
        = "route_not_offered",
    /// The form was changed since it was shown, perhaps in another browser (R158).
    DetailsChanged = "details_changed",
    /// An identity method must be chosen (R009).
    MethodMissing = "method_missing",
    /// The price does not fit the service: something for a free one, nothing for a paid one (R069, R115).
    PriceWrong { price: Fen = Fen(1) } = "price_wrong",
    /// The order is paid: a change must not alter its price (R131, R145).
    PriceFixed { paid: Fen = Fen(2), price: Fen = Fen(1) } = "price_fixed",
    /// Evidence is missing (R020, R101).
    EvidenceMissing { missing: Vec<EvidenceKind> = vec![EvidenceKind::Authorisation] } = "evidence_missing",
    /// This order does not ask for such an upload.
    EvidenceNotAsked { evidence: EvidenceKind = EvidenceKind::SealSample } = "evidence_not_asked",
    /// The image that was cut out of the seal sample waits for its applicant: take it, or upload another scan (R040).
    SealNotAccepted = "seal_not_accepted",
    /// Nothing is due at this order.
    NothingDue = "nothing_due",
    /// Another amount than what is due: the till keeps the money apart until a person decides (R132).
    AmountDiffers { due: Fen = Fen(2), received: Fen = Fen(1) } = "amount_differs",
    /// This service is not paid through that channel (R106).
    ChannelNotOffered { channel: Channel = Channel::WechatPay } = "channel_not_offered",
    /// No payment of this number and amount waits for its refund.
    RefundNotDue = "refund_not_due",
    /// A colleague has the order in hand (R158).
    ClaimedByAnother = "claimed_by_another",
    /// Only who has claimed an order may decide on it.
    NotClaimed = "not_claimed",
    /// A return must name what to put right, a rejection its reason (R148).
    ReasonMissing = "reason_missing",
    /// Sent back often enough: pass or reject (A53).
    RoundsUsed { limit: u8 = 3 } = "rounds_used",
    /// There is no sealed password to send.
    PasscodeNotSealed = "passcode_not_sealed",
    /// The password has not been sent yet (R153).
    PasscodeNotSent = "passcode_not_sent",
    /// Who reviewed an order may not produce its key (R137).
    ReviewerMayNotProduce = "reviewer_may_not_produce",
    /// A colleague is producing this key.
    JobTakenByAnother = "job_taken_by_another",
    /// Take the job before working on it.
    JobNotTaken = "job_not_taken",
    /// Another key than the one this order began with (R067, R081).
    KeyDiffers = "key_differs",
    /// No such pair was generated for this order.
    PairNotGenerated = "pair_not_generated",
    /// The certificates are not issued yet.
    PairNotIssued = "pair_not_issued",
    /// The pair is issued already, under other serials.
    PairAlreadyIssued = "pair_already_issued",
    /// The key has not been read back and verified (R140, R153).
    KeyNotVerified = "key_not_verified",
    /// Production has begun: the office must be asked (A54).
    ProductionStarted = "production_started",
    /// Renewal opens when less than 90 days are left (R053, R055).
    RenewalTooEarly { opens_at: Moment = Moment::from_millis(0) } = "renewal_too_early",
    /// Expired for more than 365 days (R054, R055).
    RenewalTooLate { closed_at: Moment = Moment::from_millis(0) } = "renewal_too_late",
    /// The usual renewal is still open, so a late one is not (A20).
    NotYetWithEvidence { until: Moment = Moment::from_millis(0) } = "not_yet_with_evidence",
    /// A register says otherwise than the certificate: an information change comes first (A19).
    RegistryDiffers { fact: RegisteredFact = RegisteredFact::OrganisationName } = "registry_differs",
    /// The certificate is on hold (R134).
    CertificateSuspended = "certificate_suspended",
    /// The certificate is revoked (R134).
    CertificateRevoked = "certificate_revoked",
    /// The certificate has expired; renew it, or apply anew (A39).
    CertificateExpired { expired_at: Moment = Moment::from_millis(0) } = "certificate_expired",
    /// The certificate is not on hold: there is nothing to resume (B01).
    NotOnHold = "not_on_hold",
    /// The office or a partner put it on hold, and its holder alone cannot lift that (B01).
    HeldByOffice = "held_by_office",
    /// It is being replaced: who found the key withdraws that first (A37, B01).
    ReplacementUnderWay = "replacement_under_way",
    /// The certificate that is replaced has ended since its replacement began: there is no end to keep (A38, A39).
    ReplacedEnded { ended_at: Moment = Moment::from_millis(0) } = "replaced_ended",
    /// No order of this holder that was reviewed names the legal person's phone (B11).
    LegalPersonUnknown = "legal_person_unknown",
    /// The agent is to be changed already, and the day to object is not over (B11).
    HandOverWaits = "hand_over_waits",
    /// No change of the agent waits (B11).
    NoHandOver = "no_hand_over",
    /// Not a certificate of this office in a holder's hands.
    CertificateUnknown = "certificate_unknown",
    /// The first unlock of a key proves identity (R073, R080).
    IdentityFirst = "identity_first",
    /// Unlocked too often today (A31).
    UnblockedTooOften { limit: u8 = 3 } = "unblocked_too_often",
    /// Nobody keeps the admin PIN of this key: it was made before the office did, or broke off (B07).
    AdminPinUnknown = "admin_pin_unknown",
    /// The authorisation to unblock was not used in its time (R081).
    AuthorisationEnded = "authorisation_ended",
    /// Another order of this kind is open for this certificate (R133).
    OrderAlreadyOpen { service: Service = Service::Renewal } = "order_already_open",
}
