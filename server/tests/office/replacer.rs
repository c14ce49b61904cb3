//! Somebody who has a certificate replaced: each method is named after what the person does there.

use crate::answer::Answer;
use crate::applicant::Applicant;
use crate::browser::Browser;
use crate::clerk::Clerk;
use crate::holder::Organisation;
use crate::loser::Owner;
use crate::picture;
use app::desk::finance::{BankLine, Credit, FinanceView};
use app::desk::orders::{CodeSent, OrderView};
use app::desk::replacement::ReplacementView;
use journey::evidence::EvidenceKind;
use journey::identity::IdentityMethod;
use journey::order::Standing;
use journey::step::Step;
use serde_json::{Value, json};

/// What is uploaded (R094).
pub const EVIDENCE: [EvidenceKind; 3] =
    [EvidenceKind::BusinessLicence, EvidenceKind::LegalPersonId, EvidenceKind::PaymentVoucher];

/// The order of a replacement, in a browser that a code opened the records to.
pub struct Replacer {
    pub applicant: Applicant,
    pub reference: String,
}

impl Replacer {
    /// 补办, with the reference of the visit.
    pub async fn begin(owner: &Owner, suspend: bool) -> Replacer {
        let browser = owner.proven().await;
        let reference: String = browser.call("replacement/reference", json!({})).await.given();
        let number: String = start(&browser, &owner.sign, suspend, "").await.given();
        let town = owner.house.town.clone();
        let holder = owner.applicant.holder.clone();
        let method = IdentityMethod::LegalPersonPhone;
        let mut applicant = Applicant { town, browser, holder, method, number, version: 0 };
        applicant.see().await;
        Replacer { applicant, reference }
    }

    pub async fn facts(&self) -> ReplacementView {
        let asked = json!({ "number": self.applicant.number });
        self.applicant.browser.call("replacement/view", asked).await.given()
    }

    /// The form from the original, with the tick (R088, R104).
    pub async fn fill(&mut self) {
        let view = self.applicant.see().await;
        let agreement = self.applicant.catalogue().await.agreement_version;
        let form = journey::details::DetailsForm { agreement, ..view.details };
        self.applicant.fill(&form).await.given::<OrderView>();
    }

    pub async fn upload_all(&mut self) {
        for kind in EVIDENCE {
            self.applicant.upload(kind, picture::scan()).await.given::<OrderView>();
        }
    }

    /// On to the signature.
    pub async fn walk_to_signature(&mut self) {
        self.fill().await;
        self.applicant.confirm().await.given::<OrderView>();
        self.upload_all().await;
        self.applicant.submit().await.given::<OrderView>();
    }

    pub async fn code(&self) -> String {
        let outside = &self.applicant.town.outside;
        let phone = &self.applicant.holder.agent_phone;
        let before = outside.messages(phone).await.iter().filter(|sms| sms.kind == "code").count();
        let asked = json!({ "number": self.applicant.number });
        self.applicant.browser.call("replacement/code", asked).await.given::<CodeSent>();
        let codes = outside.messages_of(phone, "code", before + 1).await;
        assert!(codes[before].text.contains("签名验证"), "{}", codes[before].text);
        codes[before].params[0].clone()
    }

    pub async fn sign_with(&mut self, mark: Value, code: &str) -> Answer {
        let arguments = json!({
            "number": self.applicant.number, "version": self.applicant.version, "mark": mark, "code": code,
        });
        let answer = self.applicant.browser.call("replacement/sign", arguments).await;
        if answer.status == 200 {
            self.applicant.version = answer.given::<OrderView>().version;
        }
        answer
    }

    /// 签名验证
    pub async fn sign(&mut self) {
        let code = self.code().await;
        self.sign_with(drawn(), &code).await.given::<OrderView>();
    }

    /// 签名确认, with the keyboard.
    pub async fn sign_as(&mut self, name: &str) {
        let code = self.code().await;
        self.sign_with(json!({ "kind": "typed", "name": name }), &code).await.given::<OrderView>();
    }

    pub async fn walk_to_review(&mut self) {
        self.walk_to_signature().await;
        self.sign().await;
        assert_eq!(self.applicant.see().await.standing, Standing::Open(Step::Review));
    }
}

pub fn drawn() -> Value {
    json!({ "kind": "drawn", "strokes": [[[40, 60], [200, 70], [210, 200]], [[300, 40], [320, 210], [500, 120]]] })
}

pub async fn start(browser: &Browser, serial: &str, suspend: bool, reference: &str) -> Answer {
    let arguments = json!({ "serial": serial, "suspend": suspend, "reference": reference });
    browser.call("replacement/start", arguments).await
}

/// A credit of what is due, from the holder, with this remark.
pub fn credit(holder: &Organisation, number: &str, remark: &str) -> Credit {
    Credit {
        bank_number: number.into(),
        booked_on: "2026-11-22".into(),
        amount: "80.00".into(),
        payer_name: holder.name.clone(),
        payer_account: holder.account.clone(),
        remark: remark.into(),
    }
}

pub async fn enter(clerk: &Clerk, credit: &Credit) -> FinanceView {
    clerk.browser.call("finance/enter", json!({ "credit": credit })).await.given()
}

pub fn line<'a>(view: &'a FinanceView, bank_number: &str) -> &'a BankLine {
    view.lines.iter().find(|line| line.bank_number == bank_number).expect("such a line")
}

/// 确认到账
pub async fn settle(clerk: &Clerk, line: &str, number: &str, why: &str) -> Answer {
    clerk.browser.call("finance/match", json!({ "line": line, "number": number, "why": why })).await
}

/// Every server function that takes a replacement's number.
pub fn calls(number: &str) -> Vec<(&'static str, Value)> {
    let mark = json!({ "kind": "typed", "name": "" });
    vec![
        ("replacement/view", json!({ "number": number })),
        ("replacement/code", json!({ "number": number })),
        ("replacement/sign", json!({ "number": number, "version": 1, "mark": mark, "code": "123456" })),
    ]
}
