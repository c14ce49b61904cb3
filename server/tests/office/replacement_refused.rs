//! 单位证书补办: what is refused on the way, and what goes back (R088 to R101, R133, R142, A34, A37 to A39).

use crate::faults::set_changed_days_ago;
use crate::holder::Organisation;
use crate::loser::{Owner, records};
use crate::relying::Relying;
use crate::replacement::reason_is;
use crate::replacer::{Replacer, credit, enter, line, settle, start};
use crate::town::until;
use app::desk::DeskError;
use app::desk::finance::Difference;
use app::desk::orders::OrderView;
use certificate::revocation::Reason;
use journey::order::Standing;
use journey::refusal::Refusal;
use journey::step::Step;
use serde_json::json;
#[tokio::test]
async fn r097_r101_no_online_payment_and_no_submission_without_a_voucher() {
    let owner = Owner::made().await;
    let mut replacer = Replacer::begin(&owner, true).await;
    replacer.fill().await;
    replacer.applicant.confirm().await.given::<OrderView>();
    let number = json!({ "number": replacer.applicant.number });
    let channels: Vec<String> = replacer.applicant.browser.call("payments/channels", number).await.given();
    assert!(channels.is_empty(), "R097");
    for kind in &crate::replacer::EVIDENCE[..2] {
        replacer.applicant.upload(*kind, crate::picture::scan()).await.given::<OrderView>();
    }
    assert_eq!(replacer.applicant.submit().await.refusal(), "evidence_missing");
    // A34: the voucher may come later, and after fifteen days the order is closed.
    let ground = &owner.house.office.ground;
    owner.house.town.clock.forward_minutes(60 * 24 * 15 - 5);
    server::orders::expire_stale(ground, ground.now().plus_days(-30)).await.unwrap();
    assert_eq!(owner.house.row(&replacer.applicant.number).await.order.step(), Some(Step::Evidence));
    owner.house.town.clock.forward_minutes(10);
    server::orders::expire_stale(ground, ground.now().plus_days(-30)).await.unwrap();
    assert_eq!(owner.house.row(&replacer.applicant.number).await.order.standing, Standing::Expired);
}

#[tokio::test]
async fn r133_a39_one_open_replacement_and_none_of_what_has_ended() {
    let owner = Owner::made().await;
    let browser = owner.proven().await;
    // R087: only a record that this visit was shown.
    assert_eq!(start(&browser, "4a00", true, "").await.refused(404), DeskError::NotFound);
    let stranger = owner.house.town.browser();
    assert_eq!(start(&stranger, &owner.sign, true, "").await.refused(401), DeskError::SignInAgain);
    // Through the general door there is no replacement without a record.
    let wanted = json!({ "service": "replacement", "party": "organisation" });
    assert_eq!(browser.call("orders/start", wanted).await.refusal(), "route_not_offered");
    // A34: a reference that nobody was given.
    let made_up = start(&browser, &owner.sign, true, "K7M3QX").await.fields();
    assert_eq!(made_up, [("reference".to_owned(), "reference_unknown".to_owned())]);
    let given: String = browser.call("replacement/reference", json!({})).await.given();
    let again: String = browser.call("replacement/reference", json!({})).await.given();
    assert_eq!(given, again, "the same for this visit");
    // Typed on another device, as people type.
    let device = owner.proven().await;
    let typed = format!(" {}-{}", &given[..3].to_lowercase(), &given[3..]);
    let number: String = start(&device, &owner.sign, false, &typed).await.given();
    let second = start(&device, &owner.sign, true, "").await;
    assert_eq!(second.refusal(), "order_already_open");
    let line = &records(&device).await[0];
    assert_eq!(line.open_replacement.as_ref(), Some(&number));
    assert!(matches!(line.replace_refused, Some(Refusal::OrderAlreadyOpen { .. })));
    assert!(!line.on_hold, "the tick was taken out");
    // Withdrawn: another may begin. Ended: none may (A39).
    let view: OrderView = device.call("orders/view", json!({ "number": number })).await.given();
    let act = json!({ "number": number, "version": view.version, "act": "withdraw" });
    device.call("orders/act", act).await.given::<OrderView>();
    assert_eq!(records(&device).await[0].replace_refused, None);
    // A38: less than ninety days left, it says so; after the end it is not replaced.
    let mut reader = owner.house.office.ground.store.read().await.unwrap();
    let end = server::standing::facts(&mut reader, &owner.sign).await.unwrap().unwrap().not_after;
    drop(reader);
    let left =
        |days: i64| (end.millis() - owner.house.office.ground.now().millis()) / 60_000 - days * 24 * 60;
    owner.house.town.clock.forward_minutes(left(90) + 1);
    let late = crate::loser::reopened(&owner).await;
    assert!(records(&late).await[0].renewal_soon);
    owner.house.town.clock.forward_minutes(left(0) + 1);
    let late = crate::loser::reopened(&owner).await;
    assert!(records(&late).await[0].expired);
    assert_eq!(start(&late, &owner.sign, true, "").await.refusal(), "certificate_expired");
}

#[tokio::test]
async fn r090_the_holder_of_the_certificate_stays_the_holder() {
    let owner = Owner::made().await;
    let mut replacer = Replacer::begin(&owner, true).await;
    let agreement = replacer.applicant.catalogue().await.agreement_version;
    let form = replacer.applicant.see().await.details;
    let other = Organisation::made_up();
    for (changed, expected) in [
        (
            journey::details::DetailsForm {
                holder_name: other.name.clone(),
                invoice_title: other.name.clone(),
                account_name: other.name.clone(),
                ..form.clone()
            },
            "locked_to_certificate",
        ),
        (
            journey::details::DetailsForm { holder_id: other.credit_code.clone(), ..form.clone() },
            "locked_to_certificate",
        ),
        (
            journey::details::DetailsForm { invoice_title: "别家公司".into(), ..form.clone() },
            "locked_to_holder_name",
        ),
        (
            journey::details::DetailsForm { account_name: "别家公司".into(), ..form.clone() },
            "locked_to_holder_name",
        ),
    ] {
        let changed = journey::details::DetailsForm { agreement: agreement.clone(), ..changed };
        assert_eq!(replacer.applicant.fill(&changed).await.fields()[0].1, expected);
    }
    // R088: without the tick there is no 下一步.
    assert_eq!(replacer.applicant.fill(&form).await.fields()[0].0, "agreement");
    replacer.fill().await;
    let id = owner.house.row(&replacer.applicant.number).await.id;
    let mut reader = owner.house.office.ground.store.read().await.unwrap();
    let kept: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT version, digest, at FROM agreements WHERE order_id = $1")
            .bind(id)
            .fetch_all(&mut *reader)
            .await
            .unwrap();
    assert_eq!((kept.len(), kept[0].0.as_str(), kept[0].1.len()), (1, agreement.as_str(), 64), "R151");
}

#[tokio::test]
async fn r142_a_withdrawn_replacement_gives_the_money_back_by_the_bank() {
    let owner = Owner::made().await;
    let finance = owner.clerk("caiwu").await;
    let mut replacer = Replacer::begin(&owner, true).await;
    replacer.walk_to_review().await;
    let number = replacer.applicant.number.clone();
    // A36: finance may find the transfer before the review is done.
    let desk = enter(&finance, &credit(&owner.applicant.holder, "B2", &replacer.reference)).await;
    let id = line(&desk, "B2").id.clone();
    settle(&finance, &id, &number, "").await.given::<serde_json::Value>();
    assert!(replacer.facts().await.transferred);
    replacer.applicant.see().await;
    replacer.applicant.withdraw().await.given::<OrderView>();
    let view = until("the refund on the desk", || async {
        let view: app::desk::finance::FinanceView =
            finance.browser.call("finance/view", json!({})).await.given();
        (!view.refunds.is_empty()).then_some(view)
    })
    .await;
    assert_eq!((view.refunds[0].bank_number.as_str(), view.refunds[0].amount.get()), ("B2", 8000));
    let sent = finance.browser.call("finance/refunded", json!({ "bank_number": "B2" })).await;
    let view: app::desk::finance::FinanceView = sent.given();
    assert!(view.refunds.is_empty());
    let again = finance.browser.call("finance/refunded", json!({ "bank_number": "B2" })).await;
    assert_eq!(again.refused(409), DeskError::Changed);
    let after = replacer.applicant.see().await;
    assert_eq!(
        (after.standing, after.refund),
        (Standing::Withdrawn, Some(journey::order::RefundState::Done))
    );
    // A37: nothing was revoked; what is on hold can come back.
    let relying = Relying::on(&owner.house, "issuing");
    reason_is(&relying, &owner.sign, Some(Reason::CertificateHold)).await;
    owner.house.errands_rest().await;
    owner.house.journal_tells_the_row(&number).await;
    assert!(!line(&view, "B2").order.as_ref().unwrap().differs.contains(&Difference::Short));
}

#[tokio::test]
async fn r160_of_a_replacement_that_was_withdrawn_unpaid_no_signature_stays() {
    let owner = Owner::made().await;
    let mut replacer = Replacer::begin(&owner, false).await;
    replacer.walk_to_review().await;
    let (house, number) = (&owner.house, replacer.applicant.number.clone());
    house.errands_rest().await;
    let signatures = async || {
        let mut reader = house.office.ground.store.read().await.unwrap();
        let count: i64 =
            sqlx::query_scalar("SELECT count(*) FROM signatures").fetch_one(&mut *reader).await.unwrap();
        count
    };
    assert_eq!(signatures().await, 1);
    replacer.applicant.see().await;
    replacer.applicant.withdraw().await.given::<OrderView>();
    set_changed_days_ago(house, &number, 2).await;
    house.office.sweep_once().await.unwrap();
    assert!(house.row(&number).await.details.is_none());
    assert_eq!(signatures().await, 0, "the hand that signed is personal data too");
    house.journal_tells_the_row(&number).await;
}
