//! Who may: other people's orders, roles, visits that end (threats 6, 18).

use crate::applicant::Applicant;
use crate::browser::Browser;
use crate::house::House;
use crate::key_holder::of_a_key_order;
use crate::town::Streets;
use app::desk::DeskError;
use app::desk::orders::OrderView;
use journey::step::Step;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Every server function of an applicant that takes an order's number.
fn of_an_order(number: &str) -> Vec<(&'static str, Value)> {
    let mut all = vec![
        ("orders/view", json!({ "number": number })),
        ("orders/draft", json!({ "number": number, "details": {} })),
        ("orders/phone/send", json!({ "number": number })),
        ("orders/accept_seal", json!({ "number": number, "file": "0" })),
        ("orders/phone/check", json!({ "number": number, "code": "123456" })),
        ("orders/passcode/again", json!({ "number": number })),
        ("orders/parcel/ask", json!({ "number": number })),
        ("orders/invoice/again", json!({ "number": number })),
        ("orders/invoice/code", json!({ "number": number })),
        (
            "orders/invoice/elsewhere",
            json!({ "number": number, "mailbox": "a@example.cn", "code": "123456" }),
        ),
        ("orders/withdraw", json!({ "number": number, "version": 1, "reason": null })),
        ("privacy/ledger", json!({ "number": number })),
        ("privacy/withdraw", json!({ "number": number, "version": 1 })),
        ("phone/link", json!({ "number": number })),
        ("phone/state", json!({ "number": number })),
        ("phone/revoke", json!({ "number": number })),
        ("payments/channels", json!({ "number": number })),
        ("payments/open", json!({ "number": number, "channel": "alipay" })),
        ("payments/ask", json!({ "number": number })),
        ("identity/view", json!({ "number": number })),
        ("identity/send", json!({ "number": number })),
        ("identity/enter", json!({ "number": number, "code": "123456" })),
        ("agent/view", json!({ "number": number })),
        ("agent/code", json!({ "number": number, "to": { "to": "legal_person" } })),
        ("agent/ask", json!({ "number": number, "form": {} })),
        ("agent/object", json!({ "number": number })),
        ("lost/found/view", json!({ "number": number })),
        ("lost/found/prove", json!({ "number": number, "version": 1, "proof": {} })),
        ("unblock/view", json!({ "number": number })),
        ("unblock/present", json!({ "number": number, "key_serial": "SK1" })),
        ("unblock/enter", json!({ "number": number, "version": 1, "proof": null })),
        ("unblock/other_way", json!({ "number": number, "version": 1 })),
        ("unblock/release", json!({ "number": number, "key_serial": "SK1", "station_key": "AA==" })),
        ("unblock/confirm", json!({ "number": number, "proof": { "key_serial": "SK1", "signature": "" } })),
    ];
    all.extend(of_a_key_order(number));
    let purpose = json!({ "for": "order", "number": number });
    let request = json!({ "verb": "verify_pin", "key": "soft:SK1" });
    let mandate = json!({ "purpose": purpose, "request": request, "station_key": "AA==" });
    all.push(("mandates/give", mandate));
    all.extend(crate::replacer::calls(number));
    for act in ["confirm_order", "change", "submit_evidence", "withdraw", "confirm_receipt"] {
        all.push(("orders/act", json!({ "number": number, "version": 1, "act": act })));
    }
    all
}

/// Every server function of the staff.
fn of_the_staff(number: &str) -> Vec<(&'static str, Value)> {
    let order = json!({ "number": number });
    let mut all: Vec<(&str, Value)> = vec![
        ("review/queue", json!({})),
        ("production/queue", json!({})),
        ("dispatch/queue", json!({})),
        ("review/reveal", json!({ "number": number, "reason": "核对信息" })),
        ("review/decide", json!({ "number": number, "version": 1, "verdict": { "verdict": "pass" } })),
        ("production/personalise", json!({ "number": number, "key_serial": "SK1", "station_key": "AA==" })),
        ("production/issue", json!({ "number": number, "key_serial": "SK1", "request": null })),
        (
            "production/verify",
            json!({ "number": number, "proof": {
                "key_serial": "SK1", "sign_certificate": "", "encrypt_certificate": "", "signature": "",
            }}),
        ),
        ("registrar/find", json!({ "query": "202611221234567890" })),
        (
            "registrar/change",
            json!({ "serial": "4a0b1c2d", "act": { "act": "suspend" }, "why": "持有者报失" }),
        ),
        ("recovery/list", json!({})),
        ("recovery/case", json!({ "number": "KR1" })),
        ("recovery/approve", json!({ "number": "KR1", "one_time_code": "123456" })),
        ("recovery/refuse", json!({ "number": "KR1", "reason": "文书不全" })),
        ("recovery/file", json!({ "form": app::desk::recovery::RecoveryForm::default() })),
        ("dispatch/under_way", json!({})),
        ("dispatch/couriers", json!({})),
        ("dispatch/track", json!({ "number": number, "state": "in_transit", "place": "" })),
        ("dispatch/ship", json!({ "number": number, "courier": "EMS", "waybill": "12345678" })),
    ];
    all.extend(crate::finance::calls(number));
    for function in [
        "review/case",
        "review/claim",
        "review/release",
        "production/job",
        "production/take",
        "production/release",
    ] {
        all.push((function, order.clone()));
    }
    all
}

/// Those that name no order.
const OF_NO_ORDER: [&str; 26] = [
    "phone/open",
    "phone/close",
    "catalogue",
    "held/test",
    "held/test/check",
    "held/look",
    "held/start",
    "lost/check",
    "lost/found",
    "lost/hold",
    "lost/list",
    "lost/send",
    "orders/start",
    "query/send",
    "query/check",
    "query/list",
    "query/leave",
    "replacement/reference",
    "replacement/start",
    "replacement/terms",
    "staff/sign_in",
    "staff/sign_out",
    "staff/who",
    "trust/check",
    "trust/statement",
    "trust/view",
];

#[tokio::test]
async fn no_server_function_is_missing_in_these_tables() {
    let mut known: BTreeSet<String> = OF_NO_ORDER.iter().map(|name| (*name).to_owned()).collect();
    known.extend(of_an_order("").into_iter().chain(of_the_staff("")).map(|(name, _)| name.to_owned()));
    // Its arguments must be whole before the desk is asked; see below.
    known.insert("orders/details".to_owned());
    let there: BTreeSet<String> = server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.trim_start_matches("/api/").to_owned())
        .collect();
    assert_eq!(there, known, "a new function needs its line here");
}

#[tokio::test]
async fn somebody_elses_order_is_not_found_whatever_is_asked() {
    let house = House::open().await;
    let mut owner = house.applicant();
    owner.walk_to(Step::Review).await;
    house.town.outside.mail_about(&owner.holder.email, "电子发票").await;
    let before = owner.see().await;
    // A stranger who has an order of their own, and one who has nothing.
    let mut stranger = house.applicant();
    stranger.start().await.given::<String>();
    let nobody = house.town.browser();
    let number = owner.number.as_str();
    // The same answer as for a number that was never given out.
    for number in [number, "202611229999999999", "", "' OR 1=1 --", "../../etc/passwd"] {
        for (function, arguments) in of_an_order(number) {
            let answer = stranger.browser.call(function, arguments.clone()).await;
            assert_eq!(answer.refused(404), DeskError::NotFound, "{function} {number}");
            let answer = nobody.call(function, arguments).await;
            assert_eq!(answer.refused(401), DeskError::SignInAgain, "{function} {number}");
        }
    }
    let details = json!({ "number": number, "version": before.version, "details": stranger.form().await });
    assert_eq!(stranger.browser.call("orders/details", details).await.refused(404), DeskError::NotFound);
    for path in [format!("/files/invoice/{number}.pdf"), format!("/files/invoice/{number}.xml")] {
        assert_eq!(owner.browser.get(&path).await.status, 200);
        assert_eq!(stranger.browser.get(&path).await.refused(404), DeskError::NotFound, "{path}");
        assert_eq!(nobody.get(&path).await.refused(401), DeskError::SignInAgain, "{path}");
    }
    let upload = format!("/files/evidence/{number}/business_licence");
    for method in [Method::POST, Method::DELETE] {
        let answer = stranger.browser.send(stranger.browser.ours(method, &upload).body("x")).await;
        assert_eq!(answer.refused(404), DeskError::NotFound);
    }
    // The page in the browser says nothing of it either.
    let page = stranger.browser.get(&format!("/orders/{number}")).await;
    assert!(!page.text().contains(&owner.holder.name), "{}", page.text());
    assert!(owner.browser.get(&format!("/orders/{number}")).await.text().contains(&owner.holder.name));
    let after = owner.see().await;
    assert_eq!((after.version, after.standing), (before.version, before.standing), "and nothing has moved");
}

#[tokio::test]
async fn the_staffs_desks_are_for_their_roles() {
    let house = House::open().await;
    house.staffed().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Review).await;
    let before = applicant.see().await;
    let (reviewer, producer) = (house.reviewer().await, house.producer().await);
    for (function, arguments) in of_the_staff(&applicant.number) {
        for visitor in [&applicant.browser, &house.town.browser()] {
            let answer = visitor.call(function, arguments.clone()).await;
            assert_eq!(answer.refused(401), DeskError::SignInAgain, "{function}");
        }
        let other = if function.starts_with("review/") { &producer } else { &reviewer };
        let answer = other.browser.call(function, arguments).await;
        assert_eq!(answer.refused(403), DeskError::NotYourDesk, "{function}");
    }
    let after = applicant.see().await;
    assert_eq!((after.version, after.standing), (before.version, before.standing), "nothing has moved");
}

async fn sees(browser: &Browser, number: &str) -> bool {
    let answer = browser.call("orders/view", json!({ "number": number })).await;
    if answer.status == 200 {
        answer.given::<OrderView>();
    } else {
        assert_eq!(answer.refused(401), DeskError::SignInAgain);
    }
    answer.status == 200
}

#[tokio::test]
async fn a_visit_ends_by_idleness_by_age_and_by_leaving() {
    let house = House::open().await;
    let clock = &house.town.clock;
    let start = async || -> Applicant {
        let mut applicant = house.applicant();
        applicant.start().await.given::<String>();
        applicant
    };
    let idle = start().await;
    clock.forward_minutes(29);
    assert!(sees(&idle.browser, &idle.number).await);
    clock.forward_minutes(29);
    assert!(sees(&idle.browser, &idle.number).await, "seen meanwhile");
    clock.forward_minutes(31);
    assert!(!sees(&idle.browser, &idle.number).await, "A51: half an hour");

    let busy = start().await;
    for _ in 0..25 {
        clock.forward_minutes(28);
        assert!(sees(&busy.browser, &busy.number).await);
    }
    clock.forward_minutes(28);
    assert!(!sees(&busy.browser, &busy.number).await, "twelve hours at the most");

    // On a shared computer: whoever kept the cookie has nothing.
    let leaving = start().await;
    let kept = leaving.browser.copy();
    let left = leaving.browser.call("query/leave", json!({})).await;
    assert_eq!(left.headers["clear-site-data"], "\"storage\"");
    assert!(leaving.browser.cookie("certhall").is_none());
    assert!(!sees(&kept, &leaving.number).await);
}

#[tokio::test]
async fn a_visits_token_changes_when_it_may_see_more() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.start().await.given::<String>();
    let first = applicant.number.clone();
    let (old, token) = (applicant.browser.copy(), applicant.browser.cookie("certhall").unwrap());
    applicant.start().await.given::<String>();
    assert_ne!(applicant.browser.cookie("certhall").unwrap(), token);
    assert!(sees(&applicant.browser, &first).await, "what it could see, it still can");
    assert!(sees(&applicant.browser, &applicant.number).await);
    assert!(!sees(&old, &first).await, "whoever knew the old token knows nothing now");
    // A token that somebody made up opens nothing and is not taken over.
    let planted = house.town.browser();
    let request = planted
        .ours(Method::POST, "/api/orders/start")
        .header("cookie", format!("certhall={}", "ab".repeat(32)));
    let request = request.header("content-type", "application/json");
    planted.send(request.body(r#"{"service":"application","party":"organisation"}"#)).await.given::<String>();
    assert_ne!(planted.cookie("certhall").unwrap(), "ab".repeat(32));
}
