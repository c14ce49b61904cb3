//! 解挂: the key was found. An identity check lifts what its holder put on hold, and nothing else (B01, A37, R133, R163).

use crate::answer::Answer;
use crate::browser::Browser;
use crate::loser::{Owner, hold, records};
use crate::relying::{Relying, reason};
use crate::replacement::reason_is;
use crate::replacer::Replacer;
use crate::town::{Streets, until};
use app::desk::DeskError;
use app::desk::identity::{CheckState, IdentityView};
use app::desk::lost::{FoundView, LostLine};
use app::desk::orders::OrderView;
use certificate::revocation::Reason;
use journey::identity::IdentityMethod;
use journey::order::Standing;
use journey::proof::ProofForm;
use journey::service::Service;
use journey::step::Step;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Who has found the key, at the page of the order.
struct Finder<'a> {
    owner: &'a Owner,
    browser: Browser,
    number: String,
    version: i64,
}

async fn begin(browser: &Browser, serial: &str) -> Answer {
    browser.call("lost/found", json!({ "serial": serial })).await
}

impl Finder<'_> {
    async fn of<'a>(owner: &'a Owner, browser: Browser) -> Finder<'a> {
        let number: String = begin(&browser, &owner.sign).await.given();
        let mut finder = Finder { owner, browser, number, version: 0 };
        finder.see().await;
        finder
    }

    async fn see(&mut self) -> OrderView {
        let view: OrderView =
            self.browser.call("orders/view", json!({ "number": self.number })).await.given();
        self.version = view.version;
        view
    }

    fn proof(&self, method: IdentityMethod) -> ProofForm {
        let holder = &self.owner.applicant.holder;
        ProofForm {
            method: Some(method),
            legal_person_phone: holder.legal_person_phone.clone(),
            bank_card: holder.bank_card.clone(),
            account_bank: "招商银行北京中关村支行".into(),
            account_number: holder.account.clone(),
            account_bank_code: "308100005078".into(),
        }
    }

    async fn prove(&self, proof: &ProofForm) -> Answer {
        let arguments = json!({ "number": self.number, "version": self.version, "proof": proof });
        self.browser.call("lost/found/prove", arguments).await
    }

    /// The authorisation code that this method has brought.
    async fn code(&self, method: IdentityMethod) -> String {
        let outside = &self.owner.house.town.outside;
        until("the check to be passed", || async {
            let view = self.browser.call("identity/view", json!({ "number": self.number })).await;
            let view = view.given::<Option<IdentityView>>().expect("a check");
            if view.state == CheckState::Sending || view.reason.is_some() {
                // The bank is asked again after a while.
                self.owner.house.town.clock.forward_s(3);
            }
            (view.state == CheckState::Sent).then_some(())
        })
        .await;
        let holder = &self.owner.applicant.holder;
        if method == IdentityMethod::CompanyTransfer {
            return outside.statement(&holder.account).await.last().expect("a transfer").remark.clone();
        }
        let codes = outside.messages_of(&holder.legal_person_phone, "code", 1).await;
        codes.last().unwrap().params[0].clone()
    }

    async fn enter(&self, code: &str) -> Answer {
        self.browser.call("identity/enter", json!({ "number": self.number, "code": code })).await
    }
}

/// A lost certificate on hold, and the browser that put it there.
async fn on_hold() -> (Owner, Browser, Relying) {
    let owner = Owner::made().await;
    let relying = Relying::on(&owner.house, "issuing");
    let browser = owner.proven().await;
    let lines: Vec<LostLine> = hold(&browser, &[&owner.sign]).await.given();
    assert_eq!((lines[0].on_hold, &lines[0].resume_refused), (true, &None));
    for serial in [&owner.sign, &owner.encrypt] {
        reason_is(&relying, serial, Some(Reason::CertificateHold)).await;
    }
    (owner, browser, relying)
}

#[tokio::test]
async fn b01_found_and_proven_both_certificates_are_good_within_a_minute() {
    let (owner, browser, relying) = Box::pin(on_hold()).await;
    let mut finder = Finder::of(&owner, browser).await;
    let view = finder.see().await;
    assert_eq!((view.service, view.standing), (Service::Resumption, Standing::Open(Step::Details)));
    let facts = finder.browser.call("lost/found/view", json!({ "number": finder.number })).await;
    let facts: FoundView = facts.given();
    assert_eq!((facts.serial.as_str(), facts.refused), (owner.sign.as_str(), None));
    assert!(facts.proven_id.contains('*') && facts.proven_name.contains('*'), "R150");
    // R133: a second click, or another device, leads to the same order.
    assert_eq!(begin(&finder.browser, &owner.sign).await.given::<String>(), finder.number);
    // R157: nobody types contacts of their own into it.
    let draft = json!({ "number": finder.number, "details": { "agent_phone": "13900000000" } });
    assert_eq!(finder.browser.call("orders/draft", draft).await.refusal(), "not_here");
    assert_eq!(finder.prove(&ProofForm::default()).await.fields()[0].0, "method");

    // R162: the full list too has said so, before it takes it back.
    for serial in [&owner.sign, &owner.encrypt] {
        listed(&relying, serial, true, Instant::now()).await;
    }
    let method = IdentityMethod::LegalPersonPhone;
    finder.prove(&finder.proof(method)).await.given::<OrderView>();
    let code = finder.code(method).await;
    let wrong = if code == "222222" { "333333" } else { "222222" };
    assert_eq!(finder.enter(wrong).await.status, 422);
    assert_eq!(relying.reason(&owner.sign).await, Some(Reason::CertificateHold), "not yet");
    let started = Instant::now();
    let done: OrderView = finder.enter(&code).await.given();
    assert_eq!(done.standing, Standing::Completed);
    for serial in [&owner.sign, &owner.encrypt] {
        reason_is(&relying, serial, None).await;
        listed(&relying, serial, false, started).await;
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    println!("解挂 until OCSP and the full list say so: {:?}", started.elapsed());
    told(&owner).await;
    // Journalled in the order and in the life of the certificate.
    let mut reader = owner.house.office.ground.store.read().await.unwrap();
    let life = server::store::status::list_life(&mut reader, &owner.sign).await.unwrap();
    let life: Vec<_> = life.iter().map(|line| (line.status.as_str(), line.by.as_str())).collect();
    assert_eq!(life, [("on_hold", owner.applicant.number.as_str()), ("good", finder.number.as_str())]);
    drop(reader);
    owner.house.errands_rest().await;
    owner.house.journal_tells_the_row(&finder.number).await;
    // It counts again: it may be put on hold, and there is nothing to resume.
    let line = &records(&finder.browser).await[0];
    assert_eq!(
        (line.on_hold, line.resume_refused.as_ref().map(|no| no.code())),
        (false, Some("not_on_hold"))
    );
    assert_eq!(begin(&finder.browser, &owner.sign).await.refusal(), "not_on_hold");
}

/// Waits until the full list has it, or has it no more: a minute is what is promised.
async fn listed(relying: &Relying, serial: &str, there: bool, since: Instant) {
    let is = async || relying.list(false).await.is_some_and(|list| reason(&list, serial).is_some());
    while is().await != there {
        assert!(since.elapsed().as_secs() < 60, "{serial} in the full list: still {}", !there);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Agent, legal person and mailbox hear of it: whoever it was not, acts.
async fn told(owner: &Owner) {
    let holder = &owner.applicant.holder;
    for phone in [&holder.agent_phone, &holder.legal_person_phone] {
        until("the message", || async {
            let all = owner.house.town.outside.messages(phone).await;
            all.iter().any(|sms| sms.text.contains("证书已恢复使用")).then_some(())
        })
        .await;
    }
    owner.house.town.outside.mail_about(&holder.email, "证书已恢复使用").await;
}

#[tokio::test]
async fn b01_by_bank_card_and_by_transfer_too() {
    let (owner, browser, relying) = Box::pin(on_hold()).await;
    let mut browser = Some(browser);
    for method in [IdentityMethod::LegalPersonBankCard, IdentityMethod::CompanyTransfer] {
        let finder = Finder::of(&owner, browser.take().expect("a browser")).await;
        finder.prove(&finder.proof(method)).await.given::<OrderView>();
        let code = finder.code(method).await;
        assert_eq!(
            finder.enter(&code).await.given::<OrderView>().standing,
            Standing::Completed,
            "{method:?}"
        );
        reason_is(&relying, &owner.sign, None).await;
        hold(&finder.browser, &[&owner.sign]).await.given::<Vec<LostLine>>();
        reason_is(&relying, &owner.sign, Some(Reason::CertificateHold)).await;
        browser = Some(finder.browser);
    }
}

#[tokio::test]
async fn b01_what_is_being_replaced_is_not_resumed_until_that_is_withdrawn() {
    let owner = Owner::made().await;
    let relying = Relying::on(&owner.house, "issuing");
    let mut replacer = Box::pin(Replacer::begin(&owner, true)).await;
    reason_is(&relying, &owner.sign, Some(Reason::CertificateHold)).await;
    let refused = begin(&replacer.applicant.browser, &owner.sign).await;
    assert_eq!(refused.refusal(), "replacement_under_way");
    replacer.applicant.see().await;
    replacer.applicant.withdraw().await.given::<OrderView>();
    // A37: withdrawn, it can be resumed.
    let finder = Finder::of(&owner, replacer.applicant.browser.copy()).await;
    let method = IdentityMethod::LegalPersonPhone;
    finder.prove(&finder.proof(method)).await.given::<OrderView>();
    let code = finder.code(method).await;
    finder.enter(&code).await.given::<OrderView>();
    reason_is(&relying, &owner.sign, None).await;
}

#[tokio::test]
async fn b01_r135_approved_for_replacement_meanwhile_it_stays_revoked() {
    let (owner, browser, relying) = Box::pin(on_hold()).await;
    let finder = Finder::of(&owner, browser).await;
    let method = IdentityMethod::LegalPersonPhone;
    finder.prove(&finder.proof(method)).await.given::<OrderView>();
    let code = finder.code(method).await;
    // Somebody else of the holder gives it up and has it replaced while the code lies on the phone.
    let mut replacer = Box::pin(Replacer::begin(&owner, true)).await;
    assert_eq!(finder.enter(&code).await.refusal(), "replacement_under_way");
    replacer.walk_to_review().await;
    owner.clerk("shenhe").await.pass(&replacer.applicant.number).await;
    assert_eq!(finder.enter(&code).await.refusal(), "certificate_revoked", "R163");
    reason_is(&relying, &owner.sign, Some(Reason::Superseded)).await;
    let facts = finder.browser.call("lost/found/view", json!({ "number": finder.number })).await;
    assert_eq!(facts.given::<FoundView>().refused.map(|no| no.code()), Some("certificate_revoked"));
}

#[tokio::test]
async fn b01_what_the_office_holds_its_holder_does_not_resume() {
    let owner = Owner::made().await;
    let registrar = owner.clerk("zhengguan").await;
    let act = json!({ "serial": owner.sign, "act": { "act": "suspend" }, "why": "法院协助执行" });
    registrar.browser.call("registrar/change", act).await.given::<Value>();
    let browser = owner.proven().await;
    let line = &records(&browser).await[0];
    assert_eq!(line.resume_refused.as_ref().map(|no| no.code()), Some("held_by_office"));
    assert_eq!(begin(&browser, &owner.sign).await.refusal(), "held_by_office");
    // And a stranger nothing at all.
    let mut stranger = owner.house.applicant();
    stranger.start().await.given::<String>();
    assert_eq!(begin(&stranger.browser, &owner.sign).await.refused(404), DeskError::NotFound);
}
