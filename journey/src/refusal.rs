//! Why the rules say no. Each has a stable code and the facts a person needs; the sentences live in the counter.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    actor::Role,
    event::{Channel, EventKind},
    evidence::EvidenceKind,
    moment::Moment,
    money::Fen,
    order::Standing,
    route::Route,
    service::Service,
};

/// A refusal leaves the order as it was (R163). Serde writes `{"code": "…", facts…}` with the code of `code()`.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[error("{}", self.code())]
pub enum Refusal {
    /// This cannot happen where the order stands (R035).
    NotHere { standing: Standing, event: EventKind },
    /// It can, but not by this role.
    NotYours { event: EventKind, role: Role },
    /// The office does not offer this way.
    RouteNotOffered { service: Service, route: Route },

    /// The form was changed by somebody else since it was shown (R158).
    DetailsChanged,
    /// The service asks for an identity method and none was chosen (R009).
    MethodMissing,
    /// The price does not fit the service: something for a free one, nothing for a paid one (R069, R115).
    PriceWrong { price: Fen },
    /// The order is paid; a change must not alter its price (R131, R145).
    PriceFixed { paid: Fen, price: Fen },

    EvidenceMissing { missing: Vec<EvidenceKind> },
    /// This order does not ask for such an upload.
    EvidenceNotAsked { evidence: EvidenceKind },

    /// Nothing is due at this order.
    NothingDue,
    /// R132: the till keeps the money apart until a person decides.
    AmountDiffers { due: Fen, received: Fen },
    /// R106.
    ChannelNotOffered { channel: Channel },
    /// The transfer of this order is matched already.
    AlreadyPaid,
    /// No payment of this number and amount waits for its refund.
    RefundNotDue,

    /// A colleague has the order in hand (R158).
    ClaimedByAnother,
    /// Decide only what you have claimed.
    NotClaimed,
    /// A return must name what to put right, a rejection its reason (R148).
    ReasonMissing,
    /// A return may name only fields and evidence this order has.
    ReturnedUnknown { evidence: EvidenceKind },
    /// Sent back often enough: pass or reject (A53).
    RoundsUsed { limit: u8 },

    PasscodeNotSealed,
    /// R153.
    PasscodeNotSent,

    /// R137.
    ReviewerMayNotProduce,
    JobTakenByAnother,
    JobNotTaken,
    /// Another key than the one this order began with (R067, R081).
    KeyDiffers,
    PairNotGenerated,
    PairNotIssued,
    /// The pair of this order is issued already, under other serials.
    PairAlreadyIssued,
    /// R140, R153.
    KeyNotVerified,
    /// Too late to withdraw alone: ask the office (A54).
    ProductionStarted,

    /// R055: opens when less than 90 days are left.
    RenewalTooEarly { opens_at: Moment },
    /// R055: expired for more than 365 days.
    RenewalTooLate { closed_at: Moment },
    /// R134: on hold.
    CertificateSuspended,
    /// R134.
    CertificateRevoked,
    /// A39: an expired certificate is not replaced or changed.
    CertificateExpired { expired_at: Moment },
    /// R080: the first unlock proves identity.
    IdentityFirst,
    /// A31.
    UnblockedTooOften { limit: u8 },
    /// R133.
    OrderAlreadyOpen { service: Service },
}

impl Refusal {
    /// The reason code: never renamed, never reused.
    pub const fn code(&self) -> &'static str {
        match self {
            Refusal::NotHere { .. } => "not_here",
            Refusal::NotYours { .. } => "not_yours",
            Refusal::RouteNotOffered { .. } => "route_not_offered",
            Refusal::DetailsChanged => "details_changed",
            Refusal::MethodMissing => "method_missing",
            Refusal::PriceWrong { .. } => "price_wrong",
            Refusal::PriceFixed { .. } => "price_fixed",
            Refusal::EvidenceMissing { .. } => "evidence_missing",
            Refusal::EvidenceNotAsked { .. } => "evidence_not_asked",
            Refusal::NothingDue => "nothing_due",
            Refusal::AmountDiffers { .. } => "amount_differs",
            Refusal::ChannelNotOffered { .. } => "channel_not_offered",
            Refusal::AlreadyPaid => "already_paid",
            Refusal::RefundNotDue => "refund_not_due",
            Refusal::ClaimedByAnother => "claimed_by_another",
            Refusal::NotClaimed => "not_claimed",
            Refusal::ReasonMissing => "reason_missing",
            Refusal::ReturnedUnknown { .. } => "returned_unknown",
            Refusal::RoundsUsed { .. } => "rounds_used",
            Refusal::PasscodeNotSealed => "passcode_not_sealed",
            Refusal::PasscodeNotSent => "passcode_not_sent",
            Refusal::ReviewerMayNotProduce => "reviewer_may_not_produce",
            Refusal::JobTakenByAnother => "job_taken_by_another",
            Refusal::JobNotTaken => "job_not_taken",
            Refusal::KeyDiffers => "key_differs",
            Refusal::PairNotGenerated => "pair_not_generated",
            Refusal::PairNotIssued => "pair_not_issued",
            Refusal::PairAlreadyIssued => "pair_already_issued",
            Refusal::KeyNotVerified => "key_not_verified",
            Refusal::ProductionStarted => "production_started",
            Refusal::RenewalTooEarly { .. } => "renewal_too_early",
            Refusal::RenewalTooLate { .. } => "renewal_too_late",
            Refusal::CertificateSuspended => "certificate_suspended",
            Refusal::CertificateRevoked => "certificate_revoked",
            Refusal::CertificateExpired { .. } => "certificate_expired",
            Refusal::IdentityFirst => "identity_first",
            Refusal::UnblockedTooOften { .. } => "unblocked_too_often",
            Refusal::OrderAlreadyOpen { .. } => "order_already_open",
        }
    }
}
