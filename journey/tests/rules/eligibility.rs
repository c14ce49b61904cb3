//! Who may come: the boundary cases of `states.md`, to the millisecond.

use journey::{
    Moment, Refusal, Route, Service, Standing, Step,
    eligibility::{
        CertificateFacts, CertificateStatus, Hold, UnblockHistory, may_modify, may_renew, may_replace,
        may_resume, may_unblock, no_other_open, renewal_window, renewed_until,
    },
};
use time::macros::datetime;

const DAY: i64 = 86_400_000;
const YEAR: i64 = 365 * DAY;

fn beijing(at: time::OffsetDateTime) -> Moment {
    Moment::from(at)
}

fn active(not_after: Moment) -> CertificateFacts {
    CertificateFacts { status: CertificateStatus::Active, not_after }
}

#[test]
fn the_renewal_window_r053_r054_r055_a12_a13() {
    for not_after in [
        datetime!(2026-11-22 23:59:59 +8),
        datetime!(2024-02-29 12:00:00 +8),
        datetime!(2028-02-29 00:00:00 +8),
        datetime!(2025-03-01 00:00:00 +8),
    ] {
        let end = beijing(not_after);
        let at = |left_millis: i64| {
            may_renew(active(end), Route::Usual, Moment::from_millis(end.millis() - left_millis))
        };
        let code = |left_millis| at(left_millis).map_err(|refusal| refusal.code());
        assert_eq!(code(90 * DAY + 1), Err("renewal_too_early"), "more than 90 days");
        assert_eq!(code(90 * DAY), Err("renewal_too_early"), "exactly 90 days is not less than 90");
        assert_eq!(code(90 * DAY - 1000), Ok(()), "89 d 23:59:59");
        assert_eq!(code(90 * DAY - 1), Ok(()));
        assert_eq!(code(1000), Ok(()), "one second left");
        assert_eq!(code(0), Ok(()), "at its end");
        assert_eq!(code(-1000), Ok(()), "one second past");
        assert_eq!(code(-YEAR), Ok(()), "365 days past, leap year or not");
        assert_eq!(code(-YEAR - 1), Err("renewal_too_late"));
        assert_eq!(code(-YEAR - 1000), Err("renewal_too_late"));
        let window = renewal_window(end);
        let anew = |past: i64| {
            let now = Moment::from_millis(end.millis() + past);
            may_renew(active(end), Route::WithEvidence, now)
        };
        let not_yet = Refusal::NotYetWithEvidence { until: window.closes_at };
        assert_eq!(anew(YEAR), Err(not_yet), "A20: as long as the usual way is open, it is the way");
        assert_eq!((anew(YEAR + 1), anew(9 * YEAR)), (Ok(()), Ok(())), "A20");
        assert_eq!(at(100 * DAY).unwrap_err(), Refusal::RenewalTooEarly { opens_at: window.opens_after });
        assert_eq!(at(-2 * YEAR).unwrap_err(), Refusal::RenewalTooLate { closed_at: window.closes_at });
    }
}

#[test]
fn the_new_end_r056_r057_a14_a15() {
    let until = |old, issued| renewed_until(beijing(old), beijing(issued));
    // R056: early, from the old end.
    let early = until(datetime!(2026-12-31 23:59:59 +8), datetime!(2026-11-22 16:18:00 +8));
    assert_eq!(early, beijing(datetime!(2027-12-31 23:59:59 +8)));
    // R057: expired, from the download.
    let late = until(datetime!(2026-01-31 23:59:59 +8), datetime!(2026-11-22 16:18:00 +8));
    assert_eq!(late, beijing(datetime!(2027-11-22 16:18:00 +8)));
    // A15: expired between payment and download.
    let between = until(datetime!(2026-11-22 16:17:59 +8), datetime!(2026-11-22 16:18:00 +8));
    assert_eq!(between, beijing(datetime!(2027-11-22 16:18:00 +8)));
    // A14: leap days.
    let leap = until(datetime!(2028-02-29 10:00:00 +8), datetime!(2028-01-01 10:00:00 +8));
    assert_eq!(leap, beijing(datetime!(2029-02-28 10:00:00 +8)));
    let to_leap_year = until(datetime!(2027-02-28 10:00:00 +8), datetime!(2027-01-01 10:00:00 +8));
    assert_eq!(to_leap_year, beijing(datetime!(2028-02-28 10:00:00 +8)));
    // The day is Beijing's: 29 February there while it is still the 28th in UTC.
    let night = until(datetime!(2024-02-28 18:00:00 UTC), datetime!(2024-01-01 00:00:00 UTC));
    assert_eq!(night, beijing(datetime!(2025-02-28 02:00:00 +8)));
}

#[test]
fn renewing_early_twice_in_a_row_is_blocked_by_the_window() {
    let now = beijing(datetime!(2026-11-22 16:18:00 +8));
    let first_end = now.plus_days(89);
    assert_eq!(may_renew(active(first_end), Route::Usual, now), Ok(()));
    let second_end = renewed_until(first_end, now);
    assert_eq!(may_renew(active(second_end), Route::Usual, now).unwrap_err().code(), "renewal_too_early");
}

#[test]
fn suspended_and_revoked_certificates_stay_outside_r134() {
    let now = beijing(datetime!(2026-11-22 16:18:00 +8));
    let with = |status| CertificateFacts { status, not_after: now.plus_days(30) };
    let history = UnblockHistory { identity_proven: true, today: 0 };
    for (status, code) in [
        (CertificateStatus::Suspended, "certificate_suspended"),
        (CertificateStatus::Revoked, "certificate_revoked"),
    ] {
        assert_eq!(may_renew(with(status), Route::Usual, now).unwrap_err().code(), code);
        assert_eq!(may_modify(with(status), now).unwrap_err().code(), code);
        assert_eq!(may_unblock(with(status), history, Route::Usual, now).unwrap_err().code(), code);
    }
    assert_eq!(may_replace(with(CertificateStatus::Suspended), now), Ok(()), "A37: that is what it is for");
    assert_eq!(may_replace(with(CertificateStatus::Revoked), now), Err(Refusal::CertificateRevoked));
}

#[test]
fn an_expired_certificate_is_not_replaced_or_changed_a39_a47() {
    let end = beijing(datetime!(2026-11-22 16:18:00 +8));
    let later = Moment::from_millis(end.millis() + 1);
    assert_eq!(may_replace(active(end), end), Ok(()));
    assert_eq!(may_replace(active(end), later), Err(Refusal::CertificateExpired { expired_at: end }));
    assert_eq!(may_modify(active(end), later), Err(Refusal::CertificateExpired { expired_at: end }));
}

#[test]
fn the_first_unblock_proves_identity_r073_r080_a25_a31_a32() {
    let now = beijing(datetime!(2026-11-22 16:18:00 +8));
    let valid = active(now.plus_days(200));
    let first = UnblockHistory::default();
    assert_eq!(may_unblock(valid, first, Route::Usual, now), Err(Refusal::IdentityFirst));
    assert_eq!(may_unblock(valid, first, Route::ByIdentity, now), Ok(()));
    let proven = |today| UnblockHistory { identity_proven: true, today };
    assert_eq!(may_unblock(valid, proven(0), Route::Usual, now), Ok(()));
    assert_eq!(may_unblock(valid, proven(2), Route::Usual, now), Ok(()));
    assert_eq!(
        may_unblock(valid, proven(3), Route::Usual, now),
        Err(Refusal::UnblockedTooOften { limit: 3 })
    );
    let expired = |days: i64| active(now.plus_days(-days));
    assert_eq!(may_unblock(expired(365), proven(0), Route::Usual, now), Ok(()), "A32: needed to renew");
    assert_eq!(
        may_unblock(expired(366), proven(0), Route::Usual, now).unwrap_err().code(),
        "renewal_too_late"
    );
}

#[test]
fn one_open_order_of_a_kind_r133() {
    let open = Standing::Open(Step::Payment);
    let others = [(Service::Renewal, Standing::Completed), (Service::Unblock, open)];
    assert_eq!(no_other_open(Service::Renewal, others), Ok(()));
    let refusal = no_other_open(Service::Unblock, others).unwrap_err();
    assert_eq!(refusal, Refusal::OrderAlreadyOpen { service: Service::Unblock });
}

#[test]
fn only_what_its_holder_put_on_hold_is_resumed_b01_a37() {
    let end = beijing(datetime!(2026-11-22 16:18:00 +8));
    let with = |status| CertificateFacts { status, not_after: end };
    let code = |status, hold| may_resume(with(status), hold).map_err(|refusal| refusal.code());
    use CertificateStatus::{Active, Revoked, Suspended};
    let nobody = Hold::default();
    assert_eq!(code(Suspended, nobody), Ok(()));
    assert_eq!(code(Active, nobody), Err("not_on_hold"));
    assert_eq!(code(Revoked, nobody), Err("certificate_revoked"));
    assert_eq!(code(Suspended, Hold { by_another: true, ..nobody }), Err("held_by_office"));
    let replaced = Hold { replaced: true, ..nobody };
    assert_eq!(code(Suspended, replaced), Err("replacement_under_way"), "A37");
    let passed = Hold { replacement_passed: true, ..replaced };
    assert_eq!(code(Suspended, passed), Err("certificate_revoked"), "R135: its revocation is on the way");
}
