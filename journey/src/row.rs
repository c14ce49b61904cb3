//! What one row of the table can say. The words only; the rows are in `table.rs`.

use crate::{
    actor::{Actor, Role},
    effect::Notice,
    event::{Event, EventKind},
    order::{Order, Standing},
    refusal::Refusal,
    service::Service,
    step::Step,
};

/// One rule: where, what, by whom; then under which conditions, where to, and what must be done.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub at: At,
    pub event: EventKind,
    pub by: &'static [Role],
    /// Empty: for every service.
    pub only: &'static [Service],
    /// Chooses between rows for the same event.
    pub when: When,
    /// Refuses with a reason, the first that fails.
    pub needs: &'static [Need],
    pub go: Go,
    pub does: &'static [Do],
}

/// Where an order must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    Steps(&'static [Step]),
    AnyStep,
    /// Completed, withdrawn, expired or rejected.
    AnyEnd,
    Anywhere,
}

/// What must already be known for a row to be the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Always,
    /// Money with this number was counted or sent back before.
    AttemptKnown,
    /// The order is paid.
    Paid,
    /// This refund was confirmed before.
    RefundKnown,
    /// The password is sealed or sent.
    PasscodeKnown,
    /// The password is sent.
    PasscodeSent,
    /// This very pair was generated before.
    PairKnown,
    /// These very certificates were issued before.
    CertificatesKnown,
}

/// A condition that refuses; `need.rs` says with which reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    RouteOffered,
    MethodChosen,
    PriceFits,
    PriceKept,
    DigestMatches,
    EvidenceAsked,
    EvidenceComplete,
    PaymentDue,
    SettlementDue,
    ChannelOffered,
    AmountMatches,
    AmountPositive,
    RefundDue,
    ReviewFree,
    Claimed,
    RoundsLeft,
    ItemsNamed,
    ReasonGiven,
    PasscodeSealed,
    PasscodeSent,
    NotTheReviewer,
    JobFree,
    JobTaken,
    SameKey,
    PairGenerated,
    NotYetIssued,
    PairIssued,
    KeyVerified,
    NotProduced,
}

/// Where the order goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Go {
    /// This step is settled; on to the first step of the itinerary that is not.
    Forward,
    /// Stays; the facts of the event are taken down.
    Stay,
    /// Stays and takes nothing down: it was heard before.
    Ignore,
    /// Stays, with a later step settled ahead of its turn.
    Settle(Step),
    /// These steps are open again; on to the first step that is not settled.
    Back(&'static [Step]),
    /// As `Back`, with the steps that the returned items name.
    Return,
    End(Standing),
}

/// What is done; some only where there is something to do. `carry_out.rs` turns it into effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Do {
    Notice(Notice),
    /// Where money changed hands.
    NoticeIfPaid(Notice),
    /// The money in this event is the order's payment.
    CountPayment,
    /// The money in this event goes back.
    RefundThis,
    /// The order's payment goes back, where there is one.
    RefundPaid,
    CloseAttempts,
    IssueInvoice,
    /// Where one was issued.
    ReverseInvoice,
    SealPasscode,
    SendPasscode,
    /// Where one exists.
    DestroyPasscode,
    CheckIdentity,
    IssuePair,
    ActivatePair,
    /// Where one was issued.
    DiscardPair,
    RetireOldPair,
    /// Where the holder ticked it.
    SuspendCertificate,
    ResumeCertificate,
    RevokeCertificate,
    TrackParcel,
    UpdateContacts,
}

impl Row {
    pub(crate) const fn on(at: At, event: EventKind, by: &'static [Role], go: Go) -> Row {
        Row { at, event, by, only: &[], when: When::Always, needs: &[], go, does: &[] }
    }

    pub(crate) const fn only(mut self, services: &'static [Service]) -> Row {
        self.only = services;
        self
    }

    pub(crate) const fn when(mut self, when: When) -> Row {
        self.when = when;
        self
    }

    pub(crate) const fn needs(mut self, needs: &'static [Need]) -> Row {
        self.needs = needs;
        self
    }

    pub(crate) const fn does(mut self, does: &'static [Do]) -> Row {
        self.does = does;
        self
    }

    /// Whether the row speaks of this event at this standing of this service.
    pub fn covers(&self, service: Service, standing: Standing, event: EventKind) -> bool {
        self.event == event
            && (self.only.is_empty() || self.only.contains(&service))
            && match (self.at, standing) {
                (At::Anywhere, _) => true,
                (At::AnyStep, standing) => standing.is_open(),
                (At::AnyEnd, standing) => !standing.is_open(),
                (At::Steps(steps), Standing::Open(step)) => steps.contains(&step),
                (At::Steps(_), _) => false,
            }
    }

    /// The rows of one cell of the table, in order.
    pub fn of(order: &Order, event: EventKind) -> impl Iterator<Item = &'static Row> {
        let (service, standing) = (order.service, order.standing);
        crate::table::TABLE.iter().filter(move |row| row.covers(service, standing, event))
    }

    /// The first row of the cell that this role may use and whose `when` holds.
    ///
    /// # Errors
    /// `NotHere` where there is none, `NotYours` where there are some, but for others.
    pub fn choose(order: &Order, event: &Event, actor: &Actor) -> Result<&'static Row, Refusal> {
        let (kind, role) = (event.kind(), actor.role());
        let not_here = Refusal::NotHere { standing: order.standing, event: kind };
        if Row::of(order, kind).next().is_none() {
            return Err(not_here);
        }
        let mut mine = Row::of(order, kind).filter(|row| row.by.contains(&role)).peekable();
        if mine.peek().is_none() {
            return Err(Refusal::NotYours { event: kind, role });
        }
        mine.find(|row| row.when.holds(order, event)).ok_or(not_here)
    }
}
