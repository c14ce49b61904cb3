//! A calendar file (iCalendar, RFC 5545) with one day in it: when a certificate ends.

use super::words::Letterhead;
use journey::moment::Moment;
use time::{Date, OffsetDateTime, UtcOffset};

/// Octets of a line before it is folded (RFC 5545, 3.1).
const LINE: usize = 75;

/// The end of the certificate with this serial, with an alarm a fortnight before it. The same certificate's file replaces
/// the one of an earlier reminder in a reader's calendar: they share their UID.
pub fn of_end(serial: &str, day: Date, now: Moment, head: &Letterhead) -> String {
    let host = head.query_url.split("://").nth(1).and_then(|rest| rest.split(['/', ':']).next());
    let next = day.next_day().unwrap_or(day);
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//certhall//reminder//ZH".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{serial}@{}", host.unwrap_or("certhall")),
        format!("DTSTAMP:{}", stamp(now)),
        format!("DTSTART;VALUE=DATE:{}", date(day)),
        format!("DTEND;VALUE=DATE:{}", date(next)),
        "SUMMARY:数字证书到期".to_owned(),
        format!(
            "DESCRIPTION:{}",
            text(&format!("请在到期前登录{}办理证书更新。客服热线 {}", head.office, head.hotline))
        ),
        format!("URL:{}", head.query_url),
        "TRANSP:TRANSPARENT".to_owned(),
        "BEGIN:VALARM".to_owned(),
        "ACTION:DISPLAY".to_owned(),
        "DESCRIPTION:数字证书即将到期".to_owned(),
        "TRIGGER:-P15D".to_owned(),
        "END:VALARM".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| folded(line)).collect()
}

fn date(day: Date) -> String {
    day.to_string().replace('-', "")
}

fn stamp(now: Moment) -> String {
    let utc: OffsetDateTime = now.beijing().to_offset(UtcOffset::UTC);
    format!("{}T{:02}{:02}{:02}Z", date(utc.date()), utc.hour(), utc.minute(), utc.second())
}

/// RFC 5545, 3.3.11.
fn text(words: &str) -> String {
    words.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// A long line goes on after CRLF and a space; no character is cut.
fn folded(line: &str) -> String {
    let (mut folded, mut octets) = (String::new(), 0);
    for character in line.chars() {
        if octets + character.len_utf8() > LINE {
            folded.push_str("\r\n ");
            octets = 1;
        }
        folded.push(character);
        octets += character.len_utf8();
    }
    folded + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn j34_the_calendar_file_keeps_to_its_form() {
        let head = Letterhead {
            office: "证书大厅; 一号, 窗口".to_owned(),
            query_url: "https://ca.example/query".to_owned(),
            hotline: "010-58515511".to_owned(),
        };
        let file = of_end("4a0b", date!(2027 - 02 - 28), Moment::from_millis(1_795_335_480_000), &head);
        assert!(file.ends_with("END:VCALENDAR\r\n") && file.lines().count() > 18);
        assert!(file.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{file}");
        for line in [
            "UID:4a0b@ca.example",
            "DTSTAMP:20261122T081800Z",
            "DTSTART;VALUE=DATE:20270228",
            "DTEND;VALUE=DATE:20270301",
        ] {
            assert!(file.contains(&format!("{line}\r\n")), "{line}\n{file}");
        }
        assert!(file.replace("\r\n ", "").contains("证书大厅\\; 一号\\, 窗口"), "{file}");
    }
}
