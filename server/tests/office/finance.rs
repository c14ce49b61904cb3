//! 财务: the voucher's boundary rows: missing, unreadable, short, over, another name, the same on two orders (R083, R101, A36).

use crate::clerk::{Clerk, unreadable};
use crate::loser::Owner;
use crate::picture;
use crate::replacer::{Replacer, credit, enter, line, settle};
use crate::town::Streets;
use app::desk::DeskError;
use app::desk::finance::{Credit, Difference, FinanceView, Imported, LineState};
use app::desk::orders::OrderView;
use journey::evidence::EvidenceKind;
use journey::order::Standing;
use journey::step::Step;
use serde_json::{Value, json};

/// Every server function of this desk.
pub fn calls(number: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("finance/view", json!({})),
        ("finance/enter", json!({ "credit": {} })),
        ("finance/import", json!({ "text": "" })),
        ("finance/match", json!({ "line": "1", "number": number, "why": "" })),
        ("finance/put_aside", json!({ "line": "1", "why": "不属于任何订单" })),
        ("finance/refunded", json!({ "bank_number": "1" })),
        ("finance/discontinue", json!({ "number": number })),
    ]
}

async fn waiting() -> (Owner, Replacer, Clerk) {
    Box::pin(submitted()).await
}

async fn submitted() -> (Owner, Replacer, Clerk) {
    let owner = Owner::made().await;
    let mut replacer = Replacer::begin(&owner, true).await;
    replacer.walk_to_review().await;
    let finance = owner.clerk("caiwu").await;
    (owner, replacer, finance)
}

#[tokio::test]
async fn r083_short_and_over_count_for_nothing() {
    let (owner, replacer, finance) = waiting().await;
    let number = &replacer.applicant.number;
    for (bank_number, amount, difference, code) in [
        ("S1", "79.99", Difference::Short, "amount_differs"),
        ("S2", "80.01", Difference::Over, "amount_differs"),
    ] {
        let wrong = Credit {
            amount: amount.into(),
            ..credit(&owner.applicant.holder, bank_number, &replacer.reference)
        };
        let desk = enter(&finance, &wrong).await;
        let found = line(&desk, bank_number);
        assert_eq!(found.order.as_ref().unwrap().differs, [difference]);
        assert_eq!(settle(&finance, &found.id, number, "差额已电话确认").await.refusal(), code);
    }
    assert!(!replacer.facts().await.transferred);
    // What belongs to no order is put aside, with a reason.
    let desk: FinanceView = finance.browser.call("finance/view", json!({})).await.given();
    let id = line(&desk, "S1").id.clone();
    let silent = finance.browser.call("finance/put_aside", json!({ "line": id, "why": " " })).await;
    assert_eq!(silent.fields()[0].1, "why_matched_missing");
    let aside = finance
        .browser
        .call("finance/put_aside", json!({ "line": id, "why": "金额不符，已退回付款人" }))
        .await;
    let desk: FinanceView = aside.given();
    assert_eq!(line(&desk, "S1").state, LineState::PutAside);
    let late = settle(&finance, &id, number, "重新核对").await;
    assert!((400..500).contains(&late.status), "decided once: {}", late.text());
}

#[tokio::test]
async fn r083_another_name_or_no_reference_wants_a_reason_that_stays() {
    let (owner, replacer, finance) = waiting().await;
    let number = &replacer.applicant.number;
    let odd =
        Credit { payer_name: "某某个人".into(), ..credit(&owner.applicant.holder, "N1", "证书费") };
    let desk = enter(&finance, &odd).await;
    let found = line(&desk, "N1");
    assert_eq!(found.order, None, "neither reference nor name points anywhere");
    let refused = settle(&finance, &found.id, number, "").await;
    assert_eq!(refused.fields(), [("why".to_owned(), "why_matched_missing".to_owned())]);
    let settled = settle(&finance, &found.id, number, "法人垫付，已取得说明").await;
    let desk: FinanceView = settled.given();
    let found = line(&desk, "N1");
    assert_eq!((found.state, found.why.as_deref()), (LineState::Matched, Some("法人垫付，已取得说明")));
    assert_eq!(found.decided_by.as_deref(), Some("caiwu"));
    assert!(replacer.facts().await.transferred);
    // The same line counts once, and a second transfer goes back (R131).
    assert!((400..500).contains(&settle(&finance, &found.id, number, "再来一次").await.status));
    let desk = enter(&finance, &credit(&owner.applicant.holder, "N2", &replacer.reference)).await;
    settle(&finance, &line(&desk, "N2").id.clone(), number, "").await.given::<FinanceView>();
    owner.house.errands_rest().await;
    let desk: FinanceView = finance.browser.call("finance/view", json!({})).await.given();
    assert_eq!(desk.refunds.iter().map(|refund| refund.bank_number.as_str()).collect::<Vec<_>>(), ["N2"]);
    owner.house.journal_tells_the_row(number).await;
}

#[tokio::test]
async fn the_same_voucher_on_two_orders_is_seen_and_wants_a_reason() {
    let (owner, first, finance) = waiting().await;
    // Another holder of the same house, with a certificate of its own, shows the very same picture.
    let mut other = owner.house.applicant();
    other.walk_to(Step::Review).await;
    let Owner { house, .. } = owner;
    let second_owner = Owner::of(house, other).await;
    let mut second = Replacer::begin(&second_owner, true).await;
    second.walk_to_review().await;
    let desk = enter(&finance, &credit(&second_owner.applicant.holder, "V1", &second.reference)).await;
    let found = line(&desk, "V1");
    let candidate = found.order.as_ref().unwrap();
    assert_eq!(candidate.differs, [Difference::SameVoucher]);
    assert_eq!(candidate.same_voucher, std::slice::from_ref(&first.applicant.number));
    let refused = settle(&finance, &found.id, &second.applicant.number, "").await;
    assert_eq!(refused.fields()[0].0, "why");
    settle(&finance, &found.id, &second.applicant.number, "两笔汇款均已到账").await.given::<FinanceView>();
}

#[tokio::test]
async fn a53_an_unreadable_voucher_is_returned_and_comes_again() {
    let (owner, mut replacer, _) = waiting().await;
    let reviewer = owner.clerk("shenhe").await;
    let number = replacer.applicant.number.clone();
    reviewer.send_back(&number, vec![unreadable(EvidenceKind::PaymentVoucher, "看不清金额")]).await;
    let view = replacer.applicant.see().await;
    assert_eq!(view.standing, Standing::Open(Step::Evidence));
    assert_eq!(replacer.applicant.submit().await.refusal(), "evidence_missing", "R101");
    replacer.applicant.upload(EvidenceKind::PaymentVoucher, picture::scan()).await.given::<OrderView>();
    replacer.applicant.submit().await.given::<OrderView>();
    assert_eq!(
        replacer.applicant.see().await.standing,
        Standing::Open(Step::Review),
        "what was signed stays signed"
    );
}

#[tokio::test]
async fn a_statement_is_imported_line_by_line_and_once() {
    let (owner, replacer, finance) = waiting().await;
    let text = format!(
        "\u{feff}交易流水号,入账日期,金额,付款户名,付款账号,附言\r\n\
         C1,2026-11-22,\"80.00\",{},{},{}\r\nC2,2026-13-01,80.00,某公司,1,\r\nC3,2026-11-22,零,某公司,1,\r\n",
        owner.applicant.holder.name, owner.applicant.holder.account, replacer.reference
    );
    let imported: Imported = finance.browser.call("finance/import", json!({ "text": text })).await.given();
    assert_eq!((imported.entered, imported.known), (1, 0));
    let refused: Vec<_> =
        imported.refused.iter().map(|(line, error)| (*line, error.field.as_str())).collect();
    assert_eq!(refused, [(3, "booked_on"), (4, "amount")]);
    let again: Imported = finance.browser.call("finance/import", json!({ "text": text })).await.given();
    assert_eq!((again.entered, again.known), (0, 1));
    let desk: FinanceView = finance.browser.call("finance/view", json!({})).await.given();
    let found = line(&desk, "C1");
    assert!(!found.payer_account.contains(&owner.applicant.holder.account), "only the last digits are kept");
    assert_eq!(found.order.as_ref().unwrap().number, replacer.applicant.number);
    let nothing = finance.browser.call("finance/import", json!({ "text": "hello" })).await;
    assert_eq!(nothing.fields()[0].0, "statement");
    let known = credit(&owner.applicant.holder, "C1", "");
    let refused = finance.browser.call("finance/enter", json!({ "credit": known })).await;
    assert_eq!(refused.fields(), [("bank_number".to_owned(), "bank_number_known".to_owned())]);
    // For finance alone.
    let reviewer = owner.clerk("shenhe").await;
    let other = reviewer.browser.call("finance/view", json!({})).await;
    assert_eq!(other.refused(403), DeskError::NotYourDesk);
}
