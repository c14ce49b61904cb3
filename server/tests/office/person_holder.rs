//! Made-up persons, and a person at the counter.

use crate::answer::Answer;
use crate::browser::Browser;
use crate::picture;
use crate::town::{Town, until};
use app::desk::evidence::upload_path;
use app::desk::orders::{Act, Catalogue, OrderView};
use app::desk::payments::PaymentView;
use journey::IdentityDocument;
use journey::details::DetailsForm;
use journey::entry::id_number;
use journey::evidence::EvidenceKind;
use journey::identity::IdentityMethod;
use journey::order::Standing;
use journey::payment::Channel;
use journey::step::Step;
use reqwest::Method;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// What a person must upload (R039, R040).
pub const EVIDENCE: [EvidenceKind; 2] = [EvidenceKind::HolderId, EvidenceKind::SealSample];

/// Somebody who applies for their own certificate.
pub struct Person {
    pub town: Arc<Town>,
    pub browser: Browser,
    pub name: String,
    pub document: IdentityDocument,
    pub id_number: String,
    pub phone: String,
    pub email: String,
    pub account: String,
    pub method: IdentityMethod,
    pub number: String,
    pub version: i64,
}

impl Person {
    pub fn made_up(town: &Arc<Town>) -> Person {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = 2_000_003 + 7_919 * NEXT.fetch_add(1, Ordering::Relaxed);
        let id = format!("11010519{}{:02}{:02}{:03}", 60 + n % 40, 1 + n % 12, 1 + n % 28, n % 1000);
        Person {
            town: town.clone(),
            browser: town.browser(),
            name: "李小雨".into(),
            document: IdentityDocument::IdCard,
            id_number: format!("{id}{}", id_number::check_character(&id)),
            phone: format!("137{n:08}"),
            email: format!("person{n}@example.cn"),
            account: format!("62148{n:011}"),
            method: IdentityMethod::LegalPersonPhone,
            number: String::new(),
            version: 0,
        }
    }

    /// With a passport, and so by a transfer (J41).
    pub fn from_abroad(town: &Arc<Town>) -> Person {
        let person = Person::made_up(town);
        Person {
            name: "MARIA GARCIA".into(),
            document: IdentityDocument::Passport,
            id_number: format!("P{}", &person.phone[3..]),
            method: IdentityMethod::CompanyTransfer,
            ..person
        }
    }

    /// 办理个人证书
    pub async fn start(&mut self) -> Answer {
        let wanted = json!({ "service": "application", "party": "person" });
        let answer = self.browser.call("orders/start", wanted).await;
        if answer.status == 200 {
            self.number = answer.given();
            self.see().await;
        }
        answer
    }

    pub async fn catalogue(&self) -> Catalogue {
        self.browser.call("catalogue", json!({})).await.given()
    }

    /// The form, filled in carefully.
    pub async fn form(&self) -> DetailsForm {
        let by_transfer = self.method == IdentityMethod::CompanyTransfer;
        let account = |text: &str| if by_transfer { text.to_owned() } else { String::new() };
        DetailsForm {
            holder_name: self.name.clone(),
            holder_document: self.document,
            holder_id: self.id_number.clone(),
            method: Some(self.method),
            account_bank: account("招商银行北京中关村支行"),
            account_number: account(&self.account),
            account_bank_code: account("308100005078"),
            agent_phone: self.phone.clone(),
            email: self.email.clone(),
            recipient_name: self.name.clone(),
            recipient_phone: self.phone.clone(),
            province: "北京市".into(),
            city: "北京市".into(),
            county: "海淀区".into(),
            street: "中关村大街一号院二号楼三层".into(),
            agreement: self.catalogue().await.agreement_version,
            ..DetailsForm::default()
        }
    }

    /// 下一步
    pub async fn fill(&mut self, form: &DetailsForm) -> Answer {
        let arguments = json!({ "number": self.number, "version": self.version, "details": form });
        let answer = self.browser.call("orders/details", arguments).await;
        self.note(answer)
    }

    pub async fn act(&mut self, act: Act) -> Answer {
        let arguments = json!({ "number": self.number, "version": self.version, "act": act });
        let answer = self.browser.call("orders/act", arguments).await;
        self.note(answer)
    }

    pub async fn upload(&mut self, kind: EvidenceKind, file: Vec<u8>) -> Answer {
        let request = self.browser.ours(Method::POST, &upload_path(&self.number, kind));
        let request = request.header("x-order-version", self.version).header("content-type", "image/jpeg");
        let answer = self.browser.send(request.body(file)).await;
        self.note(answer)
    }

    /// 使用此签章
    pub async fn accept_seal(&mut self, file: &str) -> Answer {
        let arguments = json!({ "number": self.number, "file": file });
        let answer = self.browser.call("orders/accept_seal", arguments).await;
        self.note(answer)
    }

    pub async fn send_code(&self) -> Answer {
        self.browser.call("orders/phone/send", json!({ "number": self.number })).await
    }

    pub async fn check_code(&mut self, code: &str) -> Answer {
        let arguments = json!({ "number": self.number, "code": code });
        let answer = self.browser.call("orders/phone/check", arguments).await;
        self.note(answer)
    }

    pub async fn pay(&mut self, channel: Channel) {
        let arguments = json!({ "number": self.number, "channel": channel });
        let qr: PaymentView = self.browser.call("payments/open", arguments).await.given();
        self.town.outside.pay(&qr.code).await;
        self.until_at(Step::Review).await;
    }

    pub async fn see(&mut self) -> OrderView {
        let answer = self.browser.call("orders/view", json!({ "number": self.number })).await;
        self.note(answer).given()
    }

    pub async fn until_at(&mut self, step: Step) -> OrderView {
        let view = until(&format!("the person's order to stand at {}", step.code()), || async {
            let view = self.browser.call("orders/view", json!({ "number": self.number })).await;
            let view: OrderView = view.given();
            (view.standing == Standing::Open(step)).then_some(view)
        })
        .await;
        self.version = view.version;
        view
    }

    /// Goes on from the beginning to this step, the usual way; the seal sample is a scan without the sheet's marks.
    pub async fn walk_to(&mut self, step: Step) -> OrderView {
        if self.number.is_empty() {
            self.start().await.given::<String>();
        }
        loop {
            let view = self.see().await;
            match view.standing {
                Standing::Open(here) if here == step => return view,
                Standing::Open(here) => self.go_on(here).await,
                ended => panic!("{} ended as {}", self.number, ended.code()),
            }
        }
    }

    async fn go_on(&mut self, here: Step) {
        match here {
            Step::Details => drop(self.fill(&self.form().await).await.given::<OrderView>()),
            Step::Evidence => {
                for kind in EVIDENCE {
                    self.upload(kind, picture::scan()).await.given::<OrderView>();
                }
                self.act(Act::SubmitEvidence).await.given::<OrderView>();
            }
            Step::Confirm => drop(self.act(Act::ConfirmOrder).await.given::<OrderView>()),
            Step::PhoneCheck => {
                self.send_code().await.given::<app::desk::orders::CodeSent>();
                let codes = self.town.outside.messages_of(&self.phone, "code", 1).await;
                let code = codes.last().expect("a code has come").params[0].clone();
                self.check_code(&code).await.given::<OrderView>();
            }
            Step::Payment => self.pay(Channel::WechatPay).await,
            other => panic!("at {} the person can only wait", other.code()),
        }
    }

    fn note(&mut self, answer: Answer) -> Answer {
        if answer.status == 200
            && let Ok(view) = serde_json::from_slice::<OrderView>(&answer.body)
        {
            self.version = view.version;
        }
        answer
    }
}
