//! The staff's door: name, password and one-time code, one answer to everything that is wrong, sessions that end.

use crate::browser::Browser;
use crate::clerk::Account;
use crate::house::House;
use app::desk::DeskError;
use app::desk::staff::{Role, StaffView};
use serde_json::json;

async fn sign_in(browser: &Browser, name: &str, password: &str, code: &str) -> crate::answer::Answer {
    let arguments = json!({ "name": name, "password": password, "one_time_code": code });
    browser.call("staff/sign_in", arguments).await
}

async fn who(browser: &Browser) -> Option<StaffView> {
    browser.call("staff/who", json!({})).await.given()
}

#[tokio::test]
async fn whatever_is_wrong_the_answer_is_the_same() {
    let house = House::open().await;
    let town = &house.staffed().await.town;
    let (reviewer, other) = (Account::of(town, "shenhe"), Account::of(town, "shenhe2"));
    let browser = town.browser();
    let code = reviewer.one_time_code(town);
    let mut bodies = Vec::new();
    for (name, password, code) in [
        ("nobody", reviewer.password.as_str(), code.as_str()),
        ("shenhe", other.password.as_str(), &code),
        ("shenhe2", &other.password, &code),
        ("shenhe", &reviewer.password, "000000"),
        ("shenhe", &reviewer.password, ""),
        ("shenhe", "", &code),
    ] {
        let answer = sign_in(&browser, name, password, code).await;
        assert_eq!(answer.refused(401), DeskError::SignInRefused);
        assert!(answer.headers.get("set-cookie").is_none());
        bodies.push(answer.body);
        // After a failure the name waits a moment.
        town.clock.forward_s(4);
    }
    assert!(bodies.iter().all(|body| body == &bodies[0]));
    sign_in(&browser, "shenhe", "x", "1").await.refused(401);
    let waits = sign_in(&browser, "shenhe", &reviewer.password, &reviewer.one_time_code(town)).await;
    assert!(
        matches!(waits.refused(429), DeskError::SlowDown { retry_after_s: 1..=5 }),
        "even with the right words"
    );
}

#[tokio::test]
async fn a_one_time_code_counts_once_and_a_session_ends() {
    let house = House::open().await;
    let town = &house.staffed().await.town;
    let account = Account::of(town, "zhizheng");
    let browser = town.browser();
    assert_eq!(who(&browser).await, None);
    let code = account.one_time_code(town);
    let answer = sign_in(&browser, "zhizheng", &account.password, &code).await;
    let view: StaffView = answer.given();
    assert_eq!(view.roles, [Role::Producer, Role::Dispatcher]);
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("certhall-staff=") && cookie.contains("HttpOnly; SameSite=Strict"),
        "{cookie}"
    );
    assert!(!answer.text().contains(&account.password));
    // Whoever looked over the shoulder comes too late.
    let thief = town.browser();
    assert_eq!(
        sign_in(&thief, "zhizheng", &account.password, &code).await.refused(401),
        DeskError::SignInRefused
    );
    assert_eq!(who(&thief).await, None);
    // Idle, and out (threat 18); a copy of the cookie does not help.
    town.clock.forward_minutes(11);
    assert_eq!(who(&browser).await, Some(view));
    town.clock.forward_minutes(14);
    assert_eq!(who(&browser).await, None);
    sign_in(&browser, "zhizheng", &account.password, &account.one_time_code(town)).await.given::<StaffView>();
    let copy = browser.copy();
    browser.call("staff/sign_out", json!({})).await.given::<()>();
    assert_eq!((who(&browser).await, who(&copy).await), (None, None));
    assert_eq!(copy.call("production/queue", json!({})).await.refused(401), DeskError::SignInAgain);
}
