//! Two times: what goes over the wire is the real time (signatures are checked against it); the providers' own
//! waiting times pass `speed` times faster, and lifetimes and limits can be jumped over with `jump`.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339, macros::format_description};

pub struct Clock {
    speed: f64,
    ahead_seconds: AtomicI64,
}

impl Clock {
    pub fn new(speed: f64) -> Self {
        Self { speed, ahead_seconds: AtomicI64::new(0) }
    }

    /// Unix seconds as signatures carry them.
    pub fn wire_seconds(&self) -> i64 {
        OffsetDateTime::now_utc().unix_timestamp()
    }

    /// Unix seconds for lifetimes and limits: the real time and all jumps.
    pub fn seconds(&self) -> i64 {
        self.wire_seconds() + self.ahead_seconds.load(Ordering::Relaxed)
    }

    /// Lets `seconds` pass for lifetimes and limits (code_url, SMS windows) without waiting.
    pub fn jump(&self, seconds: i64) {
        self.ahead_seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    pub fn back_to_real(&self) {
        self.ahead_seconds.store(0, Ordering::Relaxed);
    }

    /// How long one of the providers' waiting times lasts here.
    pub fn shortened(&self, seconds: u64) -> Duration {
        Duration::from_secs(seconds).div_f64(self.speed)
    }
}

pub fn beijing_now() -> OffsetDateTime {
    let eight = UtcOffset::from_hms(8, 0, 0).expect("eight hours are an offset");
    OffsetDateTime::now_utc().to_offset(eight).replace_nanosecond(0).expect("zero nanoseconds are valid")
}

/// `2026-11-22T16:26:52+08:00`, as WeChat Pay writes times.
pub fn beijing_rfc3339() -> String {
    beijing_now().format(&Rfc3339).expect("a date of this century has an RFC 3339 form")
}

/// `2026-11-22 16:26:52`, as Alipay and the SMS receipts write times.
pub fn beijing_plain() -> String {
    let form = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    beijing_now().format(&form).expect("a date of this century has this form")
}

/// `20261122`, as banks write days.
pub fn beijing_day() -> String {
    beijing_now()
        .format(&format_description!("[year][month][day]"))
        .expect("a date of this century has this form")
}

/// `20261122162652`, as banks write times and transaction numbers begin.
pub fn beijing_compact() -> String {
    let form = format_description!("[year][month][day][hour][minute][second]");
    beijing_now().format(&form).expect("a date of this century has this form")
}
