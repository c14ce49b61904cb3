//! What a verdict brings: things to put right, money back, a passcode that arrives or does not (R031 to R033, R148, A05,
//! A53).

use crate::clerk::{mismatch, unreadable};
use crate::house::House;
use crate::picture;
use crate::review::{usual, waiting};
use crate::town::{Streets, until};
use app::desk::orders::OrderView;
use app::desk::review::{CaseView, Verdict};
use journey::evidence::EvidenceKind;
use journey::identity::IdentityMethod;
use journey::order::{PasscodeState, RefundState, Standing};
use journey::payment::Channel;
use journey::step::Step;
use serde_json::json;
use server::store;

#[tokio::test]
async fn a53_what_came_back_is_put_right_item_by_item_and_not_paid_twice() {
    let (house, mut applicant) = usual().await;
    let outside = &house.town.outside;
    let reviewer = house.reviewer().await;
    let authorisation = EvidenceKind::Authorisation;
    // The carrier takes the same text to the same phone twice a minute at the most; nobody is that fast outside of tests.
    outside.faults(json!({ "sms": { "limits_lifted": true } })).await;
    // Only an upload: the form stays settled.
    reviewer.send_back(&applicant.number, vec![unreadable(authorisation, "公章不清晰")]).await;
    let view = applicant.until_at(Step::Evidence).await;
    assert_eq!(view.returned, [unreadable(authorisation, "公章不清晰")], "R148");
    assert!(view.evidence.iter().all(|one| one.file.is_some()), "what came back is shown beside its reason");
    let sms = outside.messages_of(&applicant.holder.agent_phone, "returned", 1).await;
    assert!(sms[0].text.contains(&applicant.number), "R031");
    let letter = outside.mail_about(&applicant.holder.email, "需要补正").await;
    assert!(letter.text.contains("法人授权书") && letter.text.contains("公章不清晰"), "{}", letter.text);
    assert_eq!(applicant.submit().await.refusal(), "evidence_missing");
    applicant.upload(authorisation, picture::scan()).await.given::<OrderView>();
    let view: OrderView = applicant.submit().await.given();
    assert_eq!(view.standing, Standing::Open(Step::Review), "no second phone check, no second payment");
    assert!(view.returned.is_empty() && view.promise_due.is_some());

    // A field: the form again, in full, and confirmed again; its price does not move (R145).
    reviewer.send_back(&applicant.number, vec![mismatch("street")]).await;
    let view = applicant.until_at(Step::Details).await;
    assert_eq!(view.details.agent_phone, applicant.holder.agent_phone, "to be corrected, so in full");
    let mut form = applicant.form().await;
    form.street = "知春路九号院一号楼".into();
    applicant.fill(&form).await.given::<OrderView>();
    let view: OrderView = applicant.confirm().await.given();
    assert_eq!(view.standing, Standing::Open(Step::Review));
    assert_eq!(applicant.open_payment(Channel::Alipay).await.refusal(), "nothing_due");

    // A third time, and then no more.
    reviewer.send_back(&applicant.number, vec![unreadable(authorisation, "仍不清晰")]).await;
    applicant.until_at(Step::Evidence).await;
    applicant.upload(authorisation, picture::scan()).await.given::<OrderView>();
    applicant.submit().await.given::<OrderView>();
    let case: CaseView = reviewer.claim(&applicant.number).await.given();
    assert_eq!(case.return_rounds, 3);
    let again = Verdict::Return { items: vec![mismatch("street")] };
    assert_eq!(reviewer.decide(&applicant.number, case.version, again).await.refusal(), "rounds_used");
    let passed = reviewer.decide(&applicant.number, case.version, Verdict::Pass).await;
    passed.given::<()>();
    applicant.until_at(Step::Production).await;
    house.errands_rest().await;
    let order = house.row(&applicant.number).await.order;
    assert_eq!((order.surplus.len(), order.paid.unwrap().refund), (0, RefundState::Kept));
    assert_eq!(house.attempts(&applicant.number).await.len(), 1);
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn r033_r148_a_rejection_gives_the_money_back_once_and_no_passcode() {
    for channel in [Channel::Alipay, Channel::WechatPay] {
        let house = House::open().await;
        house.staffed().await;
        let outside = &house.town.outside;
        let mut applicant = house.applicant();
        applicant.walk_to(Step::Payment).await;
        applicant.pay(channel).await;
        outside.mail_about(&applicant.holder.email, "电子发票").await;
        let reviewer = house.reviewer().await;
        reviewer.reject(&applicant.number, "营业执照与登记信息不符").await;
        let view = applicant.until("the refund", |view| view.refund == Some(RefundState::Done)).await;
        assert_eq!(view.standing, Standing::Rejected);
        assert_eq!(view.rejected_reason.as_deref(), Some("营业执照与登记信息不符"));
        assert!(view.moves.is_empty() && view.paid.is_some(), "R131: paid, and given back");
        let sms = outside.messages_of(&applicant.holder.agent_phone, "rejected", 1).await;
        assert!(sms[0].text.contains(&applicant.number), "R031");
        let letter = outside.mail_about(&applicant.holder.email, "未通过审核").await;
        assert!(letter.text.contains("营业执照与登记信息不符") && letter.text.contains("280.00 元"));
        house.errands_rest().await;
        // Exactly once, whatever was repeated: every request carried the same number of ours.
        let attempt = house.attempts(&applicant.number).await.remove(0);
        outside.notices_again(&attempt.out_trade_no).await;
        let trade =
            outside.trades().await.into_iter().find(|t| t.out_trade_no == attempt.out_trade_no).unwrap();
        let whole = if channel == Channel::Alipay { ("TRADE_CLOSED", 28_000) } else { ("REFUND", 0) };
        assert_eq!((trade.state.as_str(), trade.refunded_fen), whole);
        assert_eq!(
            outside.messages_of(&applicant.holder.agent_phone, "notice", 1).await.len(),
            1,
            "已退款, once"
        );
        assert!(outside.messages(&applicant.holder.legal_person_phone).await.is_empty(), "R033");
        // The invoice is reversed (A53); the order is over.
        let row = house.row(&applicant.number).await;
        let mut reader = house.office.ground.store.read().await.unwrap();
        let invoice = store::invoices::find(&mut reader, &row.id).await.unwrap().expect("it was issued");
        assert!(invoice.reversed_at.is_some());
        assert!(store::passcodes::find(&mut reader, &row.id).await.unwrap().is_none(), "R033: never drawn");
        assert_eq!(row.order.passcode, PasscodeState::None);
        drop(reader);
        assert_eq!(reviewer.claim(&applicant.number).await.refusal(), "not_here");
        assert_eq!(applicant.withdraw().await.refusal(), "not_here");
        house.journal_tells_the_row(&applicant.number).await;
    }
}

#[tokio::test]
async fn a05_a_transfer_that_the_bank_refuses_leads_to_another_method() {
    let (house, mut applicant) = waiting(IdentityMethod::CompanyTransfer).await;
    let outside = &house.town.outside;
    outside.faults(json!({ "bank": { "refused": true }, "sms": { "limits_lifted": true } })).await;
    let reviewer = house.reviewer().await;
    reviewer.pass(&applicant.number).await;
    let view = applicant.until("the refusal to arrive", |view| view.passcode_failed.is_some()).await;
    assert_eq!(view.standing, Standing::Open(Step::Details));
    assert!(view.passcode_failed.unwrap().contains("收方行拒绝"));
    assert!(view.passcode_sent_at.is_none());
    let told = outside.messages_of(&applicant.holder.agent_phone, "notice", 1).await;
    assert_eq!(told[0].params[1], "认证失败");
    // Another method; confirmed and reviewed again, since another form is to be certified; not paid again.
    applicant.method = IdentityMethod::LegalPersonPhone;
    let form = applicant.form().await;
    applicant.fill(&form).await.given::<OrderView>();
    let view: OrderView = applicant.confirm().await.given();
    assert_eq!((view.standing, view.refund), (Standing::Open(Step::Review), Some(RefundState::Kept)));
    reviewer.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let sms = outside.messages_of(&applicant.holder.legal_person_phone, "passcode", 1).await;
    assert_eq!(sms[0].params[0].len(), 8);
    assert!(outside.statement(&applicant.holder.account).await.is_empty(), "no fen arrived");
    assert_eq!(house.attempts(&applicant.number).await.len(), 1);
    house.errands_rest().await;
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn a_carrier_that_is_down_delays_the_passcode_and_loses_nothing() {
    let (house, mut applicant) = usual().await;
    let outside = &house.town.outside;
    outside.faults(json!({ "sms": { "answer": { "fault": "server_error" } } })).await;
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Passcode).await;
    until("a try to fail", || async {
        let tries = outside.history(&applicant.holder.legal_person_phone).await;
        (!tries.is_empty()).then_some(())
    })
    .await;
    outside.no_faults().await;
    house.town.clock.forward_s(10);
    applicant.until_at(Step::Production).await;
    let sms = outside.messages_of(&applicant.holder.legal_person_phone, "passcode", 1).await;
    assert_eq!(sms.len(), 1);
}

#[tokio::test]
async fn r142_an_order_is_withdrawn_with_its_money_until_its_key_is_begun() {
    let (house, mut applicant) = usual().await;
    let outside = &house.town.outside;
    outside.mail_about(&applicant.holder.email, "电子发票").await;
    assert_eq!(applicant.withdraw().await.given::<OrderView>().standing, Standing::Withdrawn);
    let view = applicant.until("the refund", |view| view.refund == Some(RefundState::Done)).await;
    assert!(view.paid.is_some() && view.moves.is_empty(), "R131");
    let trades = outside.trades().await;
    assert_eq!((trades.len(), trades[0].refunded_fen), (1, 28_000));
    // Withdrawn once: a second click, and everything that was under way, finds it over.
    assert_eq!(applicant.withdraw().await.refusal(), "not_here");
    let reviewer = house.reviewer().await;
    assert_eq!(reviewer.claim(&applicant.number).await.refusal(), "not_here");
    house.errands_rest().await;
    house.journal_tells_the_row(&applicant.number).await;

    // After the passcode has left, while nobody has taken the job: still, and the passcode is destroyed.
    let mut late = house.applicant();
    late.walk_to(Step::Review).await;
    reviewer.pass(&late.number).await;
    late.until_at(Step::Production).await;
    late.withdraw().await.given::<OrderView>();
    late.until("the refund", |view| view.refund == Some(RefundState::Done)).await;
    house.errands_rest().await;
    let row = house.row(&late.number).await;
    let mut reader = house.office.ground.store.read().await.unwrap();
    assert!(store::passcodes::find(&mut reader, &row.id).await.unwrap().unwrap().sealed.is_none());
    drop(reader);

    // Once a producer has begun: not by a click any more (A54).
    let mut too_late = house.applicant();
    too_late.walk_to(Step::Review).await;
    reviewer.pass(&too_late.number).await;
    too_late.until_at(Step::Production).await;
    house.producer().await.take(&too_late.number).await.given::<app::desk::production::JobView>();
    too_late.see().await;
    assert_eq!(too_late.withdraw().await.refusal(), "production_started");
    house.journal_tells_the_row(&too_late.number).await;
}

/// A paid order that was rejected while its provider makes no refunds; and what became of the refund's errand.
async fn rejected_without_refund(channel: Channel) -> (House, crate::applicant::Applicant, String) {
    let house = House::open().await;
    house.staffed().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Payment).await;
    applicant.pay(channel).await;
    house.town.outside.faults(json!({ channel.code(): { "refund_fails": true } })).await;
    house.reviewer().await.reject(&applicant.number, "资料不实").await;
    let number = house.attempts(&applicant.number).await.remove(0).out_trade_no;
    until("the refund to be asked for", || async {
        let history = house.town.outside.history(&number).await;
        let wanted = if channel == Channel::Alipay { "refund" } else { "REFUND.ABNORMAL" };
        history.iter().any(|exchange| exchange.action == wanted).then_some(())
    })
    .await;
    let view = applicant.see().await;
    assert_eq!(
        (view.standing, view.refund),
        (Standing::Rejected, Some(RefundState::Due)),
        "R131: not forgotten"
    );
    (house, applicant, number)
}

#[tokio::test]
async fn r131_a_refund_waits_until_there_is_money_in_the_merchants_account() {
    let (house, mut applicant, number) = rejected_without_refund(Channel::Alipay).await;
    house.town.outside.no_faults().await;
    house.town.clock.forward_s(10);
    applicant.until("the refund", |view| view.refund == Some(RefundState::Done)).await;
    house.errands_rest().await;
    let trades = house.town.outside.trades().await;
    let trade = trades.iter().find(|trade| trade.out_trade_no == number).unwrap();
    assert_eq!((trade.state.as_str(), trade.refunded_fen), ("TRADE_CLOSED", 28_000));
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn r131_a_refund_that_cannot_arrive_is_left_to_a_person_and_stays_due() {
    let (house, mut applicant, _) = rejected_without_refund(Channel::WechatPay).await;
    house.town.clock.forward_s(31);
    until("the refund to be left to a person", || async {
        let left = house.errands_left().await;
        left.iter().any(|(kind, state, ..)| kind == "refund" && state == "given_up").then_some(())
    })
    .await;
    assert_eq!(applicant.see().await.refund, Some(RefundState::Due));
    house.journal_tells_the_row(&applicant.number).await;
}
