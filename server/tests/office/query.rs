//! 订单查询: the same answer to everybody, then the own orders on whatever device (R004, R117 to R126, R149, A49).

use crate::answer::Answer;
use crate::applicant::Applicant;
use crate::browser::Browser;
use crate::holder::Organisation;
use crate::house::House;
use crate::town::Streets;
use app::desk::DeskError;
use app::desk::error::{CodeRefusal, FieldError};
use app::desk::orders::{CodeSent, OrderView};
use app::desk::query::OrderLine;
use journey::identity::{IdentityMethod, channel, channel_text};
use journey::order::Standing;
use journey::party::Party;
use journey::step::Step;
use reqwest::Method;
use serde_json::json;

pub async fn send(browser: &Browser, credit_code: &str) -> Answer {
    browser.call("query/send", json!({ "party": "organisation", "id_number": credit_code })).await
}

pub async fn check(browser: &Browser, credit_code: &str, code: &str) -> Answer {
    let arguments = json!({ "party": "organisation", "id_number": credit_code, "code": code });
    browser.call("query/check", arguments).await
}

pub async fn list(browser: &Browser) -> Vec<OrderLine> {
    browser.call("query/list", json!({})).await.given()
}

/// The newest of so many query codes on this phone.
pub async fn code(house: &House, phone: &str, count: usize) -> String {
    let codes = house.town.outside.messages_of(phone, "code", count).await;
    let last = codes.last().unwrap();
    assert!(last.text.contains("订单查询"), "{}", last.text);
    last.params[0].clone()
}

/// Another device on which this person comes back to the order.
async fn on_another_device(house: &House, applicant: &Applicant, codes_before: usize) -> Applicant {
    let device = Applicant::new(house.town.clone(), applicant.holder.clone());
    send(&device.browser, &applicant.holder.credit_code).await.given::<CodeSent>();
    let code = code(house, &applicant.holder.agent_phone, codes_before + 1).await;
    check(&device.browser, &applicant.holder.credit_code, &code).await.given::<()>();
    let mut device = Applicant { number: applicant.number.clone(), method: applicant.method, ..device };
    device.see().await;
    device
}

/// Everything of an answer but the moment it was given and the dice of its cookie.
fn seen(answer: &Answer) -> (u16, Vec<u8>, Vec<(String, String)>) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    let told = |name: &str, value: &str| match (name, value.split_once('=')) {
        ("set-cookie", Some((cookie, token))) => {
            format!("{cookie}={}", token.replace(|c: char| c.is_ascii_hexdigit(), "x"))
        }
        _ => value.to_owned(),
    };
    let headers =
        headers.map(|(name, value)| (name.to_string(), told(name.as_str(), value.to_str().unwrap())));
    (answer.status, answer.body.clone(), headers.collect())
}

#[tokio::test]
async fn r126_known_and_unknown_numbers_get_the_same_answers() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Confirm).await;
    let (known, unknown) = (applicant.holder.credit_code.clone(), Organisation::made_up().credit_code);
    let (one, other) = (house.town.browser(), house.town.browser());
    // Checking before anything was sent, sending, sending too soon, five wrong codes and one more.
    let before = (check(&one, &known, "111111").await, check(&other, &unknown, "111111").await);
    assert_eq!(seen(&before.0), seen(&before.1));
    let sent = (send(&one, &known).await, send(&other, &unknown).await);
    assert_eq!(seen(&sent.0), seen(&sent.1));
    assert_eq!(sent.0.given::<CodeSent>().masked_phone, "", "the phone would tell a stranger something");
    let again = (send(&one, &known).await, send(&other, &unknown).await);
    assert_eq!((again.0.status, again.1.status), (429, 429));
    let right = code(&house, &applicant.holder.agent_phone, 1).await;
    let wrong = if right == "222222" { "333333" } else { "222222" };
    for left in [4, 3, 2, 1, 0, 0] {
        let tried = (check(&one, &known, wrong).await, check(&other, &unknown, wrong).await);
        assert_eq!(seen(&tried.0), seen(&tried.1));
        let no = if left == 0 { CodeRefusal::Gone } else { CodeRefusal::Wrong { left } };
        assert_eq!(tried.0.refused(422), DeskError::Code(no));
    }
    assert_eq!(check(&one, &known, &right).await.refused(422), DeskError::Code(CodeRefusal::Gone), "R125");
    // Five an hour for either, and the sixth is refused alike.
    for _ in 0..4 {
        house.town.clock.forward_s(60);
        let sent = (send(&one, &known).await, send(&other, &unknown).await);
        assert_eq!(seen(&sent.0), seen(&sent.1));
    }
    house.town.clock.forward_s(60);
    let sixth = (send(&one, &known).await, send(&other, &unknown).await);
    assert_eq!(seen(&sixth.0), seen(&sixth.1));
    assert_eq!(sixth.0.refused(429), DeskError::Code(CodeRefusal::DailyLimit));
    // After five minutes, both have expired.
    house.town.clock.forward_s(301);
    let late = (check(&one, &known, wrong).await, check(&other, &unknown, wrong).await);
    assert_eq!(seen(&late.0), seen(&late.1));
    assert_eq!(late.0.refused(422), DeskError::Code(CodeRefusal::Expired));
    // The visit that began with the question sees nothing.
    assert!(list(&one).await.is_empty() && list(&other).await.is_empty());
    // A number that is none is told so, whoever asks.
    let FieldError { field, .. } = match send(&one, "123").await.refused(422) {
        DeskError::Fields(mut fields) => fields.remove(0),
        other => panic!("{other:?}"),
    };
    assert_eq!(field, "id_number");
}

#[tokio::test]
async fn r004_r121_a_draft_goes_on_where_it_stood_on_another_device() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.start().await.given::<String>();
    let mut form = applicant.form().await;
    form.street.clear();
    let draft = json!({ "number": applicant.number, "details": form });
    applicant.browser.call("orders/draft", draft).await.given::<app::desk::orders::DraftKept>();

    let mut device = on_another_device(&house, &applicant, 0).await;
    let lines = list(&device.browser).await;
    assert_eq!(
        (lines.len(), lines[0].number.as_str(), lines[0].unfinished),
        (1, applicant.number.as_str(), true)
    );
    let view = device.see().await;
    assert!(view.details == form, "as it was typed");
    device.walk_to(Step::Evidence).await;
    // The first browser finds the order where the second one left it.
    assert_eq!(applicant.see().await.standing, Standing::Open(Step::Evidence));
    // At each further step of the applicant (R121).
    house.town.clock.forward_s(60);
    let mut third = on_another_device(&house, &applicant, 1).await;
    third.upload_all().await;
    third.submit().await.given::<OrderView>();
    house.town.clock.forward_s(60);
    let mut fourth = on_another_device(&house, &applicant, 2).await;
    fourth.send_code().await.given::<CodeSent>();
    let code = fourth.code_from_phone(4).await;
    fourth.check_code(&code).await.given::<OrderView>();
    fourth.pay(journey::payment::Channel::WechatPay).await;
    assert!(!list(&fourth.browser).await[0].unfinished, "now it is the office's turn");
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn r119_drafts_of_strangers_do_not_crowd_out_the_agent() {
    let house = House::open().await;
    let mut agent = house.applicant();
    agent.walk_to(Step::Review).await;
    // A credit code is public: anybody may type it into a draft, with a phone of their own.
    let mut strangers = Vec::new();
    for _ in 0..5 {
        let phone = Organisation::made_up().agent_phone;
        let holder = Organisation { agent_phone: phone, ..agent.holder.clone() };
        let mut stranger = Applicant::new(house.town.clone(), holder);
        stranger.walk_to(Step::Confirm).await;
        strangers.push(stranger);
    }
    let browser = house.town.browser();
    send(&browser, &agent.holder.credit_code).await.given::<CodeSent>();
    let to_the_agent = code(&house, &agent.holder.agent_phone, 2).await;
    check(&browser, &agent.holder.credit_code, &to_the_agent).await.given::<()>();
    let numbers: Vec<String> = list(&browser).await.into_iter().map(|line| line.number).collect();
    assert_eq!(numbers, [agent.number], "the agent's own, and nobody else's draft");
}

#[tokio::test]
async fn r118_r120_the_query_works_without_a_program_in_the_browser() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Review).await;
    let browser = house.town.browser();
    let credit_code = &applicant.holder.credit_code;
    let post = |path: &'static str, fields: Vec<(&'static str, String)>| {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request =
            browser.ours(Method::POST, path).header("content-type", "application/x-www-form-urlencoded");
        browser.send(request.header("accept", "text/html").body(body))
    };
    let asked = || vec![("party", "organisation".to_owned()), ("id_number", credit_code.clone())];
    let page = browser.get("/query").await;
    assert!(page.status == 200 && page.text().contains("action=\"/query/send\""), "{}", page.text());
    let sent = post("/query/send", asked()).await;
    let link = sent.headers["location"].to_str().unwrap().to_owned();
    assert_eq!((sent.status, link.as_str()), (303, "/query?party=organisation&said=sent&n=5"));
    assert!(!link.contains(credit_code.as_str()), "R141: no number in an address");
    assert!(browser.get(&link).await.text().contains("验证码"));
    let right = code(&house, &applicant.holder.agent_phone, 2).await;
    let wrong = if right == "222222" { "333333" } else { "222222" };
    let with = |code: &str| [asked(), vec![("code", code.to_owned())]].concat();
    let refused = post("/query/check", with(wrong)).await;
    assert_eq!(refused.headers["location"], "/query?party=organisation&said=code_wrong&n=4");
    let opened = post("/query/check", with(&right)).await;
    assert_eq!((opened.status, opened.headers["location"].to_str().unwrap()), (303, "/orders"));
    // Rendered by the office (R117, R124): readable as it comes.
    let orders = browser.get("/orders").await.text();
    assert!(orders.contains(&applicant.number) && orders.contains("待审核"), "{orders}");
    let order = browser.get(&format!("/orders/{}", applicant.number)).await;
    assert!(order.status == 200 && order.text().contains(&applicant.holder.name));
    assert_eq!(order.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn r122_r123_r149_the_order_says_where_the_password_comes_from() {
    for method in IdentityMethod::ALL {
        let house = House::open().await;
        let mut applicant = house.applicant().choosing(*method);
        applicant.walk_to(Step::Review).await;
        house.town.outside.mail_about(&applicant.holder.email, "电子发票").await;
        let device = on_another_device(&house, &applicant, 1).await;
        let path = format!("/orders/{}", applicant.number);
        let view: OrderView = device.view().await.given();
        assert_eq!((view.method, view.passcode_sent_at), (Some(*method), None));
        assert_eq!(device.browser.get(&view.invoice.unwrap().pdf_path).await.status, 200, "R123");
        let page = device.browser.get(&path).await.text();
        for other in IdentityMethod::ALL {
            let text = channel_text(channel(Party::Organisation, *other));
            let mine = channel_text(channel(Party::Organisation, *method));
            assert_eq!(page.contains(text), text == mine, "{method:?}: {text}");
        }
        // R141: the phones and the account are not written out.
        for secret in
            [&applicant.holder.agent_phone, &applicant.holder.legal_person_id, &applicant.holder.account]
        {
            assert!(!page.contains(secret.as_str()), "{secret}");
        }
    }
}

#[tokio::test]
async fn r160_a_draft_that_nobody_touches_is_closed_after_thirty_days() {
    let house = House::open().await;
    let mut untouched = house.applicant();
    untouched.walk_to(Step::Confirm).await;
    let mut paid = house.applicant();
    paid.walk_to(Step::Review).await;
    let until = untouched.see().await.draft_until.expect("a draft has its time");
    assert_eq!(until.millis() - house.row(&untouched.number).await.changed_at.millis(), 30 * 86_400_000);
    let ground = &house.office.ground;
    let day = |days: i64| ground.now().plus_days(days - 30);
    assert_eq!(server::orders::expire_stale(ground, day(29)).await.unwrap(), 0);
    assert_eq!(server::orders::expire_stale(ground, day(31)).await.unwrap(), 1);
    assert_eq!(untouched.see().await.standing, Standing::Expired);
    assert_eq!(untouched.confirm().await.refusal(), "not_here");
    assert_eq!(paid.see().await.standing, Standing::Open(Step::Review), "what is paid is honoured");
    house.journal_tells_the_row(&untouched.number).await;
}
