//! 订单查询 with several who may ask: agents, the legal person, and strangers who guess (R125, R126, A49).

use crate::applicant::Applicant;
use crate::browser::Browser;
use crate::holder::Organisation;
use crate::house::House;
use crate::query::{check, code, list, send};
use crate::review::usual;
use crate::town::Streets;
use app::desk::DeskError;
use app::desk::error::CodeRefusal;
use app::desk::orders::{CodeSent, DraftKept, OrderView};
use journey::details::DetailsForm;
use journey::step::Step;
use serde_json::json;

async fn send_to(browser: &Browser, credit_code: &str, phone: &str) {
    let asked = json!({ "party": "organisation", "id_number": credit_code, "phone": phone });
    browser.call("query/send", asked).await.given::<CodeSent>();
}

async fn numbers(browser: &Browser) -> Vec<String> {
    list(browser).await.into_iter().map(|line| line.number).collect()
}

#[tokio::test]
async fn a49_each_agent_sees_the_orders_that_agent_handles() {
    let house = House::open().await;
    let mut first = house.applicant();
    first.walk_to(Step::Confirm).await;
    let holder = Organisation { agent_phone: Organisation::made_up().agent_phone, ..first.holder.clone() };
    let mut second = Applicant::new(house.town.clone(), holder);
    second.walk_to(Step::Confirm).await;
    let mut third = Applicant::new(house.town.clone(), second.holder.clone());
    third.start().await.given::<String>();
    third.fill(&third.form().await).await.given::<OrderView>();

    let browser = house.town.browser();
    send(&browser, &first.holder.credit_code).await.given::<CodeSent>();
    let to_first = code(&house, &first.holder.agent_phone, 1).await;
    let to_second = code(&house, &second.holder.agent_phone, 1).await;
    check(&browser, &first.holder.credit_code, &to_second).await.given::<()>();
    assert_eq!(numbers(&browser).await, [third.number.clone(), second.number.clone()], "R159: newest first");
    let stranger = browser.call("orders/view", json!({ "number": first.number })).await;
    assert_eq!(stranger.refused(404), DeskError::NotFound);
    // The other agent asks from the own device: what went out for this one's question is nothing there.
    let other = house.town.browser();
    house.town.clock.forward_s(60);
    send_to(&other, &first.holder.credit_code, &first.holder.agent_phone).await;
    let fresh = code(&house, &first.holder.agent_phone, 2).await;
    if fresh != to_first {
        let refused = check(&other, &first.holder.credit_code, &to_first).await.refused(422);
        assert_eq!(refused, DeskError::Code(CodeRefusal::Wrong { left: 4 }));
    }
    check(&other, &first.holder.credit_code, &fresh).await.given::<()>();
    assert_eq!(numbers(&other).await, [first.number.clone()]);
    // Named by phone, nobody else was written to.
    house.errands_rest().await;
    assert_eq!(house.town.outside.messages_of(&second.holder.agent_phone, "code", 1).await.len(), 1);
}

#[tokio::test]
async fn a49_the_legal_person_sees_all_once_an_order_was_reviewed() {
    let (house, mut reviewed) = usual().await;
    let holder = Organisation { agent_phone: Organisation::made_up().agent_phone, ..reviewed.holder.clone() };
    let mut draft = Applicant::new(house.town.clone(), holder.clone());
    draft.walk_to(Step::Confirm).await;
    // Before a reviewer has looked, a legal person's phone is what anybody may have typed.
    let early = house.town.browser();
    send_to(&early, &holder.credit_code, &holder.legal_person_phone).await;
    house.errands_rest().await;
    assert!(house.town.outside.messages(&holder.legal_person_phone).await.is_empty());

    house.reviewer().await.pass(&reviewed.number).await;
    reviewed.until_at(Step::Production).await;
    house.town.clock.forward_s(60);
    let legal_person = house.town.browser();
    send_to(&legal_person, &holder.credit_code, &holder.legal_person_phone).await;
    let right = code(&house, &holder.legal_person_phone, 1).await;
    check(&legal_person, &holder.credit_code, &right).await.given::<()>();
    assert_eq!(numbers(&legal_person).await, [draft.number.clone(), reviewed.number.clone()]);
    // Which agent handles which, and no more of either than the mask leaves (R141).
    let agents: Vec<_> =
        list(&legal_person).await.into_iter().map(|line| line.agent.expect("two handle")).collect();
    for (agent, holder) in agents.iter().zip([&draft.holder, &reviewed.holder]) {
        let tail = &holder.agent_phone[7..];
        assert!(agent.ends_with(tail) && agent.contains("****"), "{agent}");
    }
    assert_eq!(list(&draft.browser).await[0].agent, None, "an agent has nobody to ask");
}

#[tokio::test]
async fn r125_a_strangers_guesses_burn_nobodys_code() {
    let house = House::open().await;
    let mut agent = house.applicant();
    agent.walk_to(Step::Confirm).await;
    let credit_code = agent.holder.credit_code.clone();
    let (own, stranger) = (house.town.browser(), house.town.browser());
    send(&own, &credit_code).await.given::<CodeSent>();
    let first = code(&house, &agent.holder.agent_phone, 1).await;
    // A stranger who never asked, and then one who did.
    for _ in 0..8 {
        assert_eq!(
            check(&stranger, &credit_code, "000000").await.refused(422),
            DeskError::Code(CodeRefusal::Gone)
        );
    }
    house.town.clock.forward_s(60);
    send(&stranger, &credit_code).await.given::<CodeSent>();
    let second = code(&house, &agent.holder.agent_phone, 2).await;
    let wrong = if second == "000000" { "000001" } else { "000000" };
    for _ in 0..8 {
        check(&stranger, &credit_code, wrong).await.refused(422);
    }
    assert_eq!(
        check(&stranger, &credit_code, &second).await.refused(422),
        DeskError::Code(CodeRefusal::Gone)
    );
    // The code that the stranger caused opens nothing here, and the agent's own still does.
    if second != first {
        let refused = check(&own, &credit_code, &second).await.refused(422);
        assert_eq!(refused, DeskError::Code(CodeRefusal::Wrong { left: 4 }));
    }
    check(&own, &credit_code, &first).await.given::<()>();
    assert_eq!(numbers(&own).await, [agent.number.clone()]);
    // Used is used, in this visit too.
    assert_eq!(check(&own, &credit_code, &first).await.refused(422), DeskError::Code(CodeRefusal::Gone));
}

#[tokio::test]
async fn an_address_starts_so_many_orders_an_hour() {
    let house = House::open_with("starts_per_address_hour = 3").await;
    for _ in 0..3 {
        house.applicant().start().await.given::<String>();
    }
    let refused = house.applicant().start().await;
    assert_eq!(refused.refused(429), DeskError::SlowDown { retry_after_s: 600 });
    house.town.clock.forward_minutes(60);
    house.applicant().start().await.given::<String>();
}

#[tokio::test]
async fn r158_two_tabs_at_one_form_do_not_overwrite_each_other() {
    let house = House::open().await;
    let mut applicant = house.applicant();
    applicant.start().await.given::<String>();
    let began = applicant.see().await.draft_mark;
    let keep = |seen: &str, street: &str| {
        let form = DetailsForm { street: street.to_owned(), ..DetailsForm::default() };
        let arguments = json!({ "number": applicant.number, "seen": seen, "details": form });
        applicant.browser.call("orders/draft", arguments)
    };
    let first: DraftKept = keep(&began, "一号").await.given();
    // The other tab began with the empty form: it hears so, and what the first wrote stands.
    assert_eq!(keep(&began, "二号").await.refused(409), DeskError::Changed);
    let view: OrderView = applicant.view().await.given();
    assert_eq!((view.details.street.as_str(), &view.draft_mark), ("一号", &first.mark));
    // The same words again are no conflict: an answer that was lost is asked for anew.
    assert_eq!(keep(&began, "一号").await.given::<DraftKept>().mark, first.mark);
    keep(&first.mark, "二号").await.given::<DraftKept>();
    // 下一步 of the tab that fell behind enters nothing either.
    let form = applicant.form().await;
    let enter =
        json!({ "number": applicant.number, "version": view.version, "seen": first.mark, "details": form });
    assert_eq!(applicant.browser.call("orders/details", enter).await.refused(409), DeskError::Changed);
    assert_eq!(applicant.see().await.details.street, "二号");
}
