//! A holder whose key is needed again, and the custodians who may let it go.

use crate::answer::Answer;
use crate::applicant::Applicant;
use crate::clerk::{Account, Clerk};
use crate::house::House;
use crate::kmc::signing_key;
use crate::review::usual;
use crate::town::{Streets, until};
use crate::workbench::Workbench;
use app::desk::DeskError;
use app::desk::recovery::{RecoveryCase, RecoveryForm, RecoveryRefusal, package_path};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::digest::spki_digest;
use certificate::{Certificate, KeyPair, cipher};
use journey::service::Service;
use journey::step::Step;
use serde_json::json;
use server::clock::{Dice, SystemEntropy};
use server::store::{self, StoreError};
use std::sync::Arc;

const FILE: &[u8] = b"the bid, opened next month";

/// A holder with a key of their own, and a file encrypted to its certificate.
pub struct Holder {
    pub house: House,
    pub applicant: Applicant,
    pub certificate: Certificate,
    pub encrypted: Vec<u8>,
}

pub async fn holder() -> Holder {
    let (house, mut applicant) = usual().await;
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let mut bench = Workbench::set_up().await;
    bench.make(&house.producer().await, &applicant.number).await;
    let id = house.row(&applicant.number).await.id;
    until("a certificate that counts", || async {
        let mut reader = house.office.ground.store.read().await.unwrap();
        let active: (i64,) =
            sqlx::query_as("SELECT COUNT(*) FROM certificates WHERE order_id = $1 AND state = 'active'")
                .bind(&id)
                .fetch_one(&mut *reader)
                .await
                .unwrap();
        (active.0 == 2).then_some(())
    })
    .await;
    let certificate = Certificate::from_der(&bench.certificates().await.1).unwrap();
    let mut dice = Dice::new(Arc::new(SystemEntropy::default()));
    let encrypted = cipher::encrypt(&certificate.public_key().unwrap(), FILE, &mut dice).unwrap();
    Holder { house, applicant, certificate, encrypted }
}

impl Holder {
    /// An order as it stands when its new key has sent a request: of this service, and following the holder's certificate, or
    /// none although it is the same holder.
    pub async fn order(&self, service: Service, key: &KeyPair, follows: bool) -> String {
        let mut row = self.house.row(&self.applicant.number).await;
        let before = std::mem::replace(&mut row.id, self.house.office.ground.dice.id());
        row.number = self.house.office.ground.dice.digits(18);
        row.order.service = service;
        row.order.certificate_serial = follows.then(|| self.certificate.serial_hex());
        row.order.spki_digest = Some(hex::encode(spki_digest(&key.public_key().to_spki_der())));
        let id = row.id.clone();
        let written = self.house.office.ground.store.write(move |tx| {
            Box::pin(async move {
                store::orders::record(tx, &row).await?;
                let holder = "UPDATE orders SET holder_key = (SELECT holder_key FROM orders WHERE id = $1) WHERE id = $2";
                sqlx::query(holder).bind(before).bind(row.id).execute(tx).await?;
                Ok::<_, StoreError>(())
            })
        });
        written.await.unwrap();
        id
    }

    pub fn reads_the_file_with(&self, pair: &KeyPair) {
        assert_eq!(cipher::decrypt(pair, &self.encrypted).unwrap().as_slice(), FILE);
    }

    /// Who took which pair out, and why.
    pub async fn recoveries(&self) -> Vec<(String, String, String)> {
        let mut reader = self.house.office.ground.store.read().await.unwrap();
        let rows = sqlx::query_as("SELECT kind, by, why FROM recoveries ORDER BY at, id");
        rows.fetch_all(&mut *reader).await.unwrap()
    }
}

/// Three custodians and an authority with a key.
pub struct Custodians {
    pub holder: Holder,
    pub clerks: [Clerk; 3],
    pub authority: KeyPair,
}

const NAMES: [&str; 3] = ["miguan", "miguan2", "miguan3"];

impl Custodians {
    pub async fn come_in() -> Custodians {
        let holder = Box::pin(holder()).await;
        let clerks = Custodians::sign_in(&holder.house).await;
        Custodians { holder, clerks, authority: signing_key() }
    }

    pub async fn sign_in(house: &House) -> [Clerk; 3] {
        // A number that signed in before is not good again.
        house.town.clock.forward_s(31);
        let [one, two, three] = NAMES.map(|name| Clerk::sign_in(&house.town, name));
        [one.await, two.await, three.await]
    }

    pub fn form(&self) -> RecoveryForm {
        RecoveryForm {
            authority: "北京市示范区人民法院".into(),
            document_number: "（2026）京01调证7号".into(),
            document_on: "2020-01-02".into(),
            reference: "卷宗第3页".into(),
            target: self.holder.applicant.holder.credit_code.clone(),
            receiver: BASE64.encode(self.authority.public_key().to_spki_der()),
            reason: "开启案涉投标文件".into(),
        }
    }

    pub async fn file(&self) -> String {
        self.clerks[0].browser.call("recovery/file", json!({ "form": self.form() })).await.given()
    }

    /// With the number that the authenticator shows next.
    pub async fn approve(&self, who: usize, number: &str) -> Answer {
        let town = &self.holder.house.town;
        town.clock.forward_s(31);
        let code = Account::of(town, NAMES[who]).one_time_code(town);
        self.approve_with(who, number, &code).await
    }

    pub async fn approve_with(&self, who: usize, number: &str, code: &str) -> Answer {
        let arguments = json!({ "number": number, "one_time_code": code });
        self.clerks[who].browser.call("recovery/approve", arguments).await
    }

    pub async fn fetch(&self, who: usize, number: &str) -> Answer {
        self.clerks[who].browser.get(&package_path(number)).await
    }

    pub async fn see(&self, number: &str) -> RecoveryCase {
        self.clerks[1].browser.call("recovery/case", json!({ "number": number })).await.given()
    }

    /// What somebody does who can write to the database, and no more.
    pub async fn tamper(&self, statement: &'static str, number: &str) {
        let number = number.to_owned();
        let done = self.holder.house.office.ground.store.write(move |tx| {
            Box::pin(async move {
                let done = sqlx::query(statement).bind(number).execute(tx).await?;
                assert!(done.rows_affected() > 0);
                Ok::<_, StoreError>(())
            })
        });
        done.await.unwrap();
    }
}

#[track_caller]
pub fn refusal(answer: &Answer) -> RecoveryRefusal {
    match answer.refused(409) {
        DeskError::Recovery(refusal) => refusal,
        other => panic!("not the custodians' no: {other:?}"),
    }
}
