//! 证书解锁 (R068 to R082): the key gets a new PIN from its holder and from nobody else, and its admin PIN is another one
//! afterwards, wherever the conversation breaks off.

use crate::locked::{Locked, NEW_PIN};
use crate::town::Streets;
use crate::workbench::Workbench;
use app::desk::DeskError;
use app::desk::error::ProofRefusal;
use app::desk::identity::CheckState;
use app::desk::orders::OrderView;
use app::desk::unblock::{Release, UnblockProof, UnblockView};
use journey::identity::IdentityMethod;
use journey::order::Standing;
use journey::route::Route;
use journey::step::Step;
use key::KeyError;
use key::authorisation::{Authorisation, Opener as _};
use key::key::{Key as _, PinKind};
use key::soft::{Faults, PowerCut};
use serde_json::json;

#[tokio::test]
async fn r072_r073_r079_the_first_unblock_proves_identity_and_the_second_goes_by_phone() {
    let mut locked = Locked::out().await;
    // A26: a first unblock goes to the three methods by itself.
    locked.start().await.given::<String>();
    let view: OrderView = locked.present().await.given();
    assert_eq!((view.route, view.standing), (Route::ByIdentity, Standing::Open(Step::Details)));
    let beside: UnblockView =
        locked.browser.call("unblock/view", json!({ "number": locked.number })).await.given();
    assert!(beside.first && beside.key_serial == locked.bench.serial);
    assert_eq!(beside.certificate_name, locked.applicant.holder.name);
    locked.enter(Some(locked.proof(IdentityMethod::LegalPersonPhone))).await.given::<OrderView>();
    locked.until_checked(CheckState::Sent).await;
    let code = locked.authorisation_code(IdentityMethod::LegalPersonPhone).await;
    locked.authorise(&code).await.given::<OrderView>();
    let done = locked.reset(NEW_PIN).await;
    assert_eq!(done.standing, Standing::Completed);
    assert_eq!(locked.bench.type_pin(NEW_PIN).await, Ok(()));
    // R069: nothing was paid, nothing invoiced.
    assert!(done.paid.is_none() && done.invoice.is_none() && done.price.0 == 0);
    // A31: agent and legal person hear of it.
    let outside = &locked.house.town().outside;
    let tail = &locked.bench.serial[locked.bench.serial.len() - 4..];
    let holder = &locked.applicant.holder;
    for phone in [&holder.agent_phone, &holder.legal_person_phone] {
        let told = outside.messages_of(phone, "unblocked", 1).await;
        assert_eq!(told[0].params[0], tail, "{}", told[0].text);
    }
    outside.mail_about(&holder.email, "证书已解锁").await;
    locked.house.errands_rest().await;
    locked.house.journal_tells_the_row(&locked.number).await;

    // The second time the reserved phone is enough (R074, R078).
    locked.bench.lock().await;
    let view = locked.arrive().await;
    assert_eq!(view.route, Route::Usual);
    let view = locked.confirm_by_phone().await;
    assert_eq!(view.standing, Standing::Open(Step::PinReset));
    assert_eq!(locked.reset("Di-er-ci-2").await.standing, Standing::Completed);
    assert_eq!(locked.bench.type_pin("Di-er-ci-2").await, Ok(()));
    locked.house.journal_tells_the_row(&locked.number).await;
}

#[tokio::test]
async fn r072_by_bank_card_and_by_the_remark_of_one_fen() {
    let mut locked = Locked::out().await;
    locked.prove(IdentityMethod::LegalPersonBankCard).await;
    assert_eq!(locked.reset(NEW_PIN).await.standing, Standing::Completed);
    // R071: whoever cannot use the phone takes the other way, though it is not the first time.
    locked.bench.lock().await;
    locked.prove(IdentityMethod::CompanyTransfer).await;
    let lines = locked.house.town().outside.statement(&locked.applicant.holder.account).await;
    assert_eq!((lines.len(), lines[0].fen), (1, 1), "one fen, once");
    assert_eq!(lines[0].account_name, locked.applicant.holder.name);
    assert!(lines[0].remark.bytes().all(|byte| byte.is_ascii_digit()), "digits and nothing else");
    assert_eq!(locked.reset("Hui-kuan-3").await.standing, Standing::Completed);
    assert_eq!(locked.bench.type_pin("Hui-kuan-3").await, Ok(()));
    locked.house.errands_rest().await;
    locked.house.journal_tells_the_row(&locked.number).await;
}

#[tokio::test]
async fn r081_an_authorisation_works_for_one_key_once() {
    let mut locked = Locked::out().await;
    locked.prove(IdentityMethod::LegalPersonPhone).await;
    let mut other = Workbench::set_up().await;
    // Another key's serial gets no release, and a release gets no other key.
    let answer = locked.ask_release(&other.serial, &locked.bench.station_key()).await;
    assert_eq!(answer.refusal(), "key_differs");
    let answer = locked.ask_release(&locked.bench.serial, "AAAA").await;
    assert_eq!(answer.refused(422), DeskError::Proof(ProofRefusal::Malformed));
    let release = locked.release().await;
    assert_eq!(other.unblock(&release, NEW_PIN).await.err(), Some(KeyError::BadSeal), "another station");
    let stolen = Release { ..locked.release().await };
    std::mem::swap(&mut locked.bench.key, &mut other.key);
    assert_eq!(locked.bench.unblock(&stolen, NEW_PIN).await.err(), Some(KeyError::WrongKey));
    std::mem::swap(&mut locked.bench.key, &mut other.key);
    // The newest release alone is confirmed.
    let old = locked.bench.unblock(&release, NEW_PIN).await.unwrap();
    let refused = locked.confirm(&old).await.refused(422);
    assert_eq!(refused, DeskError::Proof(ProofRefusal::NotThisKey));
    let release = locked.release().await;
    let proof = locked.bench.unblock(&release, NEW_PIN).await.unwrap();
    // Replayed at the same station, on the same key: used up.
    assert_eq!(locked.bench.unblock(&release, "Zai-lai-1").await.err(), Some(KeyError::BadSeal));
    let forged = UnblockProof { signature: old.signature.clone(), ..proof.clone() };
    assert_eq!(locked.confirm(&forged).await.refused(422), DeskError::Proof(ProofRefusal::NotThisKey));
    locked.confirm(&proof).await.given::<OrderView>();
    assert_eq!(locked.confirm(&proof).await.refusal(), "not_here", "done is done");
    let answer = locked.ask_release(&locked.bench.serial, &locked.bench.station_key()).await;
    assert_eq!(answer.refusal(), "not_here");
    assert_eq!(locked.bench.type_pin(NEW_PIN).await, Ok(()));
    locked.house.journal_tells_the_row(&locked.number).await;
}

/// B07: the power goes at each command of the conversation, before it was done and after. The next try ends well, and the
/// admin PIN of before is worth nothing.
#[tokio::test]
async fn b07_torn_at_every_command_the_next_try_ends_well() {
    let mut locked = Locked::out().await;
    locked.prove(IdentityMethod::LegalPersonPhone).await;
    let first_admin = admin_of(&mut locked).await;
    // Each order is released six times at most, and a medium has three a day (A31).
    let rounds: [&[(u32, bool)]; 3] = [
        &[(0, false), (3, false), (3, true), (4, false)],
        &[(4, true), (5, false), (5, true), (6, false), (7, false)],
        &[(4, false), (7, true), (6, true), (7, false), (5, true)],
    ];
    for (round, cuts) in rounds.into_iter().enumerate() {
        if round > 0 {
            // R125: a minute between two codes.
            locked.house.town().clock.forward_s(61);
            locked.bench.lock().await;
            locked.arrive().await;
            locked.confirm_by_phone().await;
        }
        for &(after, done) in cuts {
            let faults = Faults { power_cut: Some(PowerCut { after, done }), ..Faults::default() };
            locked.bench.drawer.set_faults(&locked.bench.serial, faults).unwrap();
            let release = locked.release().await;
            let torn = locked.bench.unblock(&release, NEW_PIN).await;
            assert_eq!(torn.err(), Some(KeyError::Removed), "{round} {after} {done}");
            locked.bench.plug_in().await;
        }
        assert_eq!(locked.reset(NEW_PIN).await.standing, Standing::Completed, "{round}");
        assert_eq!(locked.bench.type_pin(NEW_PIN).await, Ok(()), "{round}");
    }
    let wrong = locked.bench.key.verify_pin(PinKind::Admin, &first_admin).await;
    assert!(matches!(wrong, Err(KeyError::PinWrong { .. })), "the first admin PIN opens nothing: {wrong:?}");
}

/// Told nobody: the key has its new PIN, and the line breaks before the office hears. The holder comes back another day.
#[tokio::test]
async fn b07_a_lost_word_leaves_two_admin_pins_and_both_are_known() {
    let mut locked = Locked::out().await;
    locked.prove(IdentityMethod::LegalPersonPhone).await;
    let release = locked.release().await;
    locked.bench.unblock(&release, NEW_PIN).await.unwrap();
    // R081: half an hour after the check nothing is released any more.
    locked.house.town().clock.forward_minutes(20);
    locked.see().await;
    locked.house.town().clock.forward_minutes(11);
    let answer = locked.ask_release(&locked.bench.serial, &locked.bench.station_key()).await;
    assert_eq!(answer.refusal(), "authorisation_ended");
    assert_eq!(locked.see().await.standing, Standing::Expired);
    // The outside world goes by the real time.
    locked.house.town().clock.forward_minutes(-31);
    locked.bench.lock().await;
    // Not confirmed: so it was not proven by identity either (A25).
    assert_eq!(locked.arrive().await.route, Route::ByIdentity);
    let proof = locked.proof(IdentityMethod::LegalPersonBankCard);
    locked.enter(Some(proof)).await.given::<OrderView>();
    locked.until_checked(CheckState::Sent).await;
    let phone = locked.applicant.holder.legal_person_phone.clone();
    let codes = locked.house.town().outside.messages_of(&phone, "code", 2).await;
    locked.authorise(&codes[1].params[0]).await.given::<OrderView>();
    assert_eq!(locked.reset("Ming-tian-1").await.standing, Standing::Completed);
    assert_eq!(locked.bench.type_pin("Ming-tian-1").await, Ok(()));
}

/// The admin PIN that the office would release now, read by a station that the test holds.
async fn admin_of(locked: &mut Locked) -> key::Pin {
    let release = locked.release().await;
    let sealed = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, &release.sealed).unwrap();
    let clear = locked.bench.station.open(&sealed).unwrap();
    let authorisation: Authorisation = serde_json::from_slice(&clear).unwrap();
    assert_eq!(authorisation.admin.len(), 1);
    authorisation.admin[0].clone()
}
