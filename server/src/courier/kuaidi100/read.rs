//! What 快递100 tells of a parcel: the body of an answer, or of a push (`sign`, `param`). Pure; takes any octets.

use super::text;
use crate::courier::{Line, News, Push};
use app::desk::parcels::ScanState;
use journey::Moment;
use journey::moment::BEIJING;
use serde_json::Value;
use time::PrimitiveDateTime;
use time::macros::format_description;

/// A way has some dozens of lines; more is no way.
const LINES: usize = 200;
/// Characters of a line that are kept.
const WORDS: usize = 200;

/// `None`: no form, no JSON, or it names no parcel.
pub fn push(body: &[u8], now: Moment) -> Option<Push> {
    let field = |name: &str| {
        form_urlencoded::parse(body).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let (sign, param) = (field("sign")?, field("param")?);
    let told: Value = serde_json::from_str(&param).ok()?;
    let last = &told["lastResult"];
    let waybill = text(last, "nu").trim().to_ascii_uppercase();
    if waybill.is_empty() {
        return None;
    }
    let mut news = news(last, now);
    // abort: nothing was found for days, or nothing has changed for two months.
    if text(&told, "status") == "abort" && news.lines.is_empty() {
        news.given_up = Some(crate::outside::quote::quote(&text(&told, "message")));
    }
    Some(Push { waybill, news, param, sign })
}

/// The lines of a result, oldest first. What has no time that can be read, or one after tomorrow, is left out.
pub fn news(result: &Value, now: Moment) -> News {
    let whole = state(&text(result, "state"));
    let newest_first = result["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    let line = |(place, line): (usize, &Value)| {
        let at = moment(&text(line, "ftime")).or_else(|| moment(&text(line, "time")))?;
        if at > now.plus_days(1) {
            return None;
        }
        let own = state(&text(line, "statusCode"));
        // The state of the whole is that of its newest line.
        let state = own.or(whole.filter(|_| place == 0)).unwrap_or(ScanState::InTransit);
        Some(Line { at, state, words: words(&text(line, "context")) })
    };
    let mut lines: Vec<Line> = newest_first.iter().take(LINES).enumerate().filter_map(line).collect();
    lines.reverse();
    lines.sort_by_key(|line| line.at);
    News { lines, given_up: None }
}

/// 0 在途 1 揽收 2 疑难 3 签收 4 退签 5 派件 6 退回 7 转投 8 清关 14 拒签, and the longer codes that begin with them.
fn state(code: &str) -> Option<ScanState> {
    Some(match code {
        "1" | "101" | "102" | "103" => ScanState::Collected,
        "0" | "7" | "8" | "10" | "11" | "12" | "13" | "1001" | "1002" | "1003" => ScanState::InTransit,
        "5" | "501" => ScanState::OutForDelivery,
        "2" | "201" | "202" | "204" | "205" | "206" | "207" | "208" | "209" | "210" => ScanState::Troubled,
        "14" | "203" => ScanState::Refused,
        "3" | "301" | "302" | "303" | "304" => ScanState::Delivered,
        "4" | "401" | "6" => ScanState::Returned,
        _ => return None,
    })
}

/// `2026-11-23 09:12:00`, in Beijing.
fn moment(text: &str) -> Option<Moment> {
    let form = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let at = PrimitiveDateTime::parse(text.trim(), &form).ok()?.assume_offset(BEIJING);
    Some(Moment::from_millis(at.unix_timestamp() * 1000))
}

/// Without control characters, and not endless.
fn words(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(WORDS).collect::<String>().trim().to_owned()
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
