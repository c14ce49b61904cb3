//! 信息变更: contacts at once, what the certificate says only with evidence and a review, and the same end (R111 to R116).

use crate::house::House;
use crate::key_holder::KeyHolder;
use crate::renewal::on_the_key;
use crate::town::{Streets, until};
use app::desk::identity::{CheckState, IdentityView};
use app::desk::orders::{Act, OrderView};
use certificate::Certificate;
use journey::details::DetailsForm;
use journey::order::Standing;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;
use key::key::Slot;
use serde_json::json;

/// 确认申请 with everything that is asked for, and a reviewer who lets it pass.
pub async fn papers_pass(house: &House, holder: &KeyHolder) {
    holder.upload_all().await;
    holder.act(Act::SubmitEvidence).await.given::<OrderView>();
    // The first one has used up the number on the authenticator.
    house.second_reviewer().await.pass(&holder.number).await;
    until("the review to be over", || async {
        (holder.see().await.standing == Standing::Open(Step::Issuing)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a45_r111_r113_r115_contacts_change_at_once_without_a_new_certificate() {
    let (house, mut holder) = KeyHolder::since(1).await;
    let mut form = holder.begin(Service::Modification, Route::Usual).await;
    (form.agent_name, form.agent_phone) = ("王新来".into(), "13712345678".into());
    form.email = "wang@example.cn".into();
    let view: OrderView = holder.enter(&form).await.given();
    assert_eq!((view.route, view.standing), (Route::ContactsOnly, Standing::Open(Step::PhoneCheck)));
    // The code goes to the phone on record, not to the one that was typed.
    let view: OrderView = holder.check_phone().await.given();
    assert_eq!(view.standing, Standing::Completed);
    assert!(house.town.outside.messages("13712345678").await.iter().all(|sms| sms.kind != "code"));
    house.errands_rest().await;
    assert_eq!(on_the_key(&house, &holder.serial).await.len(), 1);
    // The next business knows them.
    let next = holder.begin(Service::Modification, Route::Usual).await;
    assert_eq!((next.agent_phone.as_str(), next.email.as_str()), ("13712345678", "wang@example.cn"));
}

#[tokio::test]
async fn a48_who_is_not_reached_at_the_reserved_phone_proves_identity_instead() {
    let (house, mut holder) = KeyHolder::since(1).await;
    let outside = &house.town.outside;
    let reserved = outside.messages(&holder.agent_phone).await.len();
    let mut form = holder.begin(Service::Modification, Route::Usual).await;
    (form.agent_phone, form.without_reserved_phone) = ("13712345678".into(), true);
    // What the certificate says waits until the phone is right.
    let mut both = form.clone();
    both.holder_name = "北京示例新名称科技有限公司".into();
    both.account_name.clear();
    both.invoice_title.clear();
    assert_eq!(holder.enter(&both).await.status, 422);
    let view: OrderView = holder.enter(&form).await.given();
    assert_eq!((view.route, view.standing), (Route::ByIdentity, Standing::Open(Step::IdentityCheck)));
    // Who changes their mind goes back and takes the phone.
    holder.act(Act::Change).await.given::<OrderView>();
    let by_phone = DetailsForm { without_reserved_phone: false, ..form.clone() };
    let view: OrderView = holder.enter(&by_phone).await.given();
    assert_eq!((view.route, view.standing), (Route::ContactsOnly, Standing::Open(Step::PhoneCheck)));
    holder.act(Act::Change).await.given::<OrderView>();
    holder.enter(&form).await.given::<OrderView>();
    until("the authorisation code", || async {
        let view = holder.browser.call("identity/view", json!({ "number": holder.number })).await;
        let view: Option<IdentityView> = view.given();
        view.filter(|view| view.state == CheckState::Sent)
    })
    .await;
    let enter = |code: String| {
        holder.browser.call("identity/enter", json!({ "number": holder.number, "code": code }))
    };
    assert_eq!(enter("000000".into()).await.status, 422);
    let codes = outside.messages_of(&form.legal_person_phone, "code", 1).await;
    let view: OrderView = enter(codes.last().unwrap().params[0].clone()).await.given();
    assert_eq!(view.standing, Standing::Completed);
    let told = outside.messages(&holder.agent_phone).await;
    assert!(told[reserved..].iter().all(|sms| sms.kind != "code"), "nothing went to the lost phone");
    house.errands_rest().await;
    let next = holder.begin(Service::Modification, Route::Usual).await;
    assert_eq!((next.agent_phone.as_str(), next.without_reserved_phone), ("13712345678", false));
    assert_eq!(on_the_key(&house, &holder.serial).await.len(), 1, "no new certificate");
}

#[tokio::test]
async fn a45_a47_another_name_is_reviewed_and_the_new_certificate_keeps_the_end() {
    let (house, mut holder) = KeyHolder::since(1).await;
    let old = Certificate::from_der(&holder.certificate(Slot::Sign).await).unwrap();
    let mut form = holder.begin(Service::Modification, Route::Usual).await;
    let wrong = DetailsForm { holder_id: "91110108MA01ABCDE6".into(), ..form.clone() };
    assert!(matches!(holder.enter(&wrong).await.status, 422), "another number is another holder");
    form.holder_name = "北京示例新名称科技有限公司".into();
    form.account_name.clear();
    form.invoice_title.clear();
    let view: OrderView = holder.enter(&form).await.given();
    assert_eq!((view.route, view.standing), (Route::WithEvidence, Standing::Open(Step::PhoneCheck)));
    let view: OrderView = holder.check_phone().await.given();
    assert_eq!(view.standing, Standing::Open(Step::Evidence));
    papers_pass(&house, &holder).await;
    holder.write(&mut |_| Ok(())).await.unwrap();
    assert_eq!(holder.see().await.standing, Standing::Completed);
    let new = Certificate::from_der(&holder.certificate(Slot::Sign).await).unwrap();
    assert_eq!(new.not_after(), old.not_after(), "A47");
    assert_eq!(new.subject().common_name(), Some("北京示例新名称科技有限公司"));
    until("the old pair to be superseded", || async {
        let states: Vec<String> =
            on_the_key(&house, &holder.serial).await.into_iter().map(|(_, state)| state).collect();
        (states == ["revoked", "active"]).then_some(())
    })
    .await;
}
