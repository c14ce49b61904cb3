//! Codes by SMS: wrong, old, used, somebody else's, too many (R024, R125).

use crate::applicant::Applicant;
use crate::house::House;
use crate::town::Streets;
use app::desk::DeskError;
use app::desk::error::CodeRefusal;
use app::desk::orders::{CodeSent, OrderView};
use futures::future::join_all;
use journey::moment::Moment;
use journey::order::Standing;
use journey::step::Step;
use serde_json::json;

/// Six digits that are not these.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

fn no(refusal: CodeRefusal) -> DeskError {
    DeskError::Code(refusal)
}

async fn at_the_phone_check(house: &House) -> Applicant {
    let mut applicant = house.applicant();
    applicant.walk_to(Step::PhoneCheck).await;
    applicant
}

async fn still_at_the_phone_check(applicant: &mut Applicant) {
    assert_eq!(applicant.see().await.standing, Standing::Open(Step::PhoneCheck), "R024");
}

#[tokio::test]
async fn r024_r125_five_wrong_tries_burn_a_code() {
    let house = House::open().await;
    let mut applicant = at_the_phone_check(&house).await;
    assert_eq!(applicant.check_code("000000").await.refused(422), no(CodeRefusal::Gone), "none was sent");
    applicant.send_code().await.given::<CodeSent>();
    let code = applicant.code_from_phone(1).await;
    for left in [4, 3, 2, 1] {
        let refused = applicant.check_code(&wrong(&code)).await.refused(422);
        assert_eq!(refused, no(CodeRefusal::Wrong { left }));
    }
    assert_eq!(applicant.check_code(&wrong(&code)).await.refused(422), no(CodeRefusal::Gone));
    // The right one comes too late now.
    assert_eq!(applicant.check_code(&code).await.refused(422), no(CodeRefusal::Gone));
    still_at_the_phone_check(&mut applicant).await;
    // Another code, and it goes on.
    house.town.clock.forward_s(60);
    applicant.send_code().await.given::<CodeSent>();
    let code = applicant.code_from_phone(2).await;
    assert_eq!(
        applicant.check_code(&code).await.given::<OrderView>().standing,
        Standing::Open(Step::Payment)
    );
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn r024_four_wrong_tries_do_not_burn_it() {
    let house = House::open().await;
    let mut applicant = at_the_phone_check(&house).await;
    applicant.send_code().await.given::<CodeSent>();
    let code = applicant.code_from_phone(1).await;
    for _ in 0..4 {
        applicant.check_code(&wrong(&code)).await.refused(422);
    }
    assert_eq!(
        applicant.check_code(&code).await.given::<OrderView>().standing,
        Standing::Open(Step::Payment)
    );
}

#[tokio::test]
async fn r024_r125_a_code_lives_five_minutes() {
    let house = House::open().await;
    let mut late = at_the_phone_check(&house).await;
    let mut early = at_the_phone_check(&house).await;
    late.send_code().await.given::<CodeSent>();
    let old = late.code_from_phone(1).await;
    house.town.clock.forward_s(2);
    early.send_code().await.given::<CodeSent>();
    let young = early.code_from_phone(1).await;
    house.town.clock.forward_s(5 * 60 - 2);
    assert_eq!(late.check_code(&old).await.refused(422), no(CodeRefusal::Expired));
    still_at_the_phone_check(&mut late).await;
    // Two seconds younger, and it is still good, unless the machine took those two seconds.
    match early.check_code(&young).await {
        answer if answer.status == 200 => {
            assert_eq!(early.see().await.standing, Standing::Open(Step::Payment))
        }
        answer => assert_eq!(answer.refused(422), no(CodeRefusal::Expired)),
    }
}

#[tokio::test]
async fn r024_r125_a_code_counts_once_and_a_newer_one_takes_its_place() {
    let house = House::open().await;
    let mut applicant = at_the_phone_check(&house).await;
    applicant.send_code().await.given::<CodeSent>();
    let first = applicant.code_from_phone(1).await;
    house.town.clock.forward_s(60);
    applicant.send_code().await.given::<CodeSent>();
    let second = applicant.code_from_phone(2).await;
    if first != second {
        let refused = applicant.check_code(&first).await.refused(422);
        assert_eq!(refused, no(CodeRefusal::Wrong { left: 4 }), "the first one is gone");
    }
    applicant.check_code(&second).await.given::<OrderView>();
    // Used: not here any more, and not after the form was changed and everything walked again.
    assert_eq!(applicant.check_code(&second).await.refusal(), "not_here");
    applicant.go_back().await.given::<OrderView>();
    let form = applicant.form().await;
    applicant.fill(&form).await.given::<OrderView>();
    applicant.confirm().await.given::<OrderView>();
    applicant.submit().await.given::<OrderView>();
    assert_eq!(applicant.check_code(&second).await.refused(422), no(CodeRefusal::Gone));
    still_at_the_phone_check(&mut applicant).await;
}

#[tokio::test]
async fn r024_r125_a_code_opens_only_what_it_was_sent_for() {
    let house = House::open().await;
    let mut mine = at_the_phone_check(&house).await;
    // Another order of the same organisation and agent: the same phone.
    let mut other = Applicant::new(house.town.clone(), mine.holder.clone());
    other.walk_to(Step::PhoneCheck).await;
    mine.send_code().await.given::<CodeSent>();
    let code = mine.code_from_phone(1).await;
    assert_eq!(other.check_code(&code).await.refused(422), no(CodeRefusal::Gone), "another order's");
    // Nor does a code for an order open the order query, whose own is another.
    let asked = json!({ "party": "organisation", "id_number": mine.holder.credit_code });
    let thief = house.town.browser();
    let check = json!({ "party": "organisation", "id_number": mine.holder.credit_code, "code": code });
    assert_eq!(thief.call("query/check", check.clone()).await.refused(422), no(CodeRefusal::Gone));
    house.town.clock.forward_s(60);
    thief.call("query/send", asked).await.given::<CodeSent>();
    let query_code = mine.code_from_phone(2).await;
    if query_code != code {
        assert_eq!(thief.call("query/check", check).await.refused(422), no(CodeRefusal::Wrong { left: 4 }));
        assert_eq!(mine.check_code(&query_code).await.refused(422), no(CodeRefusal::Wrong { left: 4 }));
    }
    assert_eq!(mine.check_code(&code).await.given::<OrderView>().standing, Standing::Open(Step::Payment));
    still_at_the_phone_check(&mut other).await;
}

#[tokio::test]
async fn r125_sixty_seconds_between_two_codes() {
    let house = House::open().await;
    let applicant = at_the_phone_check(&house).await;
    applicant.send_code().await.given::<CodeSent>();
    let refused = applicant.send_code().await;
    let DeskError::Code(CodeRefusal::TooSoon { wait_s }) = refused.refused(429) else {
        panic!("{}", refused.text())
    };
    assert!((58..=60).contains(&wait_s), "{wait_s}");
    assert_eq!(refused.headers["retry-after"].to_str().unwrap(), wait_s.to_string());
    // 57 s later it is still too soon by up to three.
    house.town.clock.forward_s(57);
    let refused = applicant.send_code().await.refused(429);
    assert!(matches!(refused, DeskError::Code(CodeRefusal::TooSoon { wait_s: 1..=3 })), "{refused:?}");
    house.town.clock.forward_s(3);
    applicant.send_code().await.given::<CodeSent>();
    assert_ne!(applicant.code_from_phone(2).await.len(), 0);
}

#[tokio::test]
async fn r125_a_second_code_is_refused_at_59_seconds_and_sent_at_60() {
    let house = House::open().await;
    let applicant = at_the_phone_check(&house).await;
    let clock = &house.town.clock;
    let sent_at = house.office.ground.now();
    let stands_at = |seconds: i64| clock.stand_at(Moment::from_millis(sent_at.millis() + seconds * 1000));
    stands_at(0);
    applicant.send_code().await.given::<CodeSent>();
    stands_at(59);
    assert_eq!(applicant.send_code().await.refused(429), no(CodeRefusal::TooSoon { wait_s: 1 }));
    stands_at(60);
    applicant.send_code().await.given::<CodeSent>();
    clock.go();
}

#[tokio::test]
async fn r125_five_codes_an_hour_for_a_phone_whatever_the_order() {
    let house = House::open().await;
    let first = at_the_phone_check(&house).await;
    let mut orders = vec![first];
    for _ in 0..5 {
        let mut another = Applicant::new(house.town.clone(), orders[0].holder.clone());
        another.walk_to(Step::PhoneCheck).await;
        orders.push(another);
    }
    for order in &orders[..5] {
        order.send_code().await.given::<CodeSent>();
    }
    assert_eq!(orders[5].send_code().await.refused(429), no(CodeRefusal::DailyLimit));
    house.errands_rest().await;
    let sent = house.town.outside.messages(&orders[0].holder.agent_phone).await;
    assert_eq!(sent.len(), 5, "threat 1: nobody is bombed");
    // Somebody else's phone is not in the way.
    at_the_phone_check(&house).await.send_code().await.given::<CodeSent>();
}

#[tokio::test]
async fn r125_an_address_may_ask_for_so_many_codes_an_hour() {
    let house = House::open_with("codes_per_address_hour = 3").await;
    let mut sent = Vec::new();
    for _ in 0..4 {
        sent.push(at_the_phone_check(&house).await.send_code().await);
    }
    assert!(sent[..3].iter().all(|answer| answer.status == 200));
    assert_eq!(sent[3].refused(429), no(CodeRefusal::DailyLimit), "threat 2");
    // A header that anybody can write does not make it another address (ASVS 4.1.3).
    let applicant = at_the_phone_check(&house).await;
    let request = applicant.browser.ours(reqwest::Method::POST, "/api/orders/phone/send");
    let request =
        request.header("x-forwarded-for", "203.0.113.77").header("content-type", "application/json");
    let answer =
        applicant.browser.send(request.body(json!({ "number": applicant.number }).to_string())).await;
    assert_eq!(answer.refused(429), no(CodeRefusal::DailyLimit));
}

#[tokio::test]
async fn r024_r125_fifty_right_answers_at_once_are_one() {
    let house = House::open().await;
    let mut applicant = at_the_phone_check(&house).await;
    applicant.send_code().await.given::<CodeSent>();
    let code = applicant.code_from_phone(1).await;
    let check = json!({ "number": applicant.number, "code": code });
    let tabs: Vec<_> = (0..50).map(|_| applicant.browser.copy()).collect();
    let answers = join_all(tabs.iter().map(|tab| tab.call("orders/phone/check", check.clone()))).await;
    let good = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(good, 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 409 | 422)));
    let view = applicant.see().await;
    assert_eq!(view.history.iter().filter(|line| line.event == "phone_checked").count(), 1);
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn r125_many_guesses_at_once_are_no_more_than_five() {
    let house = House::open().await;
    let mut applicant = at_the_phone_check(&house).await;
    applicant.send_code().await.given::<CodeSent>();
    let code = applicant.code_from_phone(1).await;
    let guess = json!({ "number": applicant.number, "code": wrong(&code) });
    let tabs: Vec<_> = (0..40).map(|_| applicant.browser.copy()).collect();
    let answers = join_all(tabs.iter().map(|tab| tab.call("orders/phone/check", guess.clone()))).await;
    let compared =
        answers.iter().filter(|a| matches!(a.refused(422), DeskError::Code(CodeRefusal::Wrong { .. })));
    assert_eq!(compared.count(), 4, "the fifth burns it, the others find it burned");
    assert_eq!(applicant.check_code(&code).await.refused(422), no(CodeRefusal::Gone));
    still_at_the_phone_check(&mut applicant).await;
}

#[tokio::test]
async fn r125_ten_codes_a_day_for_a_phone() {
    let house = House::open().await;
    let mut applicant = at_the_phone_check(&house).await;
    let clock = &house.town.clock;
    for hour in 0..2 {
        for _ in 0..5 {
            applicant.send_code().await.given::<CodeSent>();
            clock.forward_s(61);
        }
        assert_eq!(applicant.send_code().await.refused(429), no(CodeRefusal::DailyLimit), "hour {hour}");
        // An hour on, with somebody before the screen.
        for _ in 0..3 {
            clock.forward_minutes(20);
            applicant.see().await;
        }
    }
    assert_eq!(
        applicant.send_code().await.refused(429),
        no(CodeRefusal::DailyLimit),
        "the eleventh of the day"
    );
}
