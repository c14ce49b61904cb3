use super::*;
use crate::outside::testing::NOW;
use serde_json::json;

fn form(param: &Value) -> Vec<u8> {
    let pairs = [("sign", "0F"), ("param", &*param.to_string())];
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
}

fn told() -> Value {
    json!({ "status": "shutdown", "message": "", "lastResult": {
        "message": "ok", "nu": "sf1234567890123", "com": "shunfeng", "ischeck": "1", "state": "3", "status": "200",
        "data": [
            { "time": "2026-11-22 15:20:01", "ftime": "2026-11-22 15:20:01", "context": "已签收，签收人：前台", "statusCode": "301" },
            { "time": "2026-11-22 09:00:00", "context": "正在派件\u{7}\n", "statusCode": 5 },
            { "time": "2026-11-21 23:59:59", "context": "已揽收" },
            { "time": "yesterday", "context": "此行没有时间" },
        ],
    }})
}

#[test]
fn a_push_is_read_oldest_first_with_the_state_of_each_line() {
    let push = push(&form(&told()), NOW).unwrap();
    assert_eq!(push.waybill, "SF1234567890123");
    let told: Vec<_> = push.news.lines.iter().map(|line| (line.state, line.words.as_str())).collect();
    assert_eq!(
        told,
        [
            // Without a code of its own, and not the newest.
            (ScanState::InTransit, "已揽收"),
            (ScanState::OutForDelivery, "正在派件"),
            (ScanState::Delivered, "已签收，签收人：前台"),
        ]
    );
    assert_eq!(push.news.lines[2].at, Moment::from_millis(1_795_332_001_000), "15:20:01 in Beijing");
    assert_eq!(push.news.given_up, None);
}

#[test]
fn the_newest_line_without_a_code_has_the_state_of_the_whole() {
    for (code, state) in [
        ("0", ScanState::InTransit),
        ("1", ScanState::Collected),
        ("2", ScanState::Troubled),
        ("3", ScanState::Delivered),
        ("4", ScanState::Returned),
        ("5", ScanState::OutForDelivery),
        ("6", ScanState::Returned),
        ("7", ScanState::InTransit),
        ("14", ScanState::Refused),
        ("99", ScanState::InTransit),
    ] {
        let result = json!({ "state": code, "data": [{ "time": "2026-11-22 09:00:00", "context": "x" }] });
        assert_eq!(news(&result, NOW).lines[0].state, state, "{code}");
    }
}

#[test]
fn a_line_of_another_year_is_none_and_endless_ways_and_words_have_an_end() {
    let result = |time: &str, times: usize| {
        let line = json!({ "time": time, "context": "长".repeat(5000) });
        news(&json!({ "state": "0", "data": vec![line; times] }), NOW).lines
    };
    assert!(result("2030-01-01 00:00:00", 1).is_empty());
    let lines = result("2026-11-22 16:20:00", 1000);
    assert_eq!(lines.len(), LINES, "a courier's clock may be ahead of ours");
    assert!(lines.iter().all(|line| line.words.chars().count() == WORDS));
}

#[test]
fn a_tracker_that_gives_up_says_why_without_the_number() {
    let abort = json!({ "status": "abort", "message": "3天查询无记录 SF1234567890123", "lastResult": { "nu": "SF1234567890123", "data": [] } });
    assert_eq!(push(&form(&abort), NOW).unwrap().news.given_up.as_deref(), Some("3天查询无记录 …"));
    // Two months without a change: what was told stays.
    let mut old = told();
    old["status"] = "abort".into();
    assert_eq!(push(&form(&old), NOW).unwrap().news.given_up, None);
}

/// Every beginning, every single changed octet, and what is none at all: read or refused, and no panic.
#[test]
fn no_octets_break_the_reader() {
    let whole = form(&told());
    for end in 0..whole.len() {
        let _ = push(&whole[..end], NOW);
    }
    for place in 0..whole.len() {
        for octet in [0, b'%', b'&', b'=', b'"', b'{', 0x80, 0xff] {
            let mut changed = whole.clone();
            changed[place] = octet;
            let _ = push(&changed, NOW);
        }
    }
    for none in [
        &b""[..],
        b"sign=&param=",
        b"sign=00&param={}",
        b"param=%7B%22lastResult%22%3A%7B%22nu%22%3A%22%22%7D%7D&sign=0",
        b"sign=0&param=%7B%22lastResult%22%3A%5B%5D%7D",
        b"sign=0&param=%7B%22lastResult%22%3Anull%7D",
    ] {
        assert!(push(none, NOW).is_none());
    }
    let deep = format!("sign=0&param={}", "[".repeat(60_000));
    assert!(push(deep.as_bytes(), NOW).is_none());
    let odd = json!({ "lastResult": { "nu": 7, "data": [null, 1, "x", [], { "time": 5, "context": {} }] } });
    assert!(push(&form(&odd), NOW).unwrap().news.lines.is_empty());
}
