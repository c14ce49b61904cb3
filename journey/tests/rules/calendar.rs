//! Working days (R127) and the promises counted in them (R031, R098, A10, A11).

use journey::{Calendar, Moment, Route, Service, calendar::promised_days};
use time::{Date, macros::date, macros::datetime};

fn third_working_day(start: Date) -> Date {
    Calendar::official().working_days_after(start, 3).due_on
}

#[test]
fn the_published_years_read_as_published_r127() {
    let calendar = Calendar::official();
    for year in [2024, 2025, 2026] {
        assert!(calendar.is_published(year), "{year}");
    }
    for (year, days) in [(2024, 251), (2025, 248), (2026, 248)] {
        let first = Date::from_calendar_date(year, time::Month::January, 1).unwrap();
        let count = (0..if year == 2024 { 366 } else { 365 })
            .filter(|offset| calendar.is_working_day(first + time::Duration::days(*offset)))
            .count();
        assert_eq!(count, days, "working days of {year}");
    }
}

#[test]
fn a_make_up_saturday_and_sunday_are_working_days_r127() {
    let calendar = Calendar::official();
    for day in [
        date!(2026 - 10 - 10),
        date!(2026 - 09 - 20),
        date!(2026 - 02 - 28),
        date!(2025 - 09 - 28),
        date!(2024 - 02 - 04),
    ] {
        assert!(calendar.is_working_day(day), "{day} is 调休");
    }
    for day in [
        date!(2026 - 10 - 01),
        date!(2026 - 10 - 05),
        date!(2026 - 02 - 17),
        date!(2025 - 10 - 08),
        date!(2026 - 11 - 22),
    ] {
        assert!(!calendar.is_working_day(day), "{day} is free");
    }
}

#[test]
fn three_and_five_days_across_the_national_day_a10_a11() {
    // 2026-09-30 is a Wednesday; free until 7 October; 8, 9 and the 调休 Saturday 10 October are worked.
    assert_eq!(third_working_day(date!(2026 - 09 - 30)), date!(2026 - 10 - 10));
    let five = Calendar::official().working_days_after(date!(2026 - 09 - 30), 5);
    assert_eq!(five.due_on, date!(2026 - 10 - 13), "Monday 12 and Tuesday 13 follow the Sunday");
    assert!(five.published);
    // Paid in the middle of the holiday: the same end.
    assert_eq!(third_working_day(date!(2026 - 10 - 03)), date!(2026 - 10 - 10));
    // 2025: free from 1 to 8 October, worked on Saturday the 11th.
    assert_eq!(third_working_day(date!(2025 - 09 - 30)), date!(2025 - 10 - 11));
}

#[test]
fn the_day_of_payment_is_day_zero_in_beijing_a10_r128() {
    let calendar = Calendar::official();
    let due = |at| calendar.promise_due(Service::Application, Route::Usual, Moment::from(at)).unwrap().due_on;
    assert_eq!(due(datetime!(2026-11-18 09:00 +8)), date!(2026 - 11 - 23));
    assert_eq!(due(datetime!(2026-11-18 23:59 +8)), date!(2026 - 11 - 23));
    // 16:30 UTC is half past midnight of the next day in Beijing.
    assert_eq!(due(datetime!(2026-11-18 16:30 UTC)), date!(2026 - 11 - 24));
}

#[test]
fn each_service_has_its_promise_r031_r048_r098() {
    let promised = |service| promised_days(service, Route::Usual);
    assert_eq!(promised(Service::Application), Some(3));
    assert_eq!(promised(Service::Replacement), Some(5));
    assert_eq!(promised(Service::Renewal), None);
    assert_eq!(promised(Service::Unblock), None);
    assert_eq!(promised(Service::Resumption), None);
    assert_eq!(promised_days(Service::Renewal, Route::WithEvidence), Some(3), "A20");
}

#[test]
fn an_unpublished_year_knows_weekends_and_says_so_r127() {
    let calendar = Calendar::official();
    let far = calendar.working_days_after(date!(2035 - 10 - 01), 3);
    assert!(!far.published);
    assert_eq!(far.due_on, date!(2035 - 10 - 04));
    assert!(!calendar.working_days_after(date!(2026 - 12 - 31), 3).published || calendar.is_published(2027));
    assert_eq!(calendar.working_days_after(Date::MAX, 3).due_on, Date::MAX, "time has an end");
}

#[test]
fn a_wrong_file_is_refused_with_its_line() {
    for (text, line) in [
        ("year 2027\nrest 元旦 2027-01-03 2027-01-01", 2),
        ("rest 元旦 2027-01-01 2027-01-01", 1),
        ("year 2027\n\nwork 2027-02-30", 3),
        ("year 2027\nwork 2027-02-20\nwork 2027-02-20", 3),
        ("holiday 2027-01-01", 1),
        ("year 2027\nrest 元旦 2027-01-01 2027-12-31", 2),
    ] {
        assert_eq!(Calendar::parse(text).unwrap_err().line, line, "{text}");
    }
}
