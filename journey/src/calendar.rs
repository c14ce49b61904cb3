//! Working days of mainland China (R127) and the promises counted in them (R031, R098, A10, A11).

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;
use time::{Date, Month, Weekday};

use crate::{
    moment::Moment,
    route::Route,
    service::Service::{self, Application, Modification, Renewal, Replacement, Resumption, Unblock},
};

/// The published years, from `data/holidays.txt` or from a newer file of the office.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    years: BTreeSet<i32>,
    /// Days that differ from Monday to Friday: `true` is a working day.
    exceptions: BTreeMap<Date, bool>,
}

/// The file does not say what it must; `line` counts from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("holidays, line {line}: {fault}")]
pub struct CalendarError {
    pub line: usize,
    pub fault: &'static str,
}

/// A day, and whether the year it lies in has been published. Unpublished years know weekends alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    pub due_on: Date,
    pub published: bool,
}

impl Calendar {
    /// The years this release knows.
    pub fn official() -> Calendar {
        Calendar::parse(include_str!("../data/holidays.txt")).expect("the shipped file is parsed by a test")
    }

    /// Reads the format that `data/holidays.txt` explains.
    pub fn parse(text: &str) -> Result<Calendar, CalendarError> {
        let mut calendar = Calendar::default();
        for (index, line) in text.lines().enumerate() {
            let words: Vec<&str> = line.split_whitespace().collect();
            calendar.read_line(&words).map_err(|fault| CalendarError { line: index + 1, fault })?;
        }
        Ok(calendar)
    }

    fn read_line(&mut self, words: &[&str]) -> Result<(), &'static str> {
        match words {
            [] => Ok(()),
            [comment, ..] if comment.starts_with('#') => Ok(()),
            ["year", year] => {
                self.years.insert(year.parse().map_err(|_| "a year is four digits")?);
                Ok(())
            }
            ["work", day] => self.except(parse_day(day)?, true),
            ["rest", _name, first, last] => {
                let (first, last) = (parse_day(first)?, parse_day(last)?);
                if last < first || (last - first).whole_days() > 31 {
                    return Err("the last day follows the first within a month");
                }
                let mut day = Some(first);
                while let Some(rest) = day.filter(|day| *day <= last) {
                    self.except(rest, false)?;
                    day = rest.next_day();
                }
                Ok(())
            }
            _ => Err("a line begins with year, rest or work"),
        }
    }

    fn except(&mut self, day: Date, works: bool) -> Result<(), &'static str> {
        if !self.years.contains(&day.year()) {
            return Err("the day lies outside the years opened above");
        }
        match self.exceptions.insert(day, works) {
            None => Ok(()),
            Some(_) => Err("the day is named twice"),
        }
    }

    pub fn is_published(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    pub fn is_working_day(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.exceptions.get(&day).copied().unwrap_or(!weekend)
    }

    /// The `count`-th working day after `start`; `start` itself is day 0 (A10).
    pub fn working_days_after(&self, start: Date, count: u8) -> Promise {
        let mut day = start;
        let mut left = count;
        let mut published = self.is_published(day.year());
        while left > 0 {
            let Some(next) = day.next_day() else { break };
            day = next;
            published &= self.is_published(day.year());
            left -= u8::from(self.is_working_day(day));
        }
        Promise { due_on: day, published }
    }

    /// The last day of the promise for an order whose waiting began at `start` (A10, A11); `None` without a promise.
    pub fn promise_due(&self, service: Service, route: Route, start: Moment) -> Option<Promise> {
        promised_days(service, route).map(|days| self.working_days_after(start.beijing_date(), days))
    }
}

/// Working days until the result of the review: 3 for an application (R031, R048), 5 for a replacement (R098, A11).
/// A modification or a late renewal that needs evidence is promised as fast as an application: the manual is silent.
pub const fn promised_days(service: Service, route: Route) -> Option<u8> {
    match (service, route) {
        (Application | Modification, _) | (Renewal, Route::WithEvidence) => Some(3),
        (Replacement, _) => Some(5),
        (Renewal | Unblock | Resumption, _) => None,
    }
}

fn parse_day(text: &str) -> Result<Date, &'static str> {
    const FAULT: &str = "a day is written 2026-02-15";
    let number = |part: &str| part.parse::<u8>().map_err(|_| FAULT);
    let [year, month, day] = text.split('-').collect::<Vec<_>>()[..] else { return Err(FAULT) };
    let month = Month::try_from(number(month)?).map_err(|_| FAULT)?;
    Date::from_calendar_date(year.parse().map_err(|_| FAULT)?, month, number(day)?).map_err(|_| FAULT)
}
