//! A holder whose key is locked, at the unblock page: each method is named after what the person does there.

use crate::answer::Answer;
use crate::applicant::Applicant;
use crate::browser::Browser;
use crate::house::House;
use crate::review::usual;
use crate::town::{Streets, until};
use crate::workbench::Workbench;
use app::desk::identity::{CheckState, IdentityView};
use app::desk::orders::{CodeSent, OrderView};
use app::desk::unblock::{Release, UnblockProof};
use journey::identity::IdentityMethod;
use journey::order::Standing;
use journey::proof::ProofForm;
use journey::route::Route;
use journey::step::Step;
use serde_json::json;

pub const NEW_PIN: &str = "Kai-suo-1";

pub struct Locked {
    pub house: House,
    /// Who applied for the key: name, numbers, phones.
    pub applicant: Applicant,
    pub bench: Workbench,
    pub browser: Browser,
    pub number: String,
    pub version: i64,
}

impl Locked {
    pub async fn out() -> Locked {
        let (house, mut applicant) = usual().await;
        house.reviewer().await.pass(&applicant.number).await;
        applicant.until_at(Step::Production).await;
        let mut bench = Workbench::set_up().await;
        bench.make(&house.producer().await, &applicant.number).await;
        house.errands_rest().await;
        // The carrier's own limits go by real time, and a test sends many.
        house.town().outside.faults(json!({ "sms": { "limits_lifted": true } })).await;
        bench.lock().await;
        let browser = house.town().browser();
        Locked { house, applicant, bench, browser, number: String::new(), version: 0 }
    }

    /// 提交: the certificate is read without a PIN (A27).
    pub async fn start(&mut self) -> Answer {
        let arguments = json!({
            "service": "unblock", "route": "usual", "sign_certificate": self.bench.shown().await, "key_serial": self.bench.serial,
        });
        let answer = self.browser.call("held/start", arguments).await;
        if answer.status == 200 {
            self.number = answer.given();
        }
        answer
    }

    /// 下一步 after 识别到证书信息
    pub async fn present(&mut self) -> Answer {
        let arguments = json!({ "number": self.number, "key_serial": self.bench.serial });
        let answer = self.browser.call("unblock/present", arguments).await;
        self.note(answer)
    }

    /// Both, up to 核对信息.
    pub async fn arrive(&mut self) -> OrderView {
        self.start().await.given::<String>();
        let view: OrderView = self.present().await.given();
        assert_eq!(view.standing, Standing::Open(Step::Details));
        view
    }

    pub async fn enter(&mut self, proof: Option<ProofForm>) -> Answer {
        let arguments = json!({ "number": self.number, "version": self.version, "proof": proof });
        let answer = self.browser.call("unblock/enter", arguments).await;
        self.note(answer)
    }

    /// 其他验证方式
    pub async fn other_way(&mut self) -> Answer {
        let arguments = json!({ "number": self.number, "version": self.version });
        let answer = self.browser.call("unblock/other_way", arguments).await;
        self.note(answer)
    }

    /// 返回修改
    pub async fn go_back(&mut self) -> Answer {
        let arguments = json!({ "number": self.number, "version": self.version, "act": "change" });
        let answer = self.browser.call("orders/act", arguments).await;
        self.note(answer)
    }

    /// What a careful person gives for this method.
    pub fn proof(&self, method: IdentityMethod) -> ProofForm {
        let holder = &self.applicant.holder;
        ProofForm {
            method: Some(method),
            legal_person_phone: holder.legal_person_phone.clone(),
            bank_card: holder.bank_card.clone(),
            account_bank: "招商银行北京中关村支行".into(),
            account_number: holder.account.clone(),
            account_bank_code: "308100005078".into(),
        }
    }

    pub async fn identity(&self) -> IdentityView {
        let answer = self.browser.call("identity/view", json!({ "number": self.number })).await;
        answer.given::<Option<IdentityView>>().expect("a check")
    }

    /// Waits until the check stands so.
    pub async fn until_checked(&self, state: CheckState) -> IdentityView {
        until(&format!("the identity check to be {state:?}"), || async {
            let view = self.identity().await;
            if view.state == CheckState::Sending || view.reason.is_some() {
                // The bank and a busy provider are asked again after a while.
                self.house.town().clock.forward_s(3);
            }
            (view.state == state).then_some(view)
        })
        .await
    }

    pub async fn authorise(&mut self, code: &str) -> Answer {
        let arguments = json!({ "number": self.number, "code": code });
        let answer = self.browser.call("identity/enter", arguments).await;
        self.note(answer)
    }

    /// Reads the code that this method has brought.
    pub async fn authorisation_code(&self, method: IdentityMethod) -> String {
        let outside = &self.house.town().outside;
        match method {
            IdentityMethod::CompanyTransfer => {
                let lines = outside.statement(&self.applicant.holder.account).await;
                lines.last().expect("a transfer").remark.clone()
            }
            _ => {
                let codes = outside.messages_of(&self.applicant.holder.legal_person_phone, "code", 1).await;
                codes.last().expect("a code").params[0].clone()
            }
        }
    }

    /// By identity, up to 重置证书密码.
    pub async fn prove(&mut self, method: IdentityMethod) -> OrderView {
        let view = self.arrive().await;
        if view.route == Route::Usual {
            self.other_way().await.given::<OrderView>();
        }
        self.enter(Some(self.proof(method))).await.given::<OrderView>();
        self.until_checked(CheckState::Sent).await;
        let code = self.authorisation_code(method).await;
        let view: OrderView = self.authorise(&code).await.given();
        assert_eq!(view.standing, Standing::Open(Step::PinReset));
        view
    }

    /// By the reserved phone, up to 重置证书密码.
    pub async fn confirm_by_phone(&mut self) -> OrderView {
        self.enter(None).await.given::<OrderView>();
        let known = self.unlock_codes().await.len();
        let sent: CodeSent =
            self.browser.call("orders/phone/send", json!({ "number": self.number })).await.given();
        assert!(sent.masked_phone.contains("****"), "{}", sent.masked_phone);
        let codes = until("the code", || async {
            let all = self.unlock_codes().await;
            (all.len() > known).then_some(all)
        })
        .await;
        let code = &codes.last().expect("a code").params[0];
        let arguments = json!({ "number": self.number, "code": code });
        let answer = self.browser.call("orders/phone/check", arguments).await;
        self.note(answer).given()
    }

    /// 解锁验证码 on the reserved phone, oldest first.
    async fn unlock_codes(&self) -> Vec<crate::outside::Sms> {
        let mut all = self.house.town().outside.messages(&self.applicant.holder.agent_phone).await;
        all.retain(|sms| sms.kind == "code" && sms.params[1] == "证书解锁");
        all
    }

    pub async fn ask_release(&self, key_serial: &str, station_key: &str) -> Answer {
        let arguments =
            json!({ "number": self.number, "key_serial": key_serial, "station_key": station_key });
        self.browser.call("unblock/release", arguments).await
    }

    pub async fn release(&self) -> Release {
        self.ask_release(&self.bench.serial, &self.bench.station_key()).await.given()
    }

    pub async fn confirm(&mut self, proof: &UnblockProof) -> Answer {
        let arguments = json!({ "number": self.number, "proof": proof });
        let answer = self.browser.call("unblock/confirm", arguments).await;
        self.note(answer)
    }

    /// 重置证书密码, all of it.
    pub async fn reset(&mut self, pin: &str) -> OrderView {
        let release = self.release().await;
        let proof = self.bench.unblock(&release, pin).await.unwrap();
        self.confirm(&proof).await.given()
    }

    /// The outside world's mood; its limits stay lifted.
    pub async fn faults(&self, switches: serde_json::Value) {
        let mut all = json!({ "clear": true, "sms": { "limits_lifted": true } });
        all.as_object_mut().unwrap().extend(switches.as_object().unwrap().clone());
        self.house.town().outside.faults(all).await;
    }

    pub async fn see(&mut self) -> OrderView {
        let answer = self.browser.call("orders/view", json!({ "number": self.number })).await;
        self.note(answer).given()
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
