//! A replacement whose old certificate ends on the way: there is no end to keep (A38), and what has ended is not replaced
//! (A39). Each desk says so, and finance ends the order with the money back.

use crate::loser::Owner;
use crate::replacer::{Replacer, credit, drawn, enter, line, settle};
use crate::town::until;
use app::desk::finance::FinanceView;
use app::desk::review::{CaseView, Verdict};
use journey::order::{RefundState, Standing};
use journey::step::Step;
use serde_json::{Value, json};

/// The lost certificate has ended a minute ago.
async fn ends(owner: &Owner) {
    owner.house.errands_rest().await;
    let ended = owner.house.office.ground.now().plus_minutes(-1).millis();
    let serials = [owner.sign.clone(), owner.encrypt.clone()];
    let written = owner.house.office.ground.store.write(move |tx| {
        Box::pin(async move {
            for serial in serials {
                let row = sqlx::query("UPDATE certificates SET not_after = $1 WHERE serial = $2");
                row.bind(ended).bind(serial).execute(&mut *tx).await?;
            }
            Ok::<_, server::store::StoreError>(())
        })
    });
    written.await.unwrap();
}

async fn begun() -> (Owner, Replacer) {
    let owner = Owner::made().await;
    let replacer = Replacer::begin(&owner, true).await;
    (owner, replacer)
}

#[tokio::test]
async fn a38_a39_ended_between_review_and_production_it_stands_at_finance_and_is_paid_back() {
    let (owner, mut replacer) = Box::pin(begun()).await;
    replacer.walk_to_review().await;
    let number = replacer.applicant.number.clone();
    owner.clerk("shenhe").await.pass(&number).await;
    let finance = owner.clerk("caiwu").await;
    let desk = enter(&finance, &credit(&owner.applicant.holder, "E1", &replacer.reference)).await;
    let id = line(&desk, "E1").id.clone();
    settle(&finance, &id, &number, "").await.given::<Value>();
    replacer.applicant.until_at(Step::Production).await;
    // While there is an end to keep, nobody ends it.
    let call = json!({ "number": number });
    let early = finance.browser.call("finance/discontinue", call.clone()).await;
    assert_eq!(early.refusal(), "not_here");
    assert!(finance.browser.call("finance/view", json!({})).await.given::<FinanceView>().ended.is_empty());

    ends(&owner).await;
    let producer = owner.clerk("zhizheng").await;
    assert_eq!(producer.take(&number).await.refusal(), "replaced_ended", "before a key is spent on it");
    let finance = owner.clerk("caiwu").await;
    let desk: FinanceView = finance.browser.call("finance/view", json!({})).await.given();
    let ended = desk.ended.iter().find(|order| order.number == number).expect("on the desk");
    assert_eq!(ended.paid.map(journey::Fen::get), Some(8_000));
    let desk: FinanceView = finance.browser.call("finance/discontinue", call.clone()).await.given();
    assert!(desk.ended.is_empty());
    let order = owner.house.row(&number).await.order;
    assert_eq!((order.standing, order.refund_state()), (Standing::Rejected, RefundState::Due));
    assert!(order.rejected_for.is_some_and(|reason| reason.contains("到期")), "R148");
    // The transfer goes back by the bank; holder and mailbox hear why to look.
    let desk = until("the refund on the desk", || async {
        let view: FinanceView = finance.browser.call("finance/view", json!({})).await.given();
        (!view.refunds.is_empty()).then_some(view)
    })
    .await;
    assert_eq!((desk.refunds[0].bank_number.as_str(), desk.refunds[0].amount.get()), ("E1", 8_000));
    owner.house.town.outside.messages_of(&owner.applicant.holder.agent_phone, "rejected", 1).await;
    assert_eq!(finance.browser.call("finance/discontinue", call).await.refusal(), "not_here", "once");
    owner.house.errands_rest().await;
    owner.house.journal_tells_the_row(&number).await;
}

#[tokio::test]
async fn a39_ended_at_the_signature_or_at_the_review_it_goes_no_further() {
    let (owner, mut signing) = Box::pin(begun()).await;
    signing.walk_to_signature().await;
    let code = signing.code().await;
    ends(&owner).await;
    assert_eq!(signing.sign_with(drawn(), &code).await.refusal(), "certificate_expired");

    let (owner, mut reviewed) = Box::pin(begun()).await;
    reviewed.walk_to_review().await;
    ends(&owner).await;
    let number = &reviewed.applicant.number;
    let reviewer = owner.clerk("shenhe").await;
    let case: CaseView = reviewer.claim(number).await.given();
    assert_eq!(reviewer.decide(number, case.version, Verdict::Pass).await.refusal(), "replaced_ended");
    let reject = Verdict::Reject { reason: "原证书已到期".into() };
    reviewer.decide(number, case.version, reject).await.given::<()>();
    assert_eq!(owner.house.row(number).await.order.standing, Standing::Rejected);
}
