//! Who may not be unblocked, and who may not do it: R080, R134, R157, A07, A25, A31, A32, B07.

use crate::house::House;
use crate::locked::{Locked, NEW_PIN};
use crate::person_holder::Person;
use crate::town::{Streets, until};
use crate::workbench::Workbench;
use app::desk::DeskError;
use app::desk::error::CodeRefusal;
use app::desk::identity::CheckState;
use app::desk::orders::OrderView;
use app::desk::unblock::UnblockView;
use journey::IdentityDocument;
use journey::details::DetailsForm;
use journey::identity::IdentityMethod;
use journey::order::Standing;
use journey::proof::ProofForm;
use journey::route::Route;
use journey::step::Step;
use serde_json::json;

#[tokio::test]
async fn j41_a50_a_passport_holder_is_offered_the_transfer_alone_and_unblocks_by_it() {
    let house = House::open().await;
    house.staffed().await;
    let mut person = Person::from_abroad(&house.town);
    person.walk_to(Step::Review).await;
    house.reviewer().await.pass(&person.number).await;
    person.until_at(Step::Production).await;
    let mut bench = Workbench::set_up().await;
    bench.make(&house.producer().await, &person.number).await;
    house.errands_rest().await;
    bench.lock().await;
    let browser = house.town.browser();
    let shown = json!({
        "service": "unblock", "route": "usual", "sign_certificate": bench.shown().await, "key_serial": bench.serial,
    });
    let number: String = browser.call("held/start", shown).await.given();
    let present = json!({ "number": number, "key_serial": bench.serial });
    let view: OrderView = browser.call("unblock/present", present).await.given();
    assert_eq!(view.route, Route::ByIdentity, "the first time");
    let beside: UnblockView = browser.call("unblock/view", json!({ "number": number })).await.given();
    assert_eq!(beside.proven_document, IdentityDocument::Passport);
    let enter = |proof: ProofForm| {
        let arguments = json!({ "number": number, "version": view.version, "proof": proof });
        browser.call("unblock/enter", arguments)
    };
    for method in [IdentityMethod::LegalPersonPhone, IdentityMethod::LegalPersonBankCard] {
        let proof = ProofForm {
            method: Some(method),
            legal_person_phone: person.phone.clone(),
            bank_card: person.account.clone(),
            ..ProofForm::default()
        };
        let fields = enter(proof).await.fields();
        assert_eq!((fields[0].0.as_str(), fields[0].1.as_str()), ("method", "method_needs_id_card"));
    }
    let proof = ProofForm {
        method: Some(IdentityMethod::CompanyTransfer),
        account_bank: "招商银行北京中关村支行".into(),
        account_number: person.account.clone(),
        account_bank_code: "308100005078".into(),
        ..ProofForm::default()
    };
    let view: OrderView = enter(proof).await.given();
    assert_eq!(view.standing, Standing::Open(Step::IdentityCheck));
    // One fen more to the same account, with the code in its remark (A28).
    let lines = until("the fen to arrive", || async {
        house.town.clock.forward_s(3);
        let lines = house.town.outside.statement(&person.account).await;
        (lines.len() == 2).then_some(lines)
    })
    .await;
    assert!(lines[1].fen == 1 && lines[1].remark != lines[0].remark, "{lines:?}");
}

#[tokio::test]
async fn r157_r141_whoever_has_a_strangers_key_can_type_and_read_nothing() {
    let mut thief = Locked::out().await;
    let view = thief.arrive().await;
    let holder = thief.applicant.holder.clone();
    let body = serde_json::to_string(&view).unwrap();
    for secret in [&holder.agent_phone, &holder.legal_person_phone, &holder.legal_person_id, &holder.email] {
        assert!(!body.contains(secret.as_str()), "{secret} in {body}");
    }
    // Their own phone instead of the reserved one, by whatever door.
    let form = DetailsForm { agent_phone: "13700000001".into(), ..view.details.clone() };
    let draft = json!({ "number": thief.number, "details": form });
    assert_eq!(thief.browser.call("orders/draft", draft).await.refusal(), "not_here");
    let details = json!({ "number": thief.number, "version": thief.version, "details": form });
    assert_eq!(thief.browser.call("orders/details", details).await.refusal(), "not_here");
    // R080: the first time goes by identity, whatever is asked.
    assert_eq!(thief.enter(None).await.refusal(), "method_missing");
    // Without the check nothing is released.
    let answer = thief.ask_release(&thief.bench.serial, &thief.bench.station_key()).await;
    assert_eq!(answer.refusal(), "not_here");
    // And an order of this service begins with a key.
    let arguments = json!({ "service": "unblock", "party": "organisation" });
    assert_eq!(thief.browser.call("orders/start", arguments).await.refusal(), "route_not_offered");
}

#[tokio::test]
async fn a07_wrong_three_times_a_day_is_not_asked_again() {
    let mut locked = Locked::out().await;
    let phone = locked.applicant.holder.legal_person_phone.clone();
    locked.faults(json!({ "identity": { "outcome": "mismatch" } })).await;
    locked.arrive().await;
    for time in 1..=3 {
        let proof = locked.proof(IdentityMethod::LegalPersonPhone);
        locked.enter(Some(proof)).await.given::<OrderView>();
        let failed = locked.until_checked(CheckState::Failed).await;
        assert_eq!(failed.reason.as_deref(), Some("mismatch"), "{time}");
        let code = locked.authorise("123456").await.refused(422);
        assert_eq!(code, DeskError::Code(CodeRefusal::Gone), "no code was sent");
        locked.go_back().await.given::<OrderView>();
    }
    locked.faults(json!({})).await;
    let proof = locked.proof(IdentityMethod::LegalPersonPhone);
    locked.enter(Some(proof)).await.given::<OrderView>();
    let failed = locked.until_checked(CheckState::Failed).await;
    assert_eq!(failed.reason.as_deref(), Some("wrong_too_often"));
    let asked = locked.house.town().outside.history(&phone).await;
    let asked = asked.iter().filter(|exchange| exchange.action == "check").count();
    assert_eq!(asked, 3, "the fourth never left the office");
    // Another method is another card: the holder is not locked out.
    locked.go_back().await.given::<OrderView>();
    let proof = locked.proof(IdentityMethod::LegalPersonBankCard);
    locked.enter(Some(proof)).await.given::<OrderView>();
    locked.until_checked(CheckState::Sent).await;
}

#[tokio::test]
async fn a29_busy_is_no_mismatch_and_no_record_says_so() {
    let mut locked = Locked::out().await;
    locked.faults(json!({ "identity": { "outcome": "busy" } })).await;
    locked.arrive().await;
    let proof = locked.proof(IdentityMethod::LegalPersonPhone);
    locked.enter(Some(proof.clone())).await.given::<OrderView>();
    let waits = crate::town::until("the page to say that the provider is busy", || async {
        let view = locked.identity().await;
        view.reason.is_some().then_some(view)
    })
    .await;
    assert_eq!((waits.state, waits.reason.as_deref()), (CheckState::Asking, Some("busy")));
    locked.faults(json!({})).await;
    locked.until_checked(CheckState::Sent).await;
    locked.go_back().await.given::<OrderView>();
    for (outcome, reason) in [("no_record", "no_record"), ("quota_reached", "quota")] {
        locked.faults(json!({ "identity": { "outcome": outcome } })).await;
        locked.enter(Some(proof.clone())).await.given::<OrderView>();
        let failed = locked.until_checked(CheckState::Failed).await;
        assert_eq!(failed.reason.as_deref(), Some(reason));
        locked.go_back().await.given::<OrderView>();
    }
    locked.faults(json!({})).await;
    locked.enter(Some(proof)).await.given::<OrderView>();
    locked.until_checked(CheckState::Sent).await;
    locked.house.journal_tells_the_row(&locked.number).await;
}

#[tokio::test]
async fn a29_a_bank_that_refuses_the_transfer_leaves_the_other_methods() {
    let mut locked = Locked::out().await;
    locked.faults(json!({ "bank": { "refused": true } })).await;
    locked.arrive().await;
    let proof = locked.proof(IdentityMethod::CompanyTransfer);
    locked.enter(Some(proof)).await.given::<OrderView>();
    let failed = locked.until_checked(CheckState::Failed).await;
    assert_eq!(failed.reason.as_deref(), Some("transfer_failed"));
    locked.go_back().await.given::<OrderView>();
    let proof = locked.proof(IdentityMethod::LegalPersonPhone);
    locked.enter(Some(proof)).await.given::<OrderView>();
    locked.until_checked(CheckState::Sent).await;
}

#[tokio::test]
async fn r125_a_wrong_code_of_a_remark_burns_after_five_tries() {
    let mut locked = Locked::out().await;
    locked.arrive().await;
    let proof = locked.proof(IdentityMethod::CompanyTransfer);
    locked.enter(Some(proof)).await.given::<OrderView>();
    locked.until_checked(CheckState::Sent).await;
    let code = locked.authorisation_code(IdentityMethod::CompanyTransfer).await;
    for left in (1..5).rev() {
        let refused = locked.authorise("00000000").await.refused(422);
        assert_eq!(refused, DeskError::Code(CodeRefusal::Wrong { left }));
    }
    assert_eq!(locked.authorise("00000000").await.refused(422), DeskError::Code(CodeRefusal::Gone));
    assert_eq!(locked.authorise(&code).await.refused(422), DeskError::Code(CodeRefusal::Gone));
    assert_eq!(locked.see().await.standing, Standing::Open(Step::IdentityCheck));
}

#[tokio::test]
async fn a31_three_unblocks_a_day_of_one_medium() {
    let mut locked = Locked::out().await;
    locked.prove(IdentityMethod::LegalPersonPhone).await;
    locked.reset(NEW_PIN).await;
    for pin in ["Di-er-ci-2", "Di-san-ci-3"] {
        // R125: a minute between two codes.
        locked.house.town().clock.forward_minutes(2);
        locked.arrive().await;
        locked.confirm_by_phone().await;
        locked.reset(pin).await;
    }
    locked.start().await.given::<String>();
    assert_eq!(locked.present().await.refusal(), "unblocked_too_often");
    // Tomorrow is another day; A25: the proof of identity stays with the medium.
    locked.house.town().clock.forward_minutes(24 * 60);
    locked.browser = locked.house.town().browser();
    assert_eq!(locked.arrive().await.route, Route::Usual);
}

#[tokio::test]
async fn r134_on_hold_or_revoked_is_refused_with_its_reason_even_at_the_last_step() {
    let mut locked = Locked::out().await;
    locked.prove(IdentityMethod::LegalPersonPhone).await;
    let registrar = crate::clerk::Clerk::sign_in(locked.house.town(), "zhengguan").await;
    let serial = locked.house.row(&locked.applicant.number).await.order.sign_serial.unwrap();
    let change = |act: serde_json::Value| {
        registrar
            .browser
            .call("registrar/change", json!({ "serial": serial, "act": act, "why": "持有者报失" }))
    };
    assert_eq!(change(json!({ "act": "suspend" })).await.status, 200);
    let answer = locked.ask_release(&locked.bench.serial, &locked.bench.station_key()).await;
    assert_eq!(answer.refusal(), "certificate_suspended");
    locked.browser = locked.house.town().browser();
    assert_eq!(locked.start().await.refusal(), "certificate_suspended");
    assert_eq!(change(json!({ "act": "resume" })).await.status, 200);
    // A32: expired for a while is unblocked, because its renewal needs the PIN.
    locked.house.town().clock.forward_minutes(400 * 24 * 60);
    locked.browser = locked.house.town().browser();
    locked.arrive().await;
    locked.house.town().clock.forward_minutes(400 * 24 * 60);
    locked.browser = locked.house.town().browser();
    assert_eq!(locked.start().await.refusal(), "renewal_too_late");
}

#[tokio::test]
async fn b07_a_key_whose_admin_pin_nobody_keeps_says_so() {
    let mut locked = Locked::out().await;
    let serial = locked.bench.serial.clone();
    let forget = locked.house.office.ground.store.write(move |tx| {
        Box::pin(async move {
            // As of a key that was made before the office kept admin PINs.
            sqlx::query("DELETE FROM media WHERE serial = $1").bind(serial).execute(&mut *tx).await?;
            Ok::<_, server::store::StoreError>(())
        })
    });
    forget.await.unwrap();
    locked.start().await.given::<String>();
    assert_eq!(locked.present().await.refusal(), "admin_pin_unknown");
}
