//! Somebody who has a certificate and no key: what the person asks at 证书挂失 and at the start of a replacement.

use crate::answer::Answer;
use crate::applicant::Applicant;
use crate::browser::Browser;
use crate::clerk::Clerk;
use crate::house::House;
use crate::review::usual;
use crate::town::until;
use crate::workbench::Workbench;
use app::desk::lost::LostLine;
use app::desk::orders::CodeSent;
use certificate::Certificate;
use journey::step::Step;
use serde_json::json;
use server::standing;

/// A certificate that counts: its house, the order behind it, and the key that it lies on.
pub struct Owner {
    pub house: House,
    pub applicant: Applicant,
    pub bench: Workbench,
    /// Serials of the signing and the encryption certificate.
    pub sign: String,
    pub encrypt: String,
}

impl Owner {
    pub async fn made() -> Owner {
        let (house, applicant) = usual().await;
        Owner::of(house, applicant).await
    }

    /// From an order that waits for its review.
    pub async fn of(house: House, mut applicant: Applicant) -> Owner {
        house.staffed().await;
        let clerk = async |name: &str| {
            house.town.clock.forward_s(31);
            Clerk::sign_in(&house.town, name).await
        };
        clerk("shenhe").await.pass(&applicant.number).await;
        applicant.until_at(Step::Production).await;
        let mut bench = Workbench::set_up().await;
        bench.make(&clerk("zhizheng").await, &applicant.number).await;
        let (sign, encrypt) = bench.certificates().await;
        let serial = |der: &[u8]| Certificate::from_der(der).unwrap().serial_hex();
        let (sign, encrypt) = (serial(&sign), serial(&encrypt));
        until("the certificates to count", || async {
            let mut reader = house.office.ground.store.read().await.unwrap();
            standing::facts(&mut reader, &sign).await.unwrap().map(|_| ())
        })
        .await;
        Owner { house, applicant, bench, sign, encrypt }
    }

    pub fn credit_code(&self) -> &str {
        &self.applicant.holder.credit_code
    }

    /// Signs in with a number of the authenticator that was not used yet.
    pub async fn clerk(&self, name: &str) -> Clerk {
        self.house.town.clock.forward_s(31);
        Clerk::sign_in(&self.house.town, name).await
    }

    /// A browser that a code to the reserved phone has opened the records to.
    pub async fn proven(&self) -> Browser {
        // Not too soon after the last.
        self.house.town.clock.forward_s(61);
        let browser = self.house.town.browser();
        let phone = &self.applicant.holder.agent_phone;
        let before = self.house.town.outside.messages(phone).await;
        let before = before.iter().filter(|sms| sms.kind == "code").count();
        send(&browser, self.credit_code()).await.given::<CodeSent>();
        let code = lost_code(&self.house, phone, before + 1).await;
        check(&browser, self.credit_code(), &code).await.given::<()>();
        browser
    }
}

pub async fn send(browser: &Browser, credit_code: &str) -> Answer {
    browser.call("lost/send", json!({ "party": "organisation", "id_number": credit_code })).await
}

pub async fn check(browser: &Browser, credit_code: &str, code: &str) -> Answer {
    let arguments = json!({ "party": "organisation", "id_number": credit_code, "code": code });
    browser.call("lost/check", arguments).await
}

pub async fn records(browser: &Browser) -> Vec<LostLine> {
    browser.call("lost/list", json!({})).await.given()
}

pub async fn hold(browser: &Browser, serials: &[&str]) -> Answer {
    browser.call("lost/hold", json!({ "serials": serials })).await
}

/// The newest of so many codes on this phone.
pub async fn lost_code(house: &House, phone: &str, count: usize) -> String {
    let codes = house.town.outside.messages_of(phone, "code", count).await;
    let last = codes.last().unwrap();
    assert!(last.text.contains("证书挂失补办"), "{}", last.text);
    last.params[0].clone()
}

/// A code again, after days: the outside world goes by its own clock, so the code is put into the office's own hand.
pub async fn reopened(owner: &Owner) -> Browser {
    let house = &owner.house;
    let browser = house.town.browser();
    // Any visit will do; what it may see is written as the office writes it after a right code.
    let reference = browser.call("replacement/reference", json!({})).await;
    reference.given::<String>();
    let token = browser.cookie("certhall").expect("a visit");
    let ground = house.office.ground.clone();
    let holder = &owner.applicant.holder;
    let opened = server::store::visit_holders::Opened {
        party: "organisation".into(),
        holder_key: ground.sealing.digest("holder", &holder.credit_code),
        phone_key: ground.sealing.digest("phone", &holder.agent_phone),
    };
    let visit = ground.sealing.digest("visit", &token);
    let now = ground.now();
    let written = house.office.ground.store.write(move |tx| {
        Box::pin(async move { server::store::visit_holders::record(tx, &visit, &opened, now).await })
    });
    written.await.unwrap();
    browser
}
