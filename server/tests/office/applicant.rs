//! An applicant at the counter: each method is named after what the person does there.

use crate::answer::Answer;
use crate::browser::Browser;
use crate::holder::Organisation;
use crate::picture;
use crate::town::{Town, until};
use app::desk::evidence::upload_path;
use app::desk::orders::{Act, Catalogue, OrderView};
use app::desk::payments::PaymentView;
use journey::details::DetailsForm;
use journey::evidence::EvidenceKind;
use journey::identity::IdentityMethod;
use journey::order::Standing;
use journey::payment::Channel;
use journey::step::Step;
use reqwest::Method;
use serde_json::json;
use std::sync::Arc;

/// What an organisation must upload (R020).
pub const EVIDENCE: [EvidenceKind; 3] =
    [EvidenceKind::BusinessLicence, EvidenceKind::LegalPersonId, EvidenceKind::Authorisation];

pub struct Applicant {
    pub town: Arc<Town>,
    pub browser: Browser,
    pub holder: Organisation,
    pub method: IdentityMethod,
    pub number: String,
    /// Of the order as this person last saw it.
    pub version: i64,
}

impl Applicant {
    pub fn new(town: Arc<Town>, holder: Organisation) -> Applicant {
        Applicant {
            browser: town.browser(),
            holder,
            method: IdentityMethod::LegalPersonPhone,
            number: String::new(),
            version: 0,
            town,
        }
    }

    pub fn choosing(self, method: IdentityMethod) -> Applicant {
        Applicant { method, ..self }
    }

    /// 办理单位证书
    pub async fn start(&mut self) -> Answer {
        let wanted = json!({ "service": "application", "party": "organisation" });
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
        self.holder.form(self.method, &self.catalogue().await.agreement_version)
    }

    /// 下一步
    pub async fn fill(&mut self, form: &DetailsForm) -> Answer {
        let arguments = json!({ "number": self.number, "version": self.version, "details": form });
        let answer = self.browser.call("orders/details", arguments).await;
        self.note(answer)
    }

    /// 确认订单
    pub async fn confirm(&mut self) -> Answer {
        self.act(Act::ConfirmOrder).await
    }

    /// 返回修改
    pub async fn go_back(&mut self) -> Answer {
        self.act(Act::Change).await
    }

    /// 确认申请
    pub async fn submit(&mut self) -> Answer {
        self.act(Act::SubmitEvidence).await
    }

    /// 撤回申请
    pub async fn withdraw(&mut self) -> Answer {
        self.act(Act::Withdraw).await
    }

    /// 确认收货
    pub async fn receive(&mut self) -> Answer {
        self.act(Act::ConfirmReceipt).await
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

    pub async fn upload_all(&mut self) {
        for kind in EVIDENCE {
            self.upload(kind, picture::scan()).await.given::<OrderView>();
        }
    }

    pub async fn take_back(&mut self, kind: EvidenceKind) -> Answer {
        let request = self.browser.ours(Method::DELETE, &upload_path(&self.number, kind));
        let answer = self.browser.send(request.header("x-order-version", self.version)).await;
        self.note(answer)
    }

    /// 发送验证码
    pub async fn send_code(&self) -> Answer {
        self.browser.call("orders/phone/send", json!({ "number": self.number })).await
    }

    /// Reads the newest of so many codes from the agent's phone.
    pub async fn code_from_phone(&self, count: usize) -> String {
        let codes = self.town.outside.messages_of(&self.holder.agent_phone, "code", count).await;
        codes.last().expect("a code has come").params[0].clone()
    }

    /// 确定
    pub async fn check_code(&mut self, code: &str) -> Answer {
        let arguments = json!({ "number": self.number, "code": code });
        let answer = self.browser.call("orders/phone/check", arguments).await;
        self.note(answer)
    }

    pub async fn open_payment(&self, channel: Channel) -> Answer {
        self.browser.call("payments/open", json!({ "number": self.number, "channel": channel })).await
    }

    /// The QR on the screen.
    pub async fn qr(&self, channel: Channel) -> PaymentView {
        self.open_payment(channel).await.given()
    }

    /// 「我已支付」
    pub async fn ask_payment(&mut self) -> Answer {
        let answer = self.browser.call("payments/ask", json!({ "number": self.number })).await;
        self.note(answer)
    }

    /// Scans the QR and pays; gives our number of the attempt once the office has heard of it.
    pub async fn pay(&mut self, channel: Channel) {
        let qr = self.qr(channel).await;
        self.town.outside.pay(&qr.code).await;
        self.until_at(Step::Review).await;
    }

    pub async fn view(&self) -> Answer {
        self.browser.call("orders/view", json!({ "number": self.number })).await
    }

    /// The order as it stands now.
    pub async fn see(&mut self) -> OrderView {
        let answer = self.view().await;
        self.note(answer).given()
    }

    /// Waits until the order looks like this.
    pub async fn until(&mut self, what: &str, holds: impl Fn(&OrderView) -> bool) -> OrderView {
        let view = until(what, || async {
            let view: OrderView = self.view().await.given();
            holds(&view).then_some(view)
        })
        .await;
        self.version = view.version;
        view
    }

    pub async fn until_at(&mut self, step: Step) -> OrderView {
        self.until(&format!("the order to stand at {}", step.code()), |view| {
            view.standing == Standing::Open(step)
        })
        .await
    }

    /// Goes on from the beginning to this step, the usual way.
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
            Step::Confirm => drop(self.confirm().await.given::<OrderView>()),
            Step::Evidence => {
                self.upload_all().await;
                self.submit().await.given::<OrderView>();
            }
            Step::PhoneCheck => {
                self.send_code().await.given::<app::desk::orders::CodeSent>();
                let code = self.code_from_phone(1).await;
                self.check_code(&code).await.given::<OrderView>();
            }
            Step::Payment => self.pay(Channel::Alipay).await,
            other => panic!("at {} the applicant can only wait", other.code()),
        }
    }

    /// Keeps the version of an order that came back.
    fn note(&mut self, answer: Answer) -> Answer {
        if answer.status == 200
            && let Ok(view) = serde_json::from_slice::<OrderView>(&answer.body)
        {
            self.version = view.version;
        }
        answer
    }
}
