//! A renewal whose window has closed (A20): an application's papers, payment and review, and the new certificate goes onto
//! the key that its holder has.

use crate::key_holder::KeyHolder;
use crate::renewal::{end_of, on_the_key};
use crate::town::{Streets, until};
use app::desk::held::HeldState;
use app::desk::orders::{Act, OrderView};
use app::desk::payments::PaymentView;
use certificate::{Certificate, cipher};
use journey::details::DetailsForm;
use journey::eligibility::renewed_until;
use journey::moment::Moment;
use journey::order::{RefundState, Standing};
use journey::payment::Channel;
use journey::refusal::Refusal;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;
use key::key::Slot;
use serde_json::json;
use server::clock::{Dice, SystemEntropy};
use std::sync::Arc;

/// Ended 400 days ago.
const AGO: i64 = 365 + 400;
const DAY: i64 = 86_400_000;

async fn begun(holder: &mut KeyHolder) -> DetailsForm {
    holder.begin(Service::Renewal, Route::WithEvidence).await
}

async fn until_at(holder: &KeyHolder, step: Step) {
    until(&format!("the order to stand at {step:?}"), || async {
        (holder.see().await.standing == Standing::Open(step)).then_some(())
    })
    .await;
}

/// 确认订单, 确认申请, the code, the payment.
async fn up_to_the_review(holder: &KeyHolder) {
    holder.confirm().await.given::<OrderView>();
    holder.upload_all().await;
    holder.act(Act::SubmitEvidence).await.given::<OrderView>();
    holder.check_phone().await.given::<OrderView>();
    let arguments = json!({ "number": holder.number, "channel": Channel::WechatPay });
    let qr: PaymentView = holder.browser.call("payments/open", arguments).await.given();
    holder.town.outside.pay(&qr.code).await;
    until_at(holder, Step::Review).await;
}

#[tokio::test]
async fn a20_after_its_window_a_certificate_is_applied_for_anew_onto_the_same_key() {
    let (house, mut holder) = KeyHolder::since(AGO).await;
    let outside = &house.town.outside;
    let old_encrypt = Certificate::from_der(&holder.certificate(Slot::Encrypt).await).unwrap();
    let mut dice = Dice::new(Arc::new(SystemEntropy::default()));
    let before = cipher::encrypt(&old_encrypt.public_key().unwrap(), b"a letter", &mut dice).unwrap();

    let form = begun(&mut holder).await;
    assert_eq!(holder.see().await.standing, Standing::Open(Step::Details));
    // Filled in as certified; whose it is does not change, how they are reached may have.
    let other = DetailsForm { holder_id: "91110108MA01ABCDE6".into(), ..form.clone() };
    assert_eq!(holder.enter(&other).await.status, 422);
    let named = form.holder_name.clone();
    holder.agent_phone = "13712345678".into();
    let form =
        DetailsForm { agent_phone: holder.agent_phone.clone(), email: "new@example.cn".into(), ..form };
    let view: OrderView = holder.enter(&form).await.given();
    assert_eq!((view.route, view.standing), (Route::WithEvidence, Standing::Open(Step::Confirm)));
    up_to_the_review(&holder).await;
    assert!(holder.see().await.promise_due.is_some(), "R031");
    // The first one has used up the number on the authenticator.
    house.second_reviewer().await.pass(&holder.number).await;
    until_at(&holder, Step::Issuing).await;
    let mail = outside.mail_about("new@example.cn", "审核通过").await;
    assert!(mail.text.contains("证书密码不变") && !mail.text.contains("寄往"), "{}", mail.text);

    assert_eq!(holder.see_certificate().await.refusal(Service::Renewal), None, "signing in leads there");
    holder.write(&mut |_| Ok(())).await.unwrap();
    assert_eq!(holder.see().await.standing, Standing::Completed);
    let new = Certificate::from_der(&holder.certificate(Slot::Sign).await).unwrap();
    let from = Moment::from_millis(new.not_before() * 1000);
    assert_eq!(end_of(new.der()), renewed_until(from, from), "A15");
    assert_eq!(new.subject().common_name(), Some(named.as_str()));
    let point = old_encrypt.public_key().unwrap().to_point();
    assert_eq!(holder.decrypt_with_any(&point, &before).await, b"a letter", "B02");
    until("the old pair to be superseded", || async {
        let states: Vec<String> =
            on_the_key(&house, &holder.serial).await.into_iter().map(|(_, state)| state).collect();
        (states == ["revoked", "active"]).then_some(())
    })
    .await;
    let view = holder.see_certificate().await;
    assert_eq!(view.state, HeldState::Good);
    assert!(matches!(view.refusal(Service::Renewal), Some(Refusal::RenewalTooEarly { .. })));
    house.errands_rest().await;
    house.journal_tells_the_row(&holder.number).await;
}

#[tokio::test]
async fn a20_r054_only_after_the_window_and_only_a_renewal() {
    let (house, mut holder) = KeyHolder::since(AGO).await;
    let end = end_of(&holder.certificate(Slot::Sign).await);
    let closed_at = Moment::from_millis(end.millis() + 365 * DAY);
    assert_eq!(holder.start(Service::Renewal).await.refusal(), "renewal_too_late");
    for service in [Service::Modification, Service::Unblock] {
        let refusal = holder.start_by(service, Route::WithEvidence).await.refusal();
        assert_eq!(refusal, "route_not_offered", "{service:?}");
    }
    assert_eq!(holder.start_by(Service::Renewal, Route::ByIdentity).await.refusal(), "route_not_offered");
    house.town.clock.stand_at(closed_at);
    let early = holder.start_by(Service::Renewal, Route::WithEvidence).await.refusal();
    assert_eq!(early, "not_yet_with_evidence");
    house.town.clock.go();
    // Who comes back is led to what lies there, from another computer too (R133).
    begun(&mut holder).await;
    let first = holder.number.clone();
    assert_eq!(holder.start_by(Service::Renewal, Route::WithEvidence).await.given::<String>(), first);
    holder.elsewhere();
    begun(&mut holder).await;
    assert_eq!(holder.number, first);
}

#[tokio::test]
async fn a20_r133_a_renewal_that_came_too_late_to_be_confirmed_gives_way() {
    // Ended 364 days ago: tomorrow it is too late.
    let (house, mut holder) = KeyHolder::since(365 + 364).await;
    let end = end_of(&holder.certificate(Slot::Sign).await);
    holder.start(Service::Renewal).await.given::<String>();
    holder.log_in().await.given::<String>();
    holder.check_details().await.given::<OrderView>();
    holder.check_phone().await.given::<OrderView>();
    let late = holder.number.clone();
    let refused = holder.start_by(Service::Renewal, Route::WithEvidence).await.refusal();
    assert_eq!(refused, "not_yet_with_evidence", "nor does it give way before");
    house.town.clock.stand_at(Moment::from_millis(end.millis() + 366 * DAY));
    holder.elsewhere();
    let view = holder.see_certificate().await;
    assert!(matches!(view.refusal(Service::Renewal), Some(Refusal::RenewalTooLate { .. })));
    begun(&mut holder).await;
    assert_ne!(holder.number, late);
    assert_eq!(house.row(&late).await.order.standing, Standing::Withdrawn);
    house.town.clock.go();
}

#[tokio::test]
async fn a20_what_is_not_accepted_is_refunded_and_the_key_stays_as_it_was() {
    let (house, mut holder) = KeyHolder::since(AGO).await;
    let before = holder.certificate(Slot::Sign).await;
    let form = begun(&mut holder).await;
    holder.enter(&form).await.given::<OrderView>();
    up_to_the_review(&holder).await;
    house.second_reviewer().await.reject(&holder.number, "资料与登记信息不符").await;
    assert_eq!(holder.see().await.standing, Standing::Rejected);
    assert_eq!(holder.certificate(Slot::Sign).await, before);
    assert_eq!(on_the_key(&house, &holder.serial).await.len(), 1);
    until("the money to be back", || async {
        let paid = house.row(&holder.number).await.order.paid?;
        (paid.refund == RefundState::Done).then_some(())
    })
    .await;
}
