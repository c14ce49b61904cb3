//! Somebody of the staff at a desk: reviewer, producer, dispatcher.

use crate::answer::Answer;
use crate::browser::Browser;
use crate::town::Town;
use app::desk::review::{CaseView, Verdict};
use app::desk::staff::StaffView;
use journey::event::{ReturnItem, ReturnReason, ReturnTarget};
use journey::evidence::EvidenceKind;
use serde_json::json;
use server::clock::Clock;
use totp_rs::{Algorithm, Secret, TOTP};

pub struct Clerk {
    pub browser: Browser,
}

/// One line of the demo staff's file.
pub struct Account {
    pub name: String,
    pub password: String,
    pub secret: Vec<u8>,
}

impl Account {
    pub fn of(town: &Town, name: &str) -> Account {
        let text = std::fs::read_to_string(town.data().join("staff.txt")).expect("the staff have come in");
        let line = text.lines().find(|line| line.split('\t').nth(1) == Some(name)).expect("such an account");
        let words: Vec<&str> = line.split('\t').collect();
        Account {
            name: name.to_owned(),
            password: words[2].to_owned(),
            secret: Secret::Encoded(words[3].to_owned()).to_bytes().unwrap(),
        }
    }

    /// The number on the authenticator now.
    pub fn one_time_code(&self, town: &Town) -> String {
        let seconds = u64::try_from(town.clock.now().millis() / 1000).unwrap();
        TOTP::new(Algorithm::SHA1, 6, 0, 30, self.secret.clone()).unwrap().generate(seconds)
    }
}

impl Clerk {
    pub async fn sign_in(town: &Town, name: &str) -> Clerk {
        let account = Account::of(town, name);
        let browser = town.browser();
        let arguments = json!({
            "name": account.name, "password": account.password, "one_time_code": account.one_time_code(town),
        });
        browser.call("staff/sign_in", arguments).await.given::<StaffView>();
        Clerk { browser }
    }

    /// 开始审核
    pub async fn claim(&self, number: &str) -> Answer {
        self.browser.call("review/claim", json!({ "number": number })).await
    }

    pub async fn case(&self, number: &str) -> Answer {
        self.browser.call("review/case", json!({ "number": number })).await
    }

    pub async fn reveal(&self, number: &str, reason: &str) -> Answer {
        self.browser.call("review/reveal", json!({ "number": number, "reason": reason })).await
    }

    pub async fn decide(&self, number: &str, version: i64, verdict: Verdict) -> Answer {
        let arguments = json!({ "number": number, "version": version, "verdict": verdict });
        self.browser.call("review/decide", arguments).await
    }

    /// Takes the order in hand and decides on it as it then stands.
    pub async fn judge(&self, number: &str, verdict: Verdict) {
        let case: CaseView = self.claim(number).await.given();
        self.decide(number, case.version, verdict).await.given::<()>();
    }

    pub async fn pass(&self, number: &str) {
        self.judge(number, Verdict::Pass).await;
    }

    pub async fn send_back(&self, number: &str, items: Vec<ReturnItem>) {
        self.judge(number, Verdict::Return { items }).await;
    }

    pub async fn reject(&self, number: &str, reason: &str) {
        self.judge(number, Verdict::Reject { reason: reason.to_owned() }).await;
    }

    /// 开始制证
    pub async fn take(&self, number: &str) -> Answer {
        self.browser.call("production/take", json!({ "number": number })).await
    }

    /// 发货
    pub async fn ship(&self, number: &str, courier: &str, waybill: &str) -> Answer {
        let arguments = json!({ "number": number, "courier": courier, "waybill": waybill });
        self.browser.call("dispatch/ship", arguments).await
    }
}

/// An upload to be put right, with the reviewer's own words.
pub fn unreadable(kind: EvidenceKind, note: &str) -> ReturnItem {
    ReturnItem {
        item: ReturnTarget::Evidence(kind),
        reason: ReturnReason::Unreadable,
        note: Some(note.to_owned()),
    }
}

/// A field to be put right.
pub fn mismatch(field: &str) -> ReturnItem {
    ReturnItem { item: ReturnTarget::Field(field.to_owned()), reason: ReturnReason::Mismatch, note: None }
}
