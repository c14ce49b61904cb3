//! Mandates: what a helper is told to do, by whom and where an order must stand for it.

use crate::answer::Answer;
use crate::browser::Browser;
use crate::house::House;
use crate::review::usual;
use crate::town::Streets;
use crate::workbench::Workbench;
use app::desk::DeskError;
use app::desk::production::{JobView, Personalisation};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use journey::step::Step;
use key::mandate::{Given, Mandate, MandateRefusal};
use key::message::{KeyRef, Request};
use key::station::Station;
use serde_json::{Value, json};

const NONCE: &str = "00112233445566778899aabbccddeeff";

fn read_back() -> Request {
    Request::read_back(KeyRef("soft:A".into()), NONCE.into(), None)
}

fn login() -> Request {
    Request::Login { key: KeyRef("soft:A".into()), pin: None, challenge: NONCE.into() }
}

async fn ask(browser: &Browser, purpose: Value, request: &Request, station: &Station) -> Answer {
    let station_key = BASE64.encode(station.public_key());
    let arguments = json!({ "purpose": purpose, "request": request, "station_key": station_key });
    browser.call("mandates/give", arguments).await
}

fn order(number: &str) -> Value {
    json!({ "for": "order", "number": number })
}

/// The key as an installer fetches it, and the origin it is for.
async fn office_key(house: &House) -> (Vec<u8>, String) {
    let text = house.town.browser().get("/helper/office.json").await;
    let office: Value = serde_json::from_str(&text.text()).unwrap();
    let key = BASE64.decode(office["mandate_key"].as_str().unwrap()).unwrap();
    (key, office["origin"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn r137_only_the_producer_of_a_job_is_given_one_and_only_for_its_key() {
    let (house, mut applicant) = usual().await;
    let (key, origin) = office_key(&house).await;
    let station = Station::start().unwrap();
    let reviewer = house.reviewer().await;
    reviewer.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let (producer, bench) = (house.producer().await, Workbench::set_up().await);
    let number = applicant.number.as_str();
    // Nobody's job yet; then the applicant's own order, which is not theirs to make.
    assert_eq!(
        ask(&producer.browser, order(number), &read_back(), &station).await.refused(404),
        DeskError::NotFound
    );
    producer.take(number).await.given::<JobView>();
    assert_eq!(
        ask(&applicant.browser, order(number), &read_back(), &station).await.refused(409),
        DeskError::Changed
    );
    let refused = ask(&reviewer.browser, order(number), &read_back(), &station).await;
    assert_eq!(refused.refused(401), DeskError::SignInAgain);
    // The producer's, for the key that the office has prepared this order for.
    bench.ask(&producer, number).await.given::<Personalisation>();
    let given: Given = ask(&producer.browser, order(number), &read_back(), &station).await.given();
    let mandate: Mandate = given.open(&key).unwrap();
    let now = u64::try_from(server::clock::Clock::now(&*house.town.clock).millis() / 1000).unwrap();
    assert_eq!(mandate.covers(&origin, &read_back(), &station.public_key(), now), Ok(()));
    assert_eq!(mandate.key_serial.as_deref(), Some(bench.serial.as_str()));
    assert_eq!((mandate.order.as_deref(), mandate.step.as_deref()), (Some(number), Some("production")));
    assert!(mandate.purpose.contains(number) && mandate.purpose.contains("回读校验"), "{}", mandate.purpose);
    // Not for the verbs of another step, and never with a changed word.
    assert_eq!(
        ask(&producer.browser, order(number), &login(), &station).await.refused(409),
        DeskError::Changed
    );
    let bent = Given { text: given.text.replace(number, "202611220000000000"), ..given };
    assert_eq!(bent.open(&key), Err(MandateRefusal::Signature));
}

#[tokio::test]
async fn r129_a_request_with_a_pin_gets_nothing_and_looking_needs_nothing() {
    let house = House::open().await;
    let (station, browser) = (Station::start().unwrap(), house.town.browser());
    let sign_in = || json!({ "for": "sign_in" });
    assert!(
        ask(&browser, sign_in(), &login(), &station).await.given::<Given>().text.contains("登录证书大厅")
    );
    let with_pin = Request::Login {
        key: KeyRef("soft:A".into()),
        pin: Some(key::Pin::new("Kx7uQ92m")),
        challenge: NONCE.into(),
    };
    for request in [with_pin, Request::ListKeys {}] {
        let answer = ask(&browser, sign_in(), &request, &station).await;
        assert!((400..500).contains(&answer.status) && !answer.text().contains("Kx7uQ92m"));
    }
    // What belongs to no order is only what a holder does at their own key.
    assert_eq!(ask(&browser, sign_in(), &read_back(), &station).await.refused(403), DeskError::NotYourDesk);
}

#[tokio::test]
async fn who_asks_again_and_again_waits_and_others_do_not() {
    let (house, applicant) = usual().await;
    let (station, browser) = (Station::start().unwrap(), house.town.browser());
    let sign_in = || json!({ "for": "sign_in" });
    for _ in 0..server::mandates::MANDATES {
        ask(&browser, sign_in(), &login(), &station).await.given::<Given>();
    }
    let waits = ask(&browser, sign_in(), &login(), &station).await.refused(429);
    let DeskError::SlowDown { retry_after_s } = waits else { panic!("{waits:?}") };
    assert!((1..=300).contains(&retry_after_s));
    // An order of one's own has a count of its own, and so has every other visit.
    let of_the_order = ask(&applicant.browser, order(&applicant.number), &login(), &station).await;
    assert_eq!(of_the_order.refused(409), DeskError::Changed);
    house.town.clock.forward_minutes(5);
    ask(&browser, sign_in(), &login(), &station).await.given::<Given>();
}
