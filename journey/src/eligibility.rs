//! Who may come for which service, by the certificate they hold. Computed by the office, never by the PC's clock (R155).

use time::{Date, Month};

use crate::{
    coded::coded, moment::Moment, order::Standing, refusal::Refusal, route::Route, service::Service,
};

/// R053, A12: less than this many days of 24 hours left.
pub const RENEWAL_OPENS_DAYS: i64 = 90;
/// R054, A13: expired by no more than this many days of 24 hours, leap year or not.
pub const RENEWAL_CLOSES_DAYS: i64 = 365;
/// A31: unlocks of one key in a day.
pub const UNBLOCKS_A_DAY: u8 = 3;

coded! {
    /// What the authority's record says of a certificate. Expiry is not a status: time tells it.
    CertificateStatus {
        Active = "active" "有效",
        Suspended = "suspended" "已挂失",
        Revoked = "revoked" "已吊销",
    }
}

/// The facts of the signing certificate, from the authority's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CertificateFacts {
    pub status: CertificateStatus,
    pub not_after: Moment,
}

/// When a certificate may be renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenewalWindow {
    /// Not yet at this moment, but at every later one (A12: exactly 90 days left is too early).
    pub opens_after: Moment,
    /// Still at this moment (A13: expired for exactly 365 days is in time).
    pub closes_at: Moment,
}

/// The window by the certificate's end alone.
pub const fn renewal_window(not_after: Moment) -> RenewalWindow {
    RenewalWindow {
        opens_after: not_after.plus_days(-RENEWAL_OPENS_DAYS),
        closes_at: not_after.plus_days(RENEWAL_CLOSES_DAYS),
    }
}

/// R051 to R055, R134. Asked when the order is opened; a payment within its time is honoured later (A17). With evidence it
/// is never too late (A20), though before that it is the usual way's.
///
/// # Errors
/// `CertificateRevoked`, `CertificateSuspended`, `RenewalTooEarly`, `RenewalTooLate`, `NotYetWithEvidence`.
pub fn may_renew(certificate: CertificateFacts, route: Route, now: Moment) -> Result<(), Refusal> {
    in_force(certificate.status)?;
    let window = renewal_window(certificate.not_after);
    if now <= window.opens_after {
        return Err(Refusal::RenewalTooEarly { opens_at: window.opens_after });
    }
    let late = now > window.closes_at;
    match route {
        Route::WithEvidence if late => Ok(()),
        Route::WithEvidence => Err(Refusal::NotYetWithEvidence { until: window.closes_at }),
        _ if late => Err(Refusal::RenewalTooLate { closed_at: window.closes_at }),
        _ => Ok(()),
    }
}

/// The end of a renewed certificate: a calendar year after its old end or its issue, whichever is later (R056, R057,
/// A15). 29 February becomes 28 February (A14). Counted on the Beijing calendar, to the same second of the day.
pub fn renewed_until(old_end: Moment, issued_at: Moment) -> Moment {
    let base = old_end.max(issued_at);
    let there = base.beijing();
    let Ok(next_year) = same_day_of(there.date(), there.year() + 1) else { return base };
    let moved = there.replace_date(next_year);
    Moment::from(moved)
}

fn same_day_of(day: Date, year: i32) -> Result<Date, time::error::ComponentRange> {
    let leap_day = day.month() == Month::February && day.day() == 29;
    day.replace_day(if leap_day { 28 } else { day.day() })?.replace_year(year)
}

/// R134, A37, A39. A suspended certificate is what a replacement is for; an expired one needs a new application.
///
/// # Errors
/// `CertificateRevoked`, `CertificateExpired`.
pub fn may_replace(certificate: CertificateFacts, now: Moment) -> Result<(), Refusal> {
    if certificate.status == CertificateStatus::Revoked {
        return Err(Refusal::CertificateRevoked);
    }
    not_expired(certificate, now)
}

/// What else is known of a certificate that is to be resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hold {
    /// Not its holder put it on hold: the office or a partner did.
    pub by_another: bool,
    /// A replacement of it is under way.
    pub replaced: bool,
    /// Such a replacement has passed its review: the certificate is revoked with it (R135).
    pub replacement_passed: bool,
}

/// B01, A37: what its holder put on hold and nobody replaced. Also after its end, for its renewal needs it (R134).
///
/// # Errors
/// `CertificateRevoked`, `NotOnHold`, `HeldByOffice`, `ReplacementUnderWay`.
pub const fn may_resume(certificate: CertificateFacts, hold: Hold) -> Result<(), Refusal> {
    match certificate.status {
        CertificateStatus::Revoked => Err(Refusal::CertificateRevoked),
        _ if hold.replacement_passed => Err(Refusal::CertificateRevoked),
        CertificateStatus::Active => Err(Refusal::NotOnHold),
        CertificateStatus::Suspended if hold.by_another => Err(Refusal::HeldByOffice),
        CertificateStatus::Suspended if hold.replaced => Err(Refusal::ReplacementUnderWay),
        CertificateStatus::Suspended => Ok(()),
    }
}

/// A38, A39: a replacement keeps the old end, so what has ended meanwhile is made no more. Asked again at each desk.
///
/// # Errors
/// `ReplacedEnded`.
pub fn still_replaces(not_after: Moment, now: Moment) -> Result<(), Refusal> {
    if now >= not_after { Err(Refusal::ReplacedEnded { ended_at: not_after }) } else { Ok(()) }
}

/// R134; a changed certificate keeps its end (A47), so an expired one is renewed first.
///
/// # Errors
/// `CertificateRevoked`, `CertificateSuspended`, `CertificateExpired`.
pub fn may_modify(certificate: CertificateFacts, now: Moment) -> Result<(), Refusal> {
    in_force(certificate.status)?;
    not_expired(certificate, now)
}

/// What the record knows about unlocks of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UnblockHistory {
    /// An unlock proven by identity was completed on this key by this holder (A25).
    pub identity_proven: bool,
    /// Completed today, Beijing.
    pub today: u8,
}

/// R073, R080, R134, A25, A31, A32: expired up to 365 days is unlocked, because its renewal needs the PIN.
///
/// # Errors
/// `CertificateRevoked`, `CertificateSuspended`, `RenewalTooLate`, `UnblockedTooOften`, `IdentityFirst`.
pub fn may_unblock(
    certificate: CertificateFacts,
    history: UnblockHistory,
    route: Route,
    now: Moment,
) -> Result<(), Refusal> {
    in_force(certificate.status)?;
    let window = renewal_window(certificate.not_after);
    if now > window.closes_at {
        return Err(Refusal::RenewalTooLate { closed_at: window.closes_at });
    }
    if history.today >= UNBLOCKS_A_DAY {
        return Err(Refusal::UnblockedTooOften { limit: UNBLOCKS_A_DAY });
    }
    if route == Route::Usual && !history.identity_proven {
        return Err(Refusal::IdentityFirst);
    }
    Ok(())
}

/// R133: one open order of a service for one certificate (or, for an application, one holder). `others` are the orders
/// the office knows for it.
///
/// # Errors
/// `OrderAlreadyOpen`.
pub fn no_other_open(
    service: Service,
    others: impl IntoIterator<Item = (Service, Standing)>,
) -> Result<(), Refusal> {
    let open = others.into_iter().any(|(other, standing)| other == service && standing.is_open());
    if open { Err(Refusal::OrderAlreadyOpen { service }) } else { Ok(()) }
}

fn in_force(status: CertificateStatus) -> Result<(), Refusal> {
    match status {
        CertificateStatus::Active => Ok(()),
        CertificateStatus::Suspended => Err(Refusal::CertificateSuspended),
        CertificateStatus::Revoked => Err(Refusal::CertificateRevoked),
    }
}

fn not_expired(certificate: CertificateFacts, now: Moment) -> Result<(), Refusal> {
    if now > certificate.not_after {
        return Err(Refusal::CertificateExpired { expired_at: certificate.not_after });
    }
    Ok(())
}
