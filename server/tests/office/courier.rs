//! The courier's own news of a parcel (R034, S08, B24): pushed, asked for, forged, late and twice; and what follows.

use crate::applicant::Applicant;
use crate::clerk::Clerk;
use crate::house::House;
use crate::review::usual;
use crate::town::{Streets, until};
use crate::workbench::Workbench;
use app::desk::DeskError;
use app::desk::orders::{OrderView, ParcelView};
use app::desk::parcels::{CourierView, ParcelLine, ScanState};
use journey::order::Standing;
use journey::step::Step;
use reqwest::Method;
use serde_json::{Value, json};

const BILL: &str = "SF1234567890123";

/// A verified key on dispatch's desk, its applicant, and who dispatches.
async fn at_dispatch() -> (House, Applicant, Clerk) {
    let (house, mut applicant) = usual().await;
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let clerk = house.producer().await;
    Workbench::set_up().await.make(&clerk, &applicant.number).await;
    (house, applicant, clerk)
}

/// It has left, and the tracker knows of it.
async fn shipped() -> (House, Applicant, Clerk) {
    let (house, applicant, clerk) = Box::pin(at_dispatch()).await;
    clerk.ship(&applicant.number, "顺丰速运", BILL).await.given::<()>();
    let outside = &house.town.outside;
    until("the subscription", || async { outside.parcels().await.first().cloned() }).await;
    (house, applicant, clerk)
}

/// Waits until the newest news is of this state.
async fn at(applicant: &mut Applicant, state: ScanState) -> ParcelView {
    let newest = |view: &OrderView| view.parcel.as_ref()?.scans.first().map(|scan| scan.state);
    let view = applicant.until(state.code(), |view| newest(view) == Some(state)).await;
    view.parcel.unwrap()
}

fn states(parcel: &ParcelView) -> Vec<ScanState> {
    parcel.scans.iter().map(|scan| scan.state).collect()
}

/// How much the office knows of its way: a visit does not last for days.
async fn scans(house: &House, number: &str) -> usize {
    let row = house.row(number).await;
    let mut reader = house.office.ground.store.read().await.unwrap();
    server::follow_up::scans(&mut reader, &row.id, BILL).await.unwrap().len()
}

/// The tracker takes no subscription, so many times.
fn refusing(count: u32) -> Value {
    json!({ "courier": { "answer": { "fault": "server_error", "on": ["subscribe"], "count": count } } })
}

/// What somebody posts to the door.
async fn post(house: &House, body: String) -> (u16, String) {
    let browser = house.town.browser();
    let request = browser.bare(Method::POST, "/notify/courier");
    let form = "application/x-www-form-urlencoded";
    let answer = browser.send(request.header("content-type", form).body(body)).await;
    (answer.status, answer.text())
}

/// The pushes of this parcel that the office answered so, oldest first.
async fn pushes(house: &House, status: u16) -> Vec<String> {
    let mut all = house.town.outside.exchanges(BILL).await;
    all.retain(|entry| entry["action"] == "push" && entry["status"] == status);
    all.iter().map(|entry| entry["request"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn r034_s08_a_parcel_goes_with_a_courier_of_the_list_under_a_number_of_its_own() {
    let (house, mut applicant, clerk) = Box::pin(at_dispatch()).await;
    let couriers: Vec<CourierView> = clerk.browser.call("dispatch/couriers", json!({})).await.given();
    assert_eq!(couriers[0], CourierView { name: "顺丰速运".into(), code: "shunfeng".into() });
    for (courier, bill, field) in [
        ("飞鸽传书", BILL, ("courier", "courier_unknown")),
        ("EMS", BILL, ("waybill", "waybill_of_another")),
        ("顺丰速运", "JD0012345678901", ("waybill", "waybill_of_another")),
        ("顺丰速运", "SF 123", ("waybill", "waybill_invalid")),
    ] {
        let fields = clerk.ship(&applicant.number, courier, bill).await.fields();
        assert_eq!((fields[0].0.as_str(), fields[0].1.as_str()), field, "{courier} {bill}");
    }
    clerk.ship(&applicant.number, "顺丰速运", "sf 1234 5678 90123").await.given::<()>();
    let outside = &house.town.outside;
    let parcel = until("the subscription", || async { outside.parcels().await.first().cloned() }).await;
    assert_eq!((&parcel["company"], &parcel["number"]), (&json!("shunfeng"), &json!(BILL)));
    assert!(
        applicant
            .holder
            .form(applicant.method, "1")
            .recipient_phone
            .ends_with(parcel["phone"].as_str().unwrap())
    );
    let view = applicant.see().await.parcel.unwrap();
    let following = view.following.unwrap();
    assert!(view.scans.is_empty() && following.heard_at.is_none() && !following.lost_track);
    assert!(following.page.unwrap().ends_with(&format!("/courier?number={BILL}")));
}

#[tokio::test]
async fn r034_b24_the_courier_tells_the_way_and_signed_for_confirms_by_itself() {
    let (house, mut applicant, clerk) = shipped().await;
    let outside = &house.town.outside;
    for (state, scan) in [
        ("collected", ScanState::Collected),
        ("in_transit", ScanState::InTransit),
        ("out_for_delivery", ScanState::OutForDelivery),
        ("delivered", ScanState::Delivered),
    ] {
        outside.move_parcel(BILL, state).await;
        at(&mut applicant, scan).await;
    }
    let parcel = applicant.see().await.parcel.unwrap();
    let way = [ScanState::Delivered, ScanState::OutForDelivery, ScanState::InTransit, ScanState::Collected];
    assert_eq!(states(&parcel), way);
    assert!(parcel.scans[1].place.contains("派送途中"), "{:?}", parcel.scans);
    assert!(parcel.following.unwrap().heard_at.is_some());
    let lines: Vec<ParcelLine> = clerk.browser.call("dispatch/under_way", json!({})).await.given();
    assert_eq!(lines[0].last.as_ref().unwrap().state, ScanState::Delivered);
    // Its applicant may still say so; who says nothing is taken at the courier's word.
    let told = outside.messages_of(&applicant.holder.agent_phone, "notice", 1).await;
    assert!(told.last().unwrap().text.contains("快递已签收"), "{}", told.last().unwrap().text);
    assert_eq!(applicant.see().await.standing, Standing::Open(Step::Receipt));
    house.town.clock.forward_minutes(3 * 24 * 60 + 1);
    until("the order to be received", || async {
        (house.row(&applicant.number).await.order.standing == Standing::Completed).then_some(())
    })
    .await;
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn s08_a_push_counts_signed_and_once_and_in_any_order() {
    let (house, mut applicant, _) = shipped().await;
    let outside = &house.town.outside;
    for switch in ["notice_forged", "notice_tampered_amount"] {
        outside.faults(json!({ "clear": true, "courier": { switch: true } })).await;
        let before = pushes(&house, 400).await.len();
        outside.move_parcel(BILL, "in_transit").await;
        until(switch, || async { (pushes(&house, 400).await.len() > before).then_some(()) }).await;
        assert!(applicant.see().await.parcel.unwrap().scans.is_empty(), "{switch}");
    }
    outside.faults(json!({ "clear": true, "courier": { "notice_copies": 9 } })).await;
    outside.move_parcel(BILL, "out_for_delivery").await;
    assert_eq!(at(&mut applicant, ScanState::OutForDelivery).await.scans.len(), 3, "ten at once are one");
    outside.no_faults().await;
    outside.move_parcel(BILL, "delivered").await;
    let whole = at(&mut applicant, ScanState::Delivered).await;
    // The door again, from outside: an older genuine one after the newer, and the newest once more.
    let all =
        until("all pushes", || async { Some(pushes(&house, 200).await).filter(|all| all.len() > 10) }).await;
    for genuine in [&all[0], all.last().unwrap(), &all[0]] {
        let (status, answer) = post(&house, genuine.clone()).await;
        assert_eq!((status, &*answer), (200, r#"{"result":true,"returnCode":"200","message":"成功"}"#));
    }
    assert_eq!(applicant.see().await.parcel.unwrap().scans, whole.scans);
    // 签收 then 派件.
    outside.move_parcel(BILL, "out_for_delivery").await;
    until("the late push", || async { (pushes(&house, 200).await.len() > all.len()).then_some(()) }).await;
    house.errands_rest().await;
    assert_eq!(applicant.see().await.parcel.unwrap().scans, whole.scans);
    let told = outside.messages(&applicant.holder.agent_phone).await;
    assert_eq!(told.iter().filter(|sms| sms.text.contains("快递已签收")).count(), 1);
}

#[tokio::test]
async fn s08_a_stranger_at_the_couriers_door_learns_nothing() {
    let (house, mut applicant, _) = shipped().await;
    let param = |number: &str| {
        let line = json!({ "time": "2026-11-23 09:00:00", "context": "x", "statusCode": "301" });
        json!({ "status": "shutdown", "lastResult": { "nu": number, "state": "3", "data": [line] } })
            .to_string()
    };
    let form = |sign: &str, param: &str| {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("sign", sign), ("param", param)])
            .finish()
    };
    let zeros = "0".repeat(32);
    let known = post(&house, form(&zeros, &param(BILL))).await;
    assert_eq!(known.0, 400);
    for body in [
        form(&zeros, &param("SF9999999999999")),
        form("", &param(BILL)),
        "x".into(),
        String::new(),
        form(&zeros, "{}"),
    ] {
        assert_eq!(post(&house, body).await, known);
    }
    assert!(applicant.see().await.parcel.unwrap().scans.is_empty());
    let answer = house.town.browser().call("orders/parcel/ask", json!({ "number": applicant.number })).await;
    assert_eq!(answer.refused(401), DeskError::SignInAgain);
}

#[tokio::test]
async fn r034_a_silent_courier_is_asked_after_a_day_and_by_its_applicant_now_and_then() {
    let (house, applicant, _) = shipped().await;
    let outside = &house.town.outside;
    let ask = || applicant.browser.call("orders/parcel/ask", json!({ "number": applicant.number }));
    // Not collected yet: an answer, and no news.
    let parcel = ask().await.given::<OrderView>().parcel.unwrap();
    assert!(parcel.scans.is_empty() && parcel.following.unwrap().again_at.is_some());
    assert!(
        matches!(ask().await.refused(429), DeskError::SlowDown { retry_after_s } if retry_after_s > 1700)
    );
    outside.faults(json!({ "courier": { "notice_dropped": true } })).await;
    outside.move_parcel(BILL, "collected").await;
    // A visit idles out after half an hour.
    house.town.clock.forward_minutes(29);
    applicant.view().await.given::<OrderView>();
    house.town.clock.forward_minutes(2);
    outside.faults(json!({ "courier": { "answer": { "fault": "html_page", "count": 1 } } })).await;
    assert_eq!(ask().await.refused(502), DeskError::PartnerAway { partner: "courier".into() });
    house.town.clock.forward_minutes(3);
    let parcel = ask().await.given::<OrderView>().parcel.unwrap();
    assert_eq!(states(&parcel), [ScanState::Collected], "nobody pushed it");
    outside.move_parcel(BILL, "in_transit").await;
    // A day without a word.
    house.town.clock.forward_minutes(24 * 60 + 1);
    until("the office to ask", || async { (scans(&house, &applicant.number).await == 2).then_some(()) })
        .await;
}

#[tokio::test]
async fn r034_b24_what_comes_back_is_told_stands_first_and_leaves_again() {
    let (house, mut applicant, clerk) = shipped().await;
    let outside = &house.town.outside;
    assert_eq!(clerk.ship(&applicant.number, "顺丰速运", "SF1234567890124").await.refusal(), "not_here");
    let said = ["电话畅通", "被拒收", "已退回"];
    for (place, (state, scan)) in [
        ("troubled", ScanState::Troubled),
        ("refused", ScanState::Refused),
        ("returned", ScanState::Returned),
    ]
    .into_iter()
    .enumerate()
    {
        outside.move_parcel(BILL, state).await;
        at(&mut applicant, scan).await;
        let lines: Vec<ParcelLine> = clerk.browser.call("dispatch/under_way", json!({})).await.given();
        assert!(lines[0].last.as_ref().unwrap().state.wants_care(), "{state}");
        let told = outside.messages_of(&applicant.holder.agent_phone, "notice", place + 1).await;
        assert!(told[place].text.contains(said[place]), "{}", told[place].text);
    }
    // The sender signs for it: that is no receipt.
    outside.move_parcel(BILL, "delivered").await;
    assert_eq!(clerk.ship(&applicant.number, "顺丰速运", BILL).await.fields()[0].1, "waybill_again");
    clerk.ship(&applicant.number, "EMS", "1183904561012").await.given::<()>();
    let parcel = applicant.see().await.parcel.unwrap();
    assert_eq!((parcel.waybill.as_str(), parcel.scans.len()), ("1183904561012", 0));
    until("the second subscription", || async { (outside.parcels().await.len() == 2).then_some(()) }).await;
    outside.move_parcel("1183904561012", "delivered").await;
    at(&mut applicant, ScanState::Delivered).await;
    applicant.receive().await.given::<OrderView>();
    assert_eq!(applicant.see().await.standing, Standing::Completed);
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn s08_a_courier_that_refuses_or_fails_holds_nothing_up() {
    let (house, mut applicant, clerk) = Box::pin(at_dispatch()).await;
    let outside = &house.town.outside;
    outside.faults(refusing(1)).await;
    clerk.ship(&applicant.number, "顺丰速运", BILL).await.given::<()>();
    assert_eq!(applicant.until_at(Step::Receipt).await.parcel.unwrap().waybill, BILL);
    house.town.clock.forward_minutes(1);
    until("another try", || async { outside.parcels().await.first().cloned() }).await;
    // What dispatch takes down itself counts beside it.
    let arguments = json!({ "number": applicant.number, "state": "in_transit", "place": "北京" });
    clerk.browser.call("dispatch/track", arguments).await.given::<()>();
    assert_eq!(states(&applicant.see().await.parcel.unwrap()), [ScanState::InTransit]);
    let history = outside.exchanges(BILL).await;
    assert!(!history.iter().any(|entry| entry["answer"].as_str().unwrap().contains("600")), "{history:?}");
}

#[tokio::test]
async fn s08_a_tracker_that_was_away_when_the_parcel_left_is_subscribed_to_a_day_later() {
    let (house, mut applicant, clerk) = Box::pin(at_dispatch()).await;
    let outside = &house.town.outside;
    outside.faults(refusing(1000)).await;
    clerk.ship(&applicant.number, "顺丰速运", BILL).await.given::<()>();
    applicant.until_at(Step::Receipt).await;
    house.town.clock.forward_minutes(23 * 60);
    assert!(outside.parcels().await.is_empty());
    outside.no_faults().await;
    house.town.clock.forward_minutes(61);
    until("the subscription", || async { outside.parcels().await.first().cloned() }).await;
    outside.move_parcel(BILL, "collected").await;
    until("the news", || async { (scans(&house, &applicant.number).await == 1).then_some(()) }).await;
}
