//! When a certificate may be renewed, by the office's clock: to the second, and again when the order is confirmed.

use crate::key_holder::KeyHolder;
use crate::renewal::end_of;
use app::desk::held::HeldState;
use app::desk::orders::OrderView;
use certificate::Certificate;
use journey::eligibility::renewed_until;
use journey::moment::Moment;
use journey::order::Standing;
use journey::payment::Channel;
use journey::refusal::Refusal;
use journey::service::Service;
use journey::step::Step;
use key::key::Slot;
use serde_json::json;

const DAY: i64 = 86_400_000;

fn moved(moment: Moment, millis: i64) -> Moment {
    Moment::from_millis(moment.millis() + millis)
}

#[tokio::test]
async fn r053_r054_r055_r155_the_window_by_the_offices_clock() {
    let (house, mut holder) = KeyHolder::since(1).await;
    let end = end_of(&holder.certificate(Slot::Sign).await);
    let opens_at = moved(end, -90 * DAY);
    let closed_at = moved(end, 365 * DAY);
    let early = Some(Refusal::RenewalTooEarly { opens_at });
    let late = Some(Refusal::RenewalTooLate { closed_at });
    for (at, expected, state) in [
        (moved(opens_at, -1000), &early, HeldState::Good),
        // Exactly 90 days left: not yet (A12).
        (opens_at, &early, HeldState::Good),
        (moved(opens_at, 1000), &None, HeldState::Good),
        (moved(end, -1000), &None, HeldState::Good),
        (end, &None, HeldState::Good),
        (moved(end, 1000), &None, HeldState::Expired),
        // Expired for exactly 365 days: still in time (A13).
        (closed_at, &None, HeldState::Expired),
        (moved(closed_at, 1000), &late, HeldState::Expired),
    ] {
        house.town.clock.stand_at(at);
        let view = holder.see_certificate().await;
        assert_eq!(view.refusal(Service::Renewal), expected.as_ref(), "at {at}");
        assert_eq!((view.state, view.not_after, view.now), (state, end, at));
        let started = holder.start(Service::Renewal).await;
        match expected {
            None => drop(started.given::<String>()),
            Some(refusal) => assert_eq!(started.refusal(), refusal.code(), "at {at}"),
        }
        // Each with an order of its own.
        holder.elsewhere();
    }
    house.town.clock.go();
}

#[tokio::test]
async fn a17_r054_the_window_is_looked_at_again_when_the_order_is_confirmed() {
    // Ended 364 days ago: tomorrow it is too late.
    let (house, mut holder) = KeyHolder::since(365 + 364).await;
    let closed_at = moved(end_of(&holder.certificate(Slot::Sign).await), 365 * DAY);
    holder.start(Service::Renewal).await.given::<String>();
    holder.log_in().await.given::<String>();
    holder.check_details().await.given::<OrderView>();
    holder.check_phone().await.given::<OrderView>();
    house.town.clock.stand_at(moved(closed_at, 1000));
    // A day has passed: the key leads to what lies there.
    let number = holder.number.clone();
    holder.elsewhere();
    holder.start(Service::Renewal).await.given::<String>();
    holder.log_in().await.given::<String>();
    assert_eq!(holder.number, number);
    assert_eq!(holder.confirm().await.refusal(), "renewal_too_late");
    assert_eq!(holder.see().await.standing, Standing::Open(Step::Confirm));
    house.town.clock.stand_at(closed_at);
    holder.confirm().await.given::<OrderView>();
    house.town.clock.go();
    // Whoever confirmed in time pays and gets it.
    holder.pay(Channel::WechatPay).await;
    holder.write(&mut |_| Ok(())).await.unwrap();
    assert_eq!(holder.see().await.standing, Standing::Completed);
}

#[tokio::test]
async fn a15_r057_a_certificate_that_ends_between_payment_and_writing_counts_from_the_issue() {
    let (house, mut holder) = KeyHolder::since(300).await;
    let old_end = end_of(&holder.certificate(Slot::Sign).await);
    holder.renew_up_to_the_writing(Channel::Alipay).await;
    house.town.clock.stand_at(moved(old_end, 10 * DAY));
    comes_back(&mut holder).await;
    holder.write(&mut |_| Ok(())).await.unwrap();
    let new = Certificate::from_der(&holder.certificate(Slot::Sign).await).unwrap();
    let from = Moment::from_millis(new.not_before() * 1000);
    assert!(from > old_end);
    assert_eq!(end_of(new.der()), renewed_until(old_end, from));
    assert_eq!(end_of(new.der()), renewed_until(from, from), "R057");
    house.town.clock.go();
}

#[tokio::test]
async fn a17_what_was_paid_in_time_is_written_after_day_365_too() {
    let (house, mut holder) = KeyHolder::since(365 + 364).await;
    let closed_at = moved(end_of(&holder.certificate(Slot::Sign).await), 365 * DAY);
    holder.renew_up_to_the_writing(Channel::Alipay).await;
    house.town.clock.stand_at(moved(closed_at, 3 * DAY));
    comes_back(&mut holder).await;
    holder.write(&mut |_| Ok(())).await.unwrap();
    assert_eq!(holder.see().await.standing, Standing::Completed);
    house.town.clock.go();
}

/// At another computer, days later: the page lets them sign in, and that leads to what is paid.
async fn comes_back(holder: &mut KeyHolder) {
    let number = holder.number.clone();
    holder.elsewhere();
    assert_eq!(holder.see_certificate().await.refusal(Service::Renewal), None);
    holder.start(Service::Renewal).await.given::<String>();
    holder.log_in().await.given::<String>();
    assert_eq!(holder.number, number);
}

#[tokio::test]
async fn r067_another_key_than_the_one_that_signed_in_gets_nothing_written() {
    let (_house, mut holder) = KeyHolder::since(300).await;
    holder.renew_up_to_the_writing(Channel::Alipay).await;
    let own = std::mem::replace(&mut holder.serial, "SK00000009".into());
    for call in ["loading/make", "loading/issue"] {
        let other = json!({ "number": holder.number, "key_serial": holder.serial, "request": null });
        assert_eq!(holder.browser.call(call, other).await.refusal(), "key_differs", "{call}");
    }
    assert_eq!(holder.see().await.standing, Standing::Open(Step::Issuing));
    holder.serial = own;
    holder.write(&mut |_| Ok(())).await.unwrap();
}
