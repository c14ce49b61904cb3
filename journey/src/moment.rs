//! A point in time. Kept in UTC, read in Beijing (R128).

use std::fmt;

use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime, UtcOffset, macros::offset};

/// China has one time zone and no summer time.
pub const BEIJING: UtcOffset = offset!(+8);

/// Milliseconds since 1970-01-01 00:00 UTC. The caller hands the clock in; nothing here reads one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(i64);

impl Moment {
    pub const fn from_millis(millis: i64) -> Moment {
        Moment(millis)
    }

    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole minutes later, or earlier where negative. Stops at the ends of time instead of wrapping.
    pub const fn plus_minutes(self, minutes: i64) -> Moment {
        Moment(self.0.saturating_add(minutes.saturating_mul(60_000)))
    }

    pub const fn plus_hours(self, hours: i64) -> Moment {
        self.plus_minutes(hours.saturating_mul(60))
    }

    /// Days of 24 hours.
    pub const fn plus_days(self, days: i64) -> Moment {
        self.plus_hours(days.saturating_mul(24))
    }

    /// The clock on the wall in Beijing. A moment outside the years −9999 to 9999 reads as the nearer end.
    pub fn beijing(self) -> OffsetDateTime {
        let utc = OffsetDateTime::UNIX_EPOCH.checked_add(Duration::milliseconds(self.0));
        let end = if self.0 < 0 { Date::MIN } else { Date::MAX };
        utc.and_then(|utc| utc.checked_to_offset(BEIJING))
            .unwrap_or_else(|| end.midnight().assume_offset(BEIJING))
    }

    /// The beginning of that day in Beijing.
    pub fn beijing_midnight(self) -> Moment {
        Moment::from(self.beijing().replace_time(time::Time::MIDNIGHT))
    }

    /// The day in Beijing.
    pub fn beijing_date(self) -> Date {
        self.beijing().date()
    }
}

impl From<OffsetDateTime> for Moment {
    /// Cuts what is finer than a millisecond.
    fn from(at: OffsetDateTime) -> Moment {
        Moment((at.unix_timestamp_nanos().div_euclid(1_000_000)) as i64)
    }
}

/// `2026-11-22 16:18`, Beijing.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.beijing();
        write!(f, "{} {:02}:{:02}", at.date(), at.hour(), at.minute())
    }
}
