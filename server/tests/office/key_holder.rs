//! Somebody whose key is in the port: each method is named after what the person, or the page for them, does with it.

use crate::answer::Answer;
use crate::browser::Browser;
use crate::house::House;
use crate::town::{Streets, Town, until};
use crate::workbench::Workbench;
use app::desk::held::{HeldView, LoginProof};
use app::desk::orders::{Act, Catalogue, CodeSent, OrderView};
use app::desk::payments::PaymentView;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use journey::details::DetailsForm;
use journey::order::Standing;
use journey::payment::Channel;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;
use key::key::{Key, PinKind, Slot};
use key::session::ApduKey;
use key::soft::{Drawer, SoftChannel};
use key::{KeyError, Pin, generation, statement};
use serde_json::{Value, json};
use server::standing;
use std::sync::Arc;
use tempfile::TempDir;

pub struct KeyHolder {
    pub town: Arc<Town>,
    pub browser: Browser,
    pub drawer: Drawer,
    pub serial: String,
    pub pin: String,
    pub agent_phone: String,
    pub number: String,
    /// The session at the key, with the PIN that was typed; gone when the key or the helper went.
    key: Option<ApduKey<SoftChannel>>,
    /// In that session.
    typed: bool,
    folder: TempDir,
}

impl KeyHolder {
    /// Of an organisation's certificate that was issued so many days ago by a house that is as old.
    pub async fn since(days: i64) -> (House, KeyHolder) {
        let house = House::founded("codes_per_address_hour = 1000", days + 1).await;
        house.staffed().await;
        let mut applicant = house.applicant();
        applicant.walk_to(Step::Review).await;
        house.reviewer().await.pass(&applicant.number).await;
        applicant.until_at(Step::Production).await;
        let phones = [&*applicant.holder.legal_person_phone, &*applicant.holder.agent_phone];
        let holder = KeyHolder::made(&house, &applicant.number, phones, days).await;
        (house, holder)
    }

    /// The key of this order as it was made so many days ago: where the password went, and the reserved phone.
    pub async fn made(house: &House, number: &str, phones: [&str; 2], days: i64) -> KeyHolder {
        let producer = house.producer().await;
        let mut bench = Workbench::set_up().await;
        house.town.clock.forward_minutes(-days * 24 * 60);
        bench.make(&producer, number).await;
        house.town.clock.forward_minutes(days * 24 * 60);
        let passcode = house.town.outside.messages_of(phones[0], "passcode", 1);
        let Workbench { serial, drawer, folder, .. } = bench;
        let mut holder = KeyHolder {
            town: house.town.clone(),
            browser: house.town.browser(),
            drawer,
            serial,
            pin: passcode.await[0].params[0].clone(),
            agent_phone: phones[1].to_owned(),
            number: String::new(),
            key: None,
            typed: false,
            folder,
        };
        let sign = holder.certificate(Slot::Sign).await;
        let sign = certificate::Certificate::from_der(&sign).unwrap().serial_hex();
        until("the certificates to count", || async {
            let mut reader = house.office.ground.store.read().await.unwrap();
            standing::facts(&mut reader, &sign).await.unwrap().map(|_| ())
        })
        .await;
        holder
    }

    /// The folder of the soft keys.
    pub fn keys(&self) -> std::path::PathBuf {
        self.folder.path().join("keys")
    }

    /// Another computer: no cookies, nothing open.
    pub fn elsewhere(&mut self) {
        self.browser = self.town.browser();
        self.helper_dies();
    }

    /// The helper dies, and with it what a PIN has opened.
    pub fn helper_dies(&mut self) {
        (self.key, self.typed) = (None, false);
    }

    async fn session(&mut self) -> Result<&mut ApduKey<SoftChannel>, KeyError> {
        if self.key.is_none() {
            self.key = Some(ApduKey::open(self.drawer.open(&self.serial)?).await?);
        }
        Ok(self.key.as_mut().expect("just opened"))
    }

    /// The same with the PIN typed, where it is not any more.
    pub async fn opened(&mut self) -> Result<&mut ApduKey<SoftChannel>, KeyError> {
        let pin = Pin::new(self.pin.clone());
        if self.key.is_none() || !self.typed {
            self.typed = false;
            self.session().await?.verify_pin(PinKind::User, &pin).await?;
            self.typed = true;
        }
        self.session().await
    }

    pub async fn certificate(&mut self, slot: Slot) -> Vec<u8> {
        self.session().await.unwrap().read_certificate(slot).await.unwrap().expect("a certificate")
    }

    pub async fn decrypt_with_any(&mut self, point: &[u8; 65], cipher: &[u8]) -> Vec<u8> {
        let key = self.opened().await.unwrap();
        let slot = generation::find_slot(key, point).await.unwrap().expect("the pair is on the key");
        key.decrypt_with(slot, cipher).await.unwrap()
    }

    /// What the page asks as soon as the key is in.
    pub async fn look(&mut self) -> Answer {
        let sign = BASE64.encode(self.certificate(Slot::Sign).await);
        self.browser.call("held/look", json!({ "sign_certificate": sign })).await
    }

    pub async fn see_certificate(&mut self) -> HeldView {
        self.look().await.given()
    }

    /// 证书更新, 信息变更 …: an order opens with the key.
    pub async fn start(&mut self, service: Service) -> Answer {
        self.start_by(service, Route::Usual).await
    }

    pub async fn start_by(&mut self, service: Service, route: Route) -> Answer {
        let sign = BASE64.encode(self.certificate(Slot::Sign).await);
        let arguments = json!({ "service": service, "route": route, "sign_certificate": sign, "key_serial": self.serial });
        let answer = self.browser.call("held/start", arguments).await;
        if answer.status == 200 {
            self.number = answer.given();
        }
        answer
    }

    pub async fn challenge(&self) -> Answer {
        self.browser.call("held/challenge", json!({ "number": self.number })).await
    }

    /// What the key says to a challenge, at this address.
    pub async fn login_proof(&mut self, origin: &str, challenge: &str) -> Result<LoginProof, KeyError> {
        let serial = self.serial.clone();
        let key = self.opened().await?;
        let certificate = key.read_certificate(Slot::Sign).await?.ok_or(KeyError::NotFound)?;
        let signature = key.sign(&statement::login(origin, challenge)).await?;
        Ok(LoginProof {
            key_serial: serial,
            sign_certificate: BASE64.encode(certificate),
            signature: BASE64.encode(signature),
        })
    }

    pub async fn hand_in(&mut self, proof: &LoginProof) -> Answer {
        let answer = self.browser.call("held/log_in", json!({ "number": self.number, "proof": proof })).await;
        if answer.status == 200 {
            self.number = answer.given();
        }
        answer
    }

    /// 输入密码, 确认
    pub async fn log_in(&mut self) -> Answer {
        let challenge: String = self.challenge().await.given();
        let origin = self.town.url.clone();
        let proof = self.login_proof(&origin, &challenge).await.unwrap();
        self.hand_in(&proof).await
    }

    pub async fn see(&self) -> OrderView {
        self.browser.call("orders/view", json!({ "number": self.number })).await.given()
    }

    pub async fn loading(&self) -> Answer {
        self.browser.call("loading/look", json!({ "number": self.number })).await
    }

    /// Signed in for this business, with the form as it lies there and the agreement ticked.
    pub async fn begin(&mut self, service: Service, route: Route) -> DetailsForm {
        self.start_by(service, route).await.given::<String>();
        self.log_in().await.given::<String>();
        self.agreed().await
    }

    async fn agreed(&self) -> DetailsForm {
        let catalogue: Catalogue = self.browser.call("catalogue", json!({})).await.given();
        DetailsForm { agreement: catalogue.agreement_version, ..self.see().await.details }
    }

    /// 核对相关信息
    pub async fn check_details(&self) -> Answer {
        self.enter(&self.agreed().await).await
    }

    pub async fn enter(&self, form: &DetailsForm) -> Answer {
        let version = self.see().await.version;
        let arguments = json!({ "number": self.number, "version": version, "details": form });
        self.browser.call("orders/details", arguments).await
    }

    pub async fn upload_all(&self) {
        let OrderView { service, party, route, .. } = self.see().await;
        for kind in journey::evidence::required(service, party, route) {
            let path = app::desk::evidence::upload_path(&self.number, *kind);
            let version = self.see().await.version;
            let request = self.browser.ours(reqwest::Method::POST, &path).header("x-order-version", version);
            let request = request.header("content-type", "image/jpeg").body(crate::picture::scan());
            self.browser.send(request).await.given::<OrderView>();
        }
    }

    /// 输入验证码, 下一步
    pub async fn check_phone(&self) -> Answer {
        let before = self.town.outside.messages(&self.agent_phone).await;
        let before = before.iter().filter(|sms| sms.kind == "code").count();
        self.browser.call("orders/phone/send", json!({ "number": self.number })).await.given::<CodeSent>();
        let codes = self.town.outside.messages_of(&self.agent_phone, "code", before + 1).await;
        let code = codes.last().expect("a code has come").params[0].clone();
        self.browser.call("orders/phone/check", json!({ "number": self.number, "code": code })).await
    }

    /// 确认订单
    pub async fn confirm(&self) -> Answer {
        self.act(Act::ConfirmOrder).await
    }

    pub async fn act(&self, act: Act) -> Answer {
        let version = self.see().await.version;
        let arguments = json!({ "number": self.number, "version": version, "act": act });
        self.browser.call("orders/act", arguments).await
    }

    pub async fn pay(&self, channel: Channel) {
        let arguments = json!({ "number": self.number, "channel": channel });
        let qr: PaymentView = self.browser.call("payments/open", arguments).await.given();
        self.town.outside.pay(&qr.code).await;
        until("the payment to be known", || async {
            (self.see().await.standing == Standing::Open(Step::Issuing)).then_some(())
        })
        .await;
    }

    /// From the key in the port to a paid renewal.
    pub async fn renew_up_to_the_writing(&mut self, channel: Channel) {
        self.start(Service::Renewal).await.given::<String>();
        self.log_in().await.given::<String>();
        self.check_details().await.given::<OrderView>();
        self.check_phone().await.given::<OrderView>();
        self.confirm().await.given::<OrderView>();
        self.pay(channel).await;
    }
}

/// What an order that a key opened answers to.
pub fn of_a_key_order(number: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("held/challenge", json!({ "number": number })),
        (
            "held/log_in",
            json!({ "number": number, "proof": { "key_serial": "SK1", "sign_certificate": "", "signature": "" } }),
        ),
        ("loading/look", json!({ "number": number })),
        ("loading/make", json!({ "number": number, "key_serial": "SK1" })),
        ("loading/issue", json!({ "number": number, "key_serial": "SK1", "request": null })),
        ("loading/written", json!({ "number": number, "proof": read_back() })),
        (
            "loading/switched",
            json!({ "number": number, "proof": { "read": read_back(), "past_proofs": [] } }),
        ),
    ]
}

fn read_back() -> Value {
    json!({ "key_serial": "SK1", "sign_certificate": "", "encrypt_certificate": "", "signature": "" })
}
