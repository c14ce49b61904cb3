//! 证书管理: found in every spelling, suspended, resumed and revoked with a reason that stays, and the list of everything
//! issued with its digest (C11, C22).

use crate::answer::Answer;
use crate::clerk::{Account, Clerk};
use crate::house::House;
use crate::review::usual;
use crate::town::{Streets, until};
use crate::workbench::Workbench;
use app::desk::DeskError;
use app::desk::error::{FieldError, StandingRefusal};
use app::desk::registrar::{IssuedFor, PairView, RecordState};
use certificate::{Certificate, sm3};
use journey::step::Step;
use serde_json::{Value, json};

/// An order whose key is proven: its number, the signing certificate's serial, the key's serial.
async fn issued() -> (House, String, String, String) {
    let (house, mut applicant) = usual().await;
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let mut bench = Workbench::set_up().await;
    bench.make(&house.producer().await, &applicant.number).await;
    let serial = Certificate::from_der(&bench.certificates().await.0).unwrap().serial_hex();
    (house, applicant.number, serial, bench.serial.clone())
}

async fn registrar(house: &House) -> Clerk {
    Clerk::sign_in(&house.town, "zhengguan").await
}

async fn find(clerk: &Clerk, query: &str) -> Vec<PairView> {
    clerk.browser.call("registrar/find", json!({ "query": query })).await.given()
}

async fn change(clerk: &Clerk, serial: &str, act: Value, why: &str) -> Answer {
    clerk.browser.call("registrar/change", json!({ "serial": serial, "act": act, "why": why })).await
}

fn states(pairs: &[PairView]) -> Vec<RecordState> {
    pairs.iter().flat_map(|pair| &pair.certificates).map(|one| one.state).collect()
}

/// Activation is an errand after the proof.
async fn counted(clerk: &Clerk, number: &str) {
    let active = || async { (states(&find(clerk, number).await) == [RecordState::Active; 2]).then_some(()) };
    until("the activation", active).await;
}

#[tokio::test]
async fn c11_found_in_every_spelling() {
    let (house, number, serial, key) = issued().await;
    let clerk = registrar(&house).await;
    counted(&clerk, &number).await;
    let colons: Vec<String> = serial
        .to_uppercase()
        .as_bytes()
        .chunks(2)
        .map(|two| String::from_utf8_lossy(two).into_owned())
        .collect();
    for query in [number.clone(), format!(" {serial} "), colons.join(":"), colons.join(" "), key] {
        let pairs = find(&clerk, &query).await;
        assert_eq!(
            (pairs.len(), &pairs[0].case),
            (1, &IssuedFor::Order { number: number.clone() }),
            "{query}"
        );
        let slots: Vec<_> = pairs[0].certificates.iter().map(|one| one.slot.as_str()).collect();
        assert_eq!(
            (slots, pairs[0].certificates[0].serial.as_str()),
            (vec!["sign", "encrypt"], serial.as_str())
        );
    }
    for nothing in ["", "4a00000000000000000000000000beef", "202611229999999999", "nobody"] {
        assert_eq!(find(&clerk, nothing).await, [], "{nothing}");
    }
}

#[tokio::test]
async fn c11_changed_with_a_reason_that_stays_and_revoked_with_a_fresh_number() {
    let (house, number, serial, _) = issued().await;
    let clerk = registrar(&house).await;
    counted(&clerk, &number).await;
    let suspend = json!({ "act": "suspend" });
    assert_eq!(
        change(&clerk, &serial, suspend.clone(), " ").await.fields(),
        [("why".into(), "too_short".into())]
    );
    let held: Vec<PairView> = change(&clerk, &serial, suspend.clone(), "持有者报失").await.given();
    assert_eq!(states(&held), [RecordState::OnHold; 2]);
    let again = change(&clerk, &serial, suspend, "持有者报失").await.refused(409);
    assert_eq!(again, DeskError::Standing(StandingRefusal::AlreadyOnHold));
    let back: Vec<PairView> = change(&clerk, &serial, json!({ "act": "resume" }), "已找到").await.given();
    assert_eq!(states(&back), [RecordState::Active; 2]);

    // For ever: a number of the authenticator that was not used yet.
    let account = Account::of(&house.town, "zhengguan");
    let revoke = |code: &str| json!({ "act": "revoke", "reason": "key_compromise", "one_time_code": code });
    let wrong = vec![FieldError { field: "one_time_code".into(), code: "one_time_code_wrong".into() }];
    house.town.clock.forward_s(60);
    let refused = change(&clerk, &serial, revoke("12345"), "私钥泄露").await;
    assert_eq!(refused.refused(422), DeskError::Fields(wrong));
    assert_eq!(states(&find(&clerk, &number).await), [RecordState::Active; 2]);
    house.town.clock.forward_s(60);
    let odd = json!({ "act": "revoke", "reason": "certificate_hold", "one_time_code": account.one_time_code(&house.town) });
    let no = change(&clerk, &serial, odd, "不适用的事由").await.refused(409);
    assert_eq!(no, DeskError::Standing(StandingRefusal::Reason), "and the number is not used up");
    let code = account.one_time_code(&house.town);
    let revoked: Vec<PairView> = change(&clerk, &serial, revoke(&code), "私钥泄露").await.given();
    assert_eq!(states(&revoked), [RecordState::Revoked; 2]);
    let life: Vec<_> = revoked[0].certificates[0]
        .life
        .iter()
        .map(|line| (line.status.as_str(), line.by.as_str(), line.why.as_str()))
        .collect();
    assert_eq!(
        life,
        [
            ("on_hold", "zhengguan", "持有者报失"),
            ("good", "zhengguan", "已找到"),
            ("revoked", "zhengguan", "私钥泄露")
        ]
    );
    assert_eq!(revoked[0].certificates[0].reason.as_deref(), Some("key_compromise"));
}

#[tokio::test]
async fn c22_the_list_of_everything_issued_shows_when_it_was_changed() {
    let (house, number, serial, _) = issued().await;
    let clerk = registrar(&house).await;
    let csv = clerk.browser.get("/files/certificates.csv").await;
    assert_eq!((csv.status, csv.headers["content-type"].to_str().unwrap()), (200, "text/csv; charset=utf-8"));
    let text = csv.text();
    let (above, end) = text.trim_end().rsplit_once('\n').unwrap();
    let digest = hex::encode(sm3(format!("{above}\n").as_bytes()));
    assert!(end.starts_with("#,") && end.contains(&digest) && end.contains(",rows,2,"), "{end}");
    assert!(
        above.starts_with("\u{feff}serial,issuer,profile,")
            && above.contains(&serial)
            && above.contains(&number)
    );
    let text = clerk.browser.get("/files/certificates.json").await.text();
    let list: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((list["count"].as_u64(), list["certificates"].as_array().unwrap().len()), (Some(2), 2));
    let array =
        text.split_once("\"certificates\":").and_then(|(_, rest)| rest.rsplit_once(",\"count\"")).unwrap().0;
    assert_eq!(list["sm3_of_certificates"], hex::encode(sm3(array.as_bytes())));
    // For registrars alone.
    for path in ["/files/certificates.csv", "/files/certificates.json"] {
        assert_eq!(house.town.browser().get(path).await.refused(401), DeskError::SignInAgain);
        assert_eq!(
            house.second_reviewer().await.browser.get(path).await.refused(403),
            DeskError::NotYourDesk
        );
        house.town.clock.forward_s(60);
    }
}
