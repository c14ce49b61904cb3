//! The registers of organisations and of persons: asked before a renewal is paid (A19), and instead of papers where what
//! the certificate says changes (A45).

use crate::house::House;
use crate::key_holder::KeyHolder;
use crate::modification::papers_pass;
use crate::person_renewal::certified;
use crate::renewal::{end_of, on_the_key};
use crate::town::{Town, until};
use app::desk::orders::{Act, OrderView};
use certificate::Certificate;
use journey::details::DetailsForm;
use journey::order::Standing;
use journey::payment::Channel;
use journey::registered::RegisteredFact;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;
use key::key::Slot;
use serde_json::json;
use server::settings::{self, SettingsError};
use sqlx::Row;

/// What the register has about this number from now on.
async fn registered(house: &House, number: &str, entry: &str) {
    house.town.outside.faults(json!({ "only": number, "registry": { "entry": entry } })).await;
}

async fn asked(house: &House, number: &str) -> usize {
    house.town.outside.history(number).await.len()
}

/// The answers that are kept with this order.
async fn kept(house: &House, order: &str) -> Vec<String> {
    let mut reader = house.office.ground.store.read().await.unwrap();
    let rows = sqlx::query(
        "SELECT answer FROM registry_answers WHERE order_id = (SELECT id FROM orders WHERE number = $1)
         ORDER BY asked_at",
    );
    rows.bind(order).fetch_all(&mut *reader).await.unwrap().iter().map(|row| row.get("answer")).collect()
}

/// A renewal that stands at 确认订单; gives the holder's number.
async fn about_to_confirm(holder: &mut KeyHolder) -> String {
    holder.start(Service::Renewal).await.given::<String>();
    holder.log_in().await.given::<String>();
    let number = holder.see().await.details.holder_id;
    holder.check_details().await.given::<OrderView>();
    holder.check_phone().await.given::<OrderView>();
    number
}

fn renamed(form: &DetailsForm, name: &str) -> DetailsForm {
    let (account_name, invoice_title) = (String::new(), String::new());
    DetailsForm { holder_name: name.into(), account_name, invoice_title, ..form.clone() }
}

async fn is_changed(holder: &mut KeyHolder, name: &str) {
    let old_end = end_of(&holder.certificate(Slot::Sign).await);
    holder.write(&mut |_| Ok(())).await.unwrap();
    assert_eq!(holder.see().await.standing, Standing::Completed);
    let new = Certificate::from_der(&holder.certificate(Slot::Sign).await).unwrap();
    assert_eq!(new.subject().common_name(), Some(name));
    assert_eq!(end_of(new.der()), old_end, "A47");
}

#[tokio::test]
async fn a19_r163_a_register_that_says_otherwise_stops_a_renewal_before_it_is_paid() {
    let (house, mut holder) = KeyHolder::since(300).await;
    let number = about_to_confirm(&mut holder).await;
    registered(&house, &number, "name_differs").await;
    assert_eq!(holder.confirm().await.refusal(), "registry_differs");
    assert_eq!(holder.see().await.standing, Standing::Open(Step::Confirm));
    assert!(house.attempts(&holder.number).await.is_empty(), "nothing can be paid");
    // Who presses again is answered from memory.
    assert_eq!(holder.confirm().await.refusal(), "registry_differs");
    assert_eq!(asked(&house, &number).await, 1);
    assert_eq!(kept(&house, &holder.number).await, ["organisation_name", "organisation_name"]);
    // The way that the sentence names is open beside it, and the next renewal is one of what is then certified.
    let renewal = holder.number.clone();
    let form = holder.begin(Service::Modification, Route::Usual).await;
    assert_ne!(holder.number, renewal);
    registered(&house, &number, "decide").await;
    let name = "北京示例更名科技有限公司";
    holder.enter(&renamed(&form, name)).await.given::<OrderView>();
    holder.check_phone().await.given::<OrderView>();
    is_changed(&mut holder, name).await;
    until("the old pair to be superseded", || async {
        let states = on_the_key(&house, &holder.serial).await;
        (states.first().map(|(_, state)| state.as_str()) == Some("revoked")).then_some(())
    })
    .await;
    holder.number = renewal;
    assert_eq!(
        holder.confirm().await.refusal(),
        "certificate_revoked",
        "the draft for the old name goes nowhere"
    );
    about_to_confirm(&mut holder).await;
    holder.confirm().await.given::<OrderView>();
    holder.pay(Channel::Alipay).await;
    is_renewed(&mut holder, name).await;
}

async fn is_renewed(holder: &mut KeyHolder, name: &str) {
    holder.write(&mut |_| Ok(())).await.unwrap();
    let new = Certificate::from_der(&holder.certificate(Slot::Sign).await).unwrap();
    assert_eq!(new.subject().common_name(), Some(name));
}

#[tokio::test]
async fn a19_a_register_that_does_not_answer_holds_no_renewal_up() {
    let (house, mut holder) = KeyHolder::since(300).await;
    let number = about_to_confirm(&mut holder).await;
    registered(&house, &number, "busy").await;
    let view: OrderView = holder.confirm().await.given();
    assert_eq!(view.standing, Standing::Open(Step::Payment));
    assert_eq!(kept(&house, &holder.number).await, ["no_answer"]);
    // Silence is no memory: it is asked again, and then it says no.
    holder.act(Act::Change).await.given::<OrderView>();
    holder.check_details().await.given::<OrderView>();
    house.town.clock.forward_s(61);
    holder.check_phone().await.given::<OrderView>();
    registered(&house, &number, "struck_off").await;
    assert_eq!(holder.confirm().await.refusal(), "registry_differs");
    assert_eq!(kept(&house, &holder.number).await, ["no_answer", "status"]);
}

#[tokio::test]
async fn a19_papers_that_were_reviewed_lately_count_more_than_a_register() {
    let (house, mut holder) = KeyHolder::since(300).await;
    let form = holder.begin(Service::Modification, Route::Usual).await;
    registered(&house, &form.holder_id, "name_differs").await;
    let view: OrderView = holder.enter(&renamed(&form, "北京示例快登科技有限公司")).await.given();
    assert_eq!(view.route, Route::WithEvidence);
    holder.check_phone().await.given::<OrderView>();
    papers_pass(&house, &holder).await;
    is_changed(&mut holder, "北京示例快登科技有限公司").await;
    about_to_confirm(&mut holder).await;
    let view: OrderView = holder.confirm().await.given();
    assert_eq!(view.standing, Standing::Open(Step::Payment));
}

#[tokio::test]
async fn a19_a_register_that_is_wrong_is_overruled_by_papers_and_by_nothing_else() {
    let (house, mut holder) = KeyHolder::since(300).await;
    // Nothing stands in the way: no papers are asked for, and none are taken.
    let form = holder.begin(Service::Modification, Route::Usual).await;
    let wrong = DetailsForm { register_is_wrong: true, ..form.clone() };
    assert_eq!(holder.see().await.register_differs, None);
    assert_eq!(holder.enter(&wrong).await.fields()[0].1, "register_agrees");
    let modification = holder.number.clone();
    let number = about_to_confirm(&mut holder).await;
    registered(&house, &number, "struck_off").await;
    assert_eq!(holder.confirm().await.refusal(), "registry_differs");
    let renewal = std::mem::replace(&mut holder.number, modification);

    // The form of the modification says what the register has, and whoever changed nothing has papers checked.
    let view = holder.see().await;
    assert_eq!(view.register_differs, Some(RegisteredFact::Status));
    let view: OrderView = holder.enter(&wrong).await.given();
    assert_eq!(view.route, Route::WithEvidence);
    holder.check_phone().await.given::<OrderView>();
    papers_pass(&house, &holder).await;
    is_changed(&mut holder, &form.holder_name).await;
    // The draft of before was for what the key does not hold any more; a new renewal is not asked about.
    until("the old pair to be superseded", || async {
        let states = on_the_key(&house, &holder.serial).await;
        (states.first().map(|(_, state)| state.as_str()) == Some("revoked")).then_some(())
    })
    .await;
    holder.number = renewal;
    assert_eq!(holder.confirm().await.refusal(), "certificate_revoked");
    let before = asked(&house, &number).await;
    about_to_confirm(&mut holder).await;
    let view: OrderView = holder.confirm().await.given();
    assert_eq!(view.standing, Standing::Open(Step::Payment));
    assert_eq!(asked(&house, &number).await, before);
}

#[tokio::test]
async fn a45_what_the_register_confirms_needs_no_papers_and_everything_else_does() {
    let (house, mut holder) = KeyHolder::since(1).await;
    let form = holder.begin(Service::Modification, Route::Usual).await;
    for (entry, name) in [
        ("name_differs", "北京示例甲科技有限公司"),
        ("person_differs", "北京示例乙科技有限公司"),
        ("struck_off", "北京示例丙科技有限公司"),
        ("no_record", "北京示例丁科技有限公司"),
        ("busy", "北京示例戊科技有限公司"),
    ] {
        registered(&house, &form.holder_id, entry).await;
        let view: OrderView = holder.enter(&renamed(&form, name)).await.given();
        assert_eq!(
            (view.route, view.standing),
            (Route::WithEvidence, Standing::Open(Step::PhoneCheck)),
            "{entry}"
        );
        holder.act(Act::Change).await.given::<OrderView>();
    }
    // What the certificate does not say is nobody's question.
    let before = asked(&house, &form.holder_id).await;
    let contacts = DetailsForm { email: "new@example.cn".into(), ..form.clone() };
    let view: OrderView = holder.enter(&contacts).await.given();
    assert_eq!((view.route, asked(&house, &form.holder_id).await), (Route::ContactsOnly, before));
    holder.act(Act::Change).await.given::<OrderView>();
    registered(&house, &form.holder_id, "decide").await;
    let name = "北京示例己科技有限公司";
    let view: OrderView = holder.enter(&renamed(&form, name)).await.given();
    assert_eq!((view.route, view.standing), (Route::Usual, Standing::Open(Step::PhoneCheck)));
    let view: OrderView = holder.check_phone().await.given();
    assert_eq!(view.standing, Standing::Open(Step::Issuing), "R111: no materials, no review");
    assert_eq!(kept(&house, &holder.number).await.last().map(String::as_str), Some("confirmed"));
    is_changed(&mut holder, name).await;
}

#[tokio::test]
async fn a45_ten_questions_a_day_about_one_holder_are_passed_on() {
    let (house, mut holder) = KeyHolder::since(1).await;
    let form = holder.begin(Service::Modification, Route::Usual).await;
    for n in 0..11 {
        let view: OrderView =
            holder.enter(&renamed(&form, &format!("北京示例{n}号科技有限公司"))).await.given();
        assert_eq!(view.route, if n < 10 { Route::Usual } else { Route::WithEvidence });
        holder.act(Act::Change).await.given::<OrderView>();
    }
    assert_eq!(asked(&house, &form.holder_id).await, 10);
}

#[tokio::test]
async fn a19_a45_a_persons_name_goes_by_the_register_of_persons() {
    let (house, _, mut holder) = certified(300).await;
    let number = about_to_confirm(&mut holder).await;
    registered(&house, &number, "name_differs").await;
    assert_eq!(holder.confirm().await.refusal(), "registry_differs");
    assert_eq!(kept(&house, &holder.number).await, ["person_name"]);
    registered(&house, &number, "decide").await;
    let form = holder.begin(Service::Modification, Route::Usual).await;
    let view: OrderView = holder.enter(&renamed(&form, "李晓雨")).await.given();
    assert_eq!((view.route, view.standing), (Route::Usual, Standing::Open(Step::PhoneCheck)));
    holder.check_phone().await.given::<OrderView>();
    is_changed(&mut holder, "李晓雨").await;
}

#[tokio::test]
async fn outside_a_demonstration_a_register_on_this_machine_is_refused() {
    let town = tokio::task::spawn_blocking(|| Town::found("127.0.0.1:1", "")).await.unwrap();
    let elsewhere = ["BANK", "IDENTITY"]
        .map(|name| (format!("CERTHALL__{name}__BASE_URL"), "https://b.example".to_owned()));
    let production = ("CERTHALL__OFFICE__DEMO".to_owned(), "false".to_owned());
    let refused =
        settings::load(&town.settings_files(), elsewhere.into_iter().chain([production])).unwrap_err();
    assert!(
        matches!(&refused, SettingsError::SandboxInProduction { section, .. } if section == "registry"),
        "{refused}"
    );
}
