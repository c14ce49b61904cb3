//! The phone as a second screen (B26): one link, once, for one order at one step, as long as the visit that made it.

use crate::applicant::{Applicant, EVIDENCE};
use crate::browser::Browser;
use crate::house::House;
use crate::picture;
use crate::town::Streets;
use app::desk::DeskError;
use app::desk::evidence::{picture_path, upload_path};
use app::desk::orders::OrderView;
use app::desk::phone::{PhoneLink, PhoneState};
use journey::step::Step;
use reqwest::Method;
use serde_json::json;

async fn at_the_uploads() -> (House, Applicant) {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Evidence).await;
    (house, applicant)
}

/// The secret of a fresh link.
async fn secret(applicant: &Applicant) -> String {
    let link: PhoneLink =
        applicant.browser.call("phone/link", json!({ "number": applicant.number })).await.given();
    let (page, secret) = link.url.split_once('#').expect("the secret is in no log: behind the #");
    assert_eq!(page, format!("{}/phone", applicant.town.url));
    secret.to_owned()
}

async fn open(phone: &Browser, secret: &str) -> crate::answer::Answer {
    phone.call("phone/open", json!({ "secret": secret })).await
}

async fn state(applicant: &Applicant) -> Option<PhoneState> {
    applicant.browser.call("phone/state", json!({ "number": applicant.number })).await.given()
}

async fn view(phone: &Browser, number: &str) -> crate::answer::Answer {
    phone.call("orders/view", json!({ "number": number })).await
}

#[tokio::test]
async fn b26_the_phone_takes_the_photos_and_the_desktop_goes_on() {
    let (house, mut applicant) = at_the_uploads().await;
    assert_eq!(state(&applicant).await, None);
    let secret = secret(&applicant).await;
    assert_eq!(state(&applicant).await.unwrap().opened_at, None);
    let phone = house.town.browser();
    assert_eq!(open(&phone, &secret).await.given::<String>(), applicant.number);
    assert!(state(&applicant).await.unwrap().opened_at.is_some(), "the desktop sees it");
    // What the phone sees: the uploads, the form masked, no button.
    let seen: OrderView = view(&phone, &applicant.number).await.given();
    assert!(seen.moves.is_empty() && !seen.details.agent_phone.contains(&applicant.holder.agent_phone));
    for kind in EVIDENCE {
        let version = view(&phone, &applicant.number).await.given::<OrderView>().version;
        let upload = phone.ours(Method::POST, &upload_path(&applicant.number, kind));
        let upload = upload.header("x-order-version", version).header("content-type", "image/jpeg");
        phone.send(upload.body(picture::scan())).await.given::<OrderView>();
    }
    let seen: OrderView = view(&phone, &applicant.number).await.given();
    let file = seen.evidence[0].file.as_ref().unwrap();
    assert_eq!(phone.get(&picture_path(&file.id)).await.status, 200);
    // Nothing else is in its reach, not even the next step.
    for (function, arguments) in [
        (
            "orders/act",
            json!({ "number": applicant.number, "version": seen.version, "act": "submit_evidence" }),
        ),
        ("orders/withdraw", json!({ "number": applicant.number, "version": seen.version, "reason": null })),
        ("orders/phone/send", json!({ "number": applicant.number })),
        ("phone/link", json!({ "number": applicant.number })),
        ("query/list", json!({})),
    ] {
        assert_eq!(phone.call(function, arguments).await.refused(401), DeskError::SignInAgain, "{function}");
    }
    // The desktop never lost its visit, and finds the photos.
    applicant.see().await;
    applicant.submit().await.given::<OrderView>();
    assert_eq!(
        view(&phone, &applicant.number).await.refused(401),
        DeskError::SignInAgain,
        "the step is over"
    );
    assert_eq!(phone.get(&picture_path(&file.id)).await.refused(401), DeskError::SignInAgain);
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn b26_a_link_is_good_once_and_dies_with_what_it_hangs_on() {
    let (house, mut applicant) = at_the_uploads().await;
    let used = secret(&applicant).await;
    let (first, thief) = (house.town.browser(), house.town.browser());
    open(&first, &used).await.given::<String>();
    assert_eq!(open(&thief, &used).await.refused(404), DeskError::NotFound, "once");
    assert_eq!(open(&thief, "0000").await.refused(404), DeskError::NotFound);
    // Revoked by the desktop.
    applicant.browser.call("phone/revoke", json!({ "number": applicant.number })).await.given::<()>();
    assert_eq!(view(&first, &applicant.number).await.refused(401), DeskError::SignInAgain);
    // A newer link takes the place of the older one.
    let (older, newer) = (secret(&applicant).await, secret(&applicant).await);
    assert_eq!(open(&first, &older).await.refused(404), DeskError::NotFound);
    open(&first, &newer).await.given::<String>();
    // Closed by the phone.
    first.call("phone/close", json!({})).await.given::<()>();
    assert!(first.cookie("certhall-phone").is_none());
    assert_eq!(state(&applicant).await, None);
    // Unopened for ten minutes.
    let late = secret(&applicant).await;
    house.town.clock.forward_minutes(10);
    assert_eq!(open(&first, &late).await.refused(404), DeskError::NotFound);
    // The step was left before the phone came.
    let early = secret(&applicant).await;
    applicant.go_back().await.given::<OrderView>();
    assert_eq!(open(&first, &early).await.refused(404), DeskError::NotFound);
    let link = applicant.browser.call("phone/link", json!({ "number": applicant.number })).await;
    assert_eq!(link.refusal(), "not_here", "no step for a phone");
    // The visit has ended: so has its phone.
    applicant.walk_to(Step::Evidence).await;
    let last = secret(&applicant).await;
    open(&first, &last).await.given::<String>();
    applicant.browser.call("query/leave", json!({})).await.given::<()>();
    assert_eq!(view(&first, &applicant.number).await.refused(401), DeskError::SignInAgain);
}

#[tokio::test]
async fn b26_a_phone_reaches_one_order_and_no_other_of_its_visit() {
    let (house, applicant) = at_the_uploads().await;
    let secret = secret(&applicant).await;
    let phone = house.town.browser();
    open(&phone, &secret).await.given::<String>();
    let mut other = Applicant::new(house.town.clone(), applicant.holder.clone());
    other.walk_to(Step::Evidence).await;
    other.upload_all().await;
    let file = other.see().await.evidence[0].file.clone().unwrap();
    assert_eq!(view(&phone, &other.number).await.refused(401), DeskError::SignInAgain);
    assert_eq!(phone.get(&picture_path(&file.id)).await.refused(404), DeskError::NotFound);
    let upload = phone.ours(Method::POST, &upload_path(&other.number, EVIDENCE[0]));
    assert_eq!(phone.send(upload.body(picture::scan())).await.refused(401), DeskError::SignInAgain);
}
