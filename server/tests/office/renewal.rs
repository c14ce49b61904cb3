//! 证书更新: who may, from when and until when, what it costs to try otherwise, and how the new year comes onto the key.

use crate::house::House;
use crate::key_holder::KeyHolder;
use crate::key_writing::Broken;
use crate::town::until;
use app::desk::DeskError;
use app::desk::error::{CodeRefusal, ProofRefusal};
use app::desk::held::{HeldState, LoginProof};
use app::desk::loading::{LoadingStage, LoadingView, Switched};
use app::desk::orders::OrderView;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::{Certificate, cipher};
use journey::details::DetailsForm;
use journey::eligibility::renewed_until;
use journey::moment::Moment;
use journey::order::Standing;
use journey::payment::Channel;
use journey::refusal::Refusal;
use journey::service::Service;
use journey::step::Step;
use key::key::Slot;
use server::clock::{Dice, SystemEntropy};
use std::sync::Arc;

pub fn end_of(der: &[u8]) -> Moment {
    Moment::from_millis(Certificate::from_der(der).unwrap().not_after() * 1000)
}

/// (serial, state) of every signing certificate on this key, the oldest first.
pub async fn on_the_key(house: &House, key: &str) -> Vec<(String, String)> {
    let mut reader = house.office.ground.store.read().await.unwrap();
    let rows = sqlx::query_as(
        "SELECT serial, state FROM certificates WHERE key_serial = $1 AND slot = 'sign' ORDER BY recorded_at",
    );
    rows.bind(key).fetch_all(&mut *reader).await.unwrap()
}

/// What was written counts as soon as the office has told its standing, a moment after the writing.
pub async fn until_the_new_pair_counts(house: &House, key: &str) {
    until("the new pair to count", || async {
        let states = on_the_key(house, key).await;
        (states.last()?.1 == "active").then_some(())
    })
    .await;
}

#[tokio::test]
async fn r061_r065_r066_a_year_is_added_to_the_old_end_and_what_was_encrypted_before_still_opens() {
    let (house, mut holder) = KeyHolder::since(300).await;
    let old_sign = holder.certificate(Slot::Sign).await;
    let old_encrypt = Certificate::from_der(&holder.certificate(Slot::Encrypt).await).unwrap();
    let old_end = end_of(&old_sign);
    let bid = b"a bid that nobody opened yet";
    let mut dice = Dice::new(Arc::new(SystemEntropy::default()));
    let before = cipher::encrypt(&old_encrypt.public_key().unwrap(), bid, &mut dice).unwrap();

    holder.renew_up_to_the_writing(Channel::WechatPay).await;
    let view = holder.see().await;
    let steps: Vec<Step> = view.steps.iter().map(|one| one.step).collect();
    assert!(!steps.iter().any(|step| matches!(step, Step::Evidence | Step::Review | Step::Dispatch)), "R066");
    let view: LoadingView = holder.loading().await.given();
    assert_eq!((view.stage, view.old_end), (LoadingStage::Make, old_end));
    assert_eq!(view.new_end, renewed_until(old_end, old_end), "R056");
    holder.write(&mut |_| Ok(())).await.unwrap();

    let done = holder.see().await;
    assert_eq!(done.standing, Standing::Completed);
    let new_sign = holder.certificate(Slot::Sign).await;
    assert_eq!(end_of(&new_sign), renewed_until(old_end, old_end));
    let point = old_encrypt.public_key().unwrap().to_point();
    assert_eq!(holder.decrypt_with_any(&point, &before).await, bid, "B02");
    // I4: one active, and the old one superseded.
    until("the old pair to be superseded", || async {
        let states: Vec<String> =
            on_the_key(&house, &holder.serial).await.into_iter().map(|(_, state)| state).collect();
        (states == ["revoked", "active"]).then_some(())
    })
    .await;
    // The notice, and the invoice of the one payment.
    house.town.outside.messages_of(&holder.agent_phone, "notice", 1).await;
    house.errands_rest().await;
    let number = holder.number.clone();
    house.journal_tells_the_row(&number).await;
    assert_eq!(
        house.attempts(&number).await.iter().filter(|one| one.state.code() == "paid").count(),
        1,
        "I3"
    );
    // The next renewal waits for its own window.
    let view = holder.see_certificate().await;
    assert!(matches!(view.refusal(Service::Renewal), Some(Refusal::RenewalTooEarly { .. })));
    let view: LoadingView = holder.loading().await.given();
    assert_eq!(view.stage, LoadingStage::Done);
}

#[tokio::test]
async fn r052_r057_a22_an_expired_certificate_signs_in_and_its_new_year_begins_with_the_issue() {
    let (house, mut holder) = KeyHolder::since(400).await;
    assert_eq!(holder.see_certificate().await.state, HeldState::Expired);
    holder.renew_up_to_the_writing(Channel::Alipay).await;
    let view = holder.see().await;
    assert!(view.paid.is_some() && view.price.get() > 0, "R052: with payment, {view:?}");
    assert_eq!(holder.see_certificate().await.state, HeldState::Expired, "not before it is written");
    holder.write(&mut |_| Ok(())).await.unwrap();
    until_the_new_pair_counts(&house, &holder.serial).await;
    assert_eq!(holder.see_certificate().await.state, HeldState::Good, "R052: it works again");
    let new = Certificate::from_der(&holder.certificate(Slot::Sign).await).unwrap();
    let from = Moment::from_millis(new.not_before() * 1000);
    assert_eq!(end_of(new.der()), renewed_until(from, from));
}

#[tokio::test]
async fn r061_a22_only_the_key_itself_signs_in_once_and_soon() {
    let (house, mut holder) = KeyHolder::since(300).await;
    holder.start(Service::Renewal).await.given::<String>();
    // Until then the order says nothing of its holder to who has the certificate alone.
    assert_eq!(holder.see().await.details, DetailsForm::default());
    assert_eq!(holder.loading().await.refusal(), "certificate_unknown");
    let origin = house.town.url.clone();
    let challenge: String = holder.challenge().await.given();
    let good = holder.login_proof(&origin, &challenge).await.unwrap();
    // Signed for another site.
    let elsewhere = holder.login_proof("https://evil.example", &challenge).await.unwrap();
    assert_eq!(holder.hand_in(&elsewhere).await.refused(422), DeskError::Proof(ProofRefusal::NotThisKey));
    // The challenge is used up by that.
    assert_eq!(holder.hand_in(&good).await.refused(409), DeskError::Changed);
    // Too late.
    let challenge: String = holder.challenge().await.given();
    let late = holder.login_proof(&origin, &challenge).await.unwrap();
    house.town.clock.forward_minutes(11);
    assert_eq!(holder.hand_in(&late).await.refused(409), DeskError::Changed);
    house.town.clock.forward_minutes(-11);
    // R067: another key, by its own word.
    let challenge: String = holder.challenge().await.given();
    let mut other = holder.login_proof(&origin, &challenge).await.unwrap();
    other.key_serial = "SK00000009".into();
    assert_eq!(holder.hand_in(&other).await.refusal(), "key_differs");
    let nobody = LoginProof { sign_certificate: BASE64.encode(b"x"), ..good };
    holder.challenge().await.given::<String>();
    assert_eq!(holder.hand_in(&nobody).await.refusal(), "certificate_unknown");
    holder.log_in().await.given::<String>();
    assert_eq!(holder.see().await.standing, Standing::Open(Step::Details));
}

#[tokio::test]
async fn r067_a18_a_renewal_certifies_what_is_certified_and_asks_the_reserved_phone() {
    let (house, mut holder) = KeyHolder::since(300).await;
    holder.start(Service::Renewal).await.given::<String>();
    holder.log_in().await.given::<String>();
    let was = holder.see().await.details;
    let mut form = was.clone();
    form.holder_name = "上海别家贸易有限公司".into();
    form.agent_phone = "13900000000".into();
    form.email = "new@example.cn".into();
    form.agreement = holder
        .browser
        .call("catalogue", serde_json::json!({}))
        .await
        .given::<app::desk::orders::Catalogue>()
        .agreement_version;
    holder.enter(&form).await.given::<OrderView>();
    let now = holder.see().await.details;
    assert_eq!((now.holder_name, now.agent_phone), (was.holder_name, was.agent_phone));
    assert_eq!(now.email, "new@example.cn", "where the invoice goes");
    let wrong = serde_json::json!({ "number": holder.number, "code": "000000" });
    let refused = holder.browser.call("orders/phone/check", wrong).await.refused(422);
    assert_eq!(refused, DeskError::Code(CodeRefusal::Gone));
    holder.check_phone().await.given::<OrderView>();
    drop(house);
}

#[tokio::test]
async fn r133_a_second_order_leads_to_the_first_and_a_stranger_with_the_certificate_blocks_nobody() {
    let (_house, mut holder) = KeyHolder::since(300).await;
    // Somebody copied the certificate, which is no secret, and opens orders with it.
    holder.start(Service::Renewal).await.given::<String>();
    let strangers = holder.number.clone();
    holder.elsewhere();
    holder.renew_up_to_the_writing(Channel::Alipay).await;
    let paid = holder.number.clone();
    assert_ne!(paid, strangers);
    // A24: the same key at another computer leads to what is paid, and nothing is paid twice.
    holder.elsewhere();
    holder.start(Service::Renewal).await.given::<String>();
    assert_ne!(holder.number, paid);
    holder.log_in().await.given::<String>();
    assert_eq!(holder.number, paid);
    assert_eq!(holder.see().await.standing, Standing::Open(Step::Issuing));
    // A page that is open twice has one order.
    let first = holder.start(Service::Renewal).await.given::<String>();
    assert_eq!(first, paid);
    holder.write(&mut |_| Ok(())).await.unwrap();
}

#[tokio::test]
async fn r134_a_certificate_on_hold_or_revoked_is_not_renewed() {
    let (house, mut holder) = KeyHolder::since(300).await;
    let sign = Certificate::from_der(&holder.certificate(Slot::Sign).await).unwrap().serial_hex();
    use server::standing::{By, Change, Which, change};
    for (what, expected) in [
        (Change::Suspend, "certificate_suspended"),
        (Change::Revoke(certificate::revocation::Reason::KeyCompromise), "certificate_revoked"),
    ] {
        let (ground, serial) = (house.office.ground.clone(), sign.clone());
        let changed = house.office.ground.store.write(move |tx| {
            Box::pin(async move {
                change(tx, &ground, &Which::PairOf(serial), what, &By::new("office", "试验")).await
            })
        });
        changed.await.unwrap();
        for service in [Service::Renewal, Service::Modification] {
            let view = holder.see_certificate().await;
            assert_eq!(view.refusal(service).map(Refusal::code), Some(expected));
        }
        assert_eq!(holder.start(Service::Renewal).await.refusal(), expected);
    }
}

#[tokio::test]
async fn r138_the_next_pair_is_endorsed_by_the_one_in_use_and_proven_before_the_switch() {
    let (house, mut holder) = KeyHolder::since(300).await;
    holder.renew_up_to_the_writing(Channel::Alipay).await;
    let paper = holder.paper().await.unwrap();
    assert_eq!(holder.paper().await.unwrap().nonce, paper.nonce);
    let request = holder.make(&paper).await.unwrap();
    let mut unendorsed = request.clone();
    unendorsed.endorsement = unendorsed.proof.clone();
    assert!(matches!(holder.issue(Some(&unendorsed)).await, Err(Broken::Office(why)) if why.contains("422")));
    assert!(
        matches!(holder.issue(None).await, Err(Broken::Office(why)) if why.contains("pair_not_generated"))
    );
    let pair = holder.issue(Some(&request)).await.unwrap();
    // The key forgot the pair (a second page began anew): the first certificates are put aside, and it goes on.
    let again = holder.make(&paper).await.unwrap();
    let second = holder.issue(Some(&again)).await.unwrap();
    assert_ne!(second.sign_certificate, pair.sign_certificate);
    assert!(holder.install(&pair).await.is_err());
    holder.install(&second).await.unwrap();
    let states = on_the_key(&house, &holder.serial).await;
    let states: Vec<&str> = states.iter().map(|(_, state)| state.as_str()).collect();
    assert_eq!(states, ["active", "discarded", "signed"]);
    // Words about the pair in use are none about the one beside it.
    let in_use = holder.read_back(key::message::Generation::InUse, &second, &[]).await;
    assert!(in_use.is_err(), "the challenge is for the next encryption pair");
    // Switched without a word before: the office believes what it can check, and asks for what is past.
    holder.switch(&second).await.unwrap();
    let bare = holder.read_back(key::message::Generation::InUse, &second, &[]).await.unwrap();
    let Switched::Missing { pairs } = holder.report_switched(&bare).await.unwrap() else {
        panic!("what was encrypted before was not opened")
    };
    assert_eq!(pairs, 1, "the pair of before can come back from the key centre");
    // Meanwhile the key shows a certificate that does not count yet, and is known by it all the same.
    assert_eq!(holder.see_certificate().await.open_number(Service::Renewal), Some(holder.number.as_str()));
    holder.write(&mut |_| Ok(())).await.unwrap();
    assert_eq!(holder.see().await.standing, Standing::Completed);
}

#[tokio::test]
async fn j34_who_has_renewed_hears_no_more_of_the_old_end() {
    let (house, mut holder) = KeyHolder::since(300).await;
    let old = Certificate::from_der(&holder.certificate(Slot::Sign).await).unwrap().serial_hex();
    let phone = holder.agent_phone.clone();
    let reminders = async || {
        let all = house.town.outside.messages(&phone).await;
        all.iter().filter(|sms| sms.kind == "expiring").count()
    };
    let post = &house.office.post;
    post.text_reminder(&old).await.unwrap();
    let before = reminders().await;
    assert!(before > 0, "65 days are left");
    holder.renew_up_to_the_writing(Channel::Alipay).await;
    holder.write(&mut |_| Ok(())).await.unwrap();
    house.errands_rest().await;
    // None is ordered, and one that was ordered before the renewal finds it done.
    assert_eq!(post.remind_holders().await.unwrap(), 0);
    post.text_reminder(&old).await.unwrap();
    post.mail_reminder(&old, "late").await.unwrap();
    assert_eq!(reminders().await, before);
}
