//! When a list is due: by the clock, and soon after a change (R162). Pure.

use super::settings::StatusSettings;
use crate::outside::SetupError;

/// A full list waits so many times as long after a change as a delta: both within the minute of R162.
const FULL_WAITS: i64 = 6;
/// Above this a full list (some 25 000 entries) does not follow each change: the delta tells it, and the schedule.
pub const HANDY_BYTES: usize = 1024 * 1024;
/// A list that begins later than now by more than this was made under a wrong clock.
const CLOCK_WENT_BACK_S: i64 = 60;

/// Seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub full: i64,
    pub delta: i64,
    pub gather: i64,
    pub answer: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Full,
    Delta,
}

/// What the plan wants to know of the list that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub this_update: i64,
    pub next_update: i64,
    /// The last change that it knows.
    pub sequence: i64,
    pub bytes: usize,
}

/// What has happened at an issuer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    pub last_change: i64,
    /// Since when a change waits for its delta, for its full list: Unix seconds.
    pub delta_waits_since: Option<i64>,
    pub full_waits_since: Option<i64>,
}

impl Plan {
    /// # Errors
    /// A number that no schedule can keep, or that would break the minute of R162.
    pub fn new(settings: &StatusSettings) -> Result<Plan, SetupError> {
        let within = |what, value: i64, least: i64, most: i64| {
            let why = || SetupError::new(what, format!("must be {least} to {most}, is {value}"));
            if (least..=most).contains(&value) { Ok(value) } else { Err(why()) }
        };
        Ok(Plan {
            full: within("status.full_hours", settings.full_hours, 1, 24 * 7)? * 3600,
            delta: within("status.delta_minutes", settings.delta_minutes, 1, 24 * 60)? * 60,
            gather: within("status.gather_seconds", settings.gather_seconds, 0, 8)?,
            answer: within("status.answer_minutes", settings.answer_minutes, 5, 7 * 24 * 60)? * 60,
        })
    }

    fn every(&self, kind: Kind) -> i64 {
        match kind {
            Kind::Full => self.full,
            Kind::Delta => self.delta,
        }
    }

    /// Until when a list that begins at `this_update` may be relied on.
    pub fn next_update(&self, kind: Kind, this_update: i64) -> i64 {
        this_update + self.every(kind) + self.every(kind) / 2
    }

    /// Whether the list should long have been replaced: half of its spare time is gone.
    pub fn is_overdue(&self, kind: Kind, this_update: i64, now: i64) -> bool {
        now >= this_update + self.every(kind) + self.every(kind) / 4
    }

    /// The list to make now, if any. `opening`: the office has just opened.
    ///
    /// Full and delta never share their second: lists of the same moment would have to share their number too (RFC 5280,
    /// 5.2.3).
    pub fn due(
        &self,
        now: i64,
        full: Option<Standing>,
        delta: Option<Standing>,
        heard: &Heard,
        opening: bool,
    ) -> Option<Kind> {
        let Some(full) = full else { return Some(Kind::Full) };
        let waited =
            |since: Option<i64>, wait: i64| since.is_some_and(|since| !(0..wait).contains(&(now - since)));
        let newer = delta.is_none_or(|delta| delta.this_update < now);
        if newer
            && (self.by_clock(Kind::Full, full, now, opening)
                || heard.last_change > full.sequence
                    && full.bytes <= HANDY_BYTES
                    && waited(heard.full_waits_since, self.gather * FULL_WAITS))
        {
            return Some(Kind::Full);
        }
        // A delta made under a clock that was ahead must not hold up the full list for ever.
        if delta.is_some_and(|delta| delta.this_update > now + CLOCK_WENT_BACK_S) {
            return (full.this_update != now).then_some(Kind::Delta);
        }
        let told = delta.map_or(full.sequence, |delta| delta.sequence.max(full.sequence));
        let due = delta.is_none_or(|delta| self.by_clock(Kind::Delta, delta, now, opening))
            || heard.last_change > told && waited(heard.delta_waits_since, self.gather);
        (due && full.this_update < now).then_some(Kind::Delta)
    }

    fn by_clock(&self, kind: Kind, list: Standing, now: i64, opening: bool) -> bool {
        let half = list.this_update + (list.next_update - list.this_update) / 2;
        now >= list.this_update + self.every(kind)
            || list.this_update > now + CLOCK_WENT_BACK_S
            || opening && now >= half
    }
}
