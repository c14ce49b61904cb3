//! Somebody who relies on a certificate: fetches the lists, asks by OCSP, and believes nothing without its signature.

use crate::answer::Answer;
use crate::browser::Browser;
use crate::house::House;
use crate::town::{Streets, until};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::Certificate;
use certificate::revocation::{Entry, Reason, RevocationList};
use certificate::status::{CertificateId, Hash, Standing, StatusRequest, StatusResponse};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use server::clock::Clock;
use server::store::StoreError;
use std::sync::Arc;

pub const OCSP: &str = "application/ocsp-response";

pub struct Relying {
    pub browser: Browser,
    pub issuer: Certificate,
    pub name: String,
    clock: Arc<dyn Clock>,
}

impl Relying {
    /// On the certificates of one issuer of the house.
    pub fn on(house: &House, issuer: &str) -> Relying {
        let known = house.office.issuing.authorities().load(issuer).unwrap();
        let town = house.town();
        Relying {
            browser: town.browser(),
            issuer: known.certificate.clone(),
            name: issuer.to_owned(),
            clock: town.clock.clone(),
        }
    }

    pub fn now(&self) -> i64 {
        self.clock.now().millis() / 1000
    }

    pub fn question(&self, hash: Hash, serial: &str, nonce: Option<&[u8]>) -> Vec<u8> {
        let id = CertificateId::new(hash, &self.issuer, &hex::decode(serial).unwrap());
        StatusRequest { ids: vec![id], nonce: nonce.map(<[u8]>::to_vec) }.to_der()
    }

    pub async fn post(&self, request: &[u8]) -> Answer {
        let post = self.browser.bare(Method::POST, &format!("/ocsp/{}", self.name));
        self.browser
            .send(post.header("content-type", "application/ocsp-request").body(request.to_vec()))
            .await
    }

    pub async fn get(&self, request: &[u8]) -> Answer {
        let base64 = BASE64.encode(request);
        self.browser
            .get(&format!("/ocsp/{}/{}", self.name, utf8_percent_encode(&base64, NON_ALPHANUMERIC)))
            .await
    }

    /// The whole signed answer to a question in one form.
    pub async fn response(&self, hash: Hash, serial: &str) -> StatusResponse {
        let answer = self.post(&self.question(hash, serial, None)).await;
        assert_eq!((answer.status, &answer.headers["content-type"]), (200, &OCSP.parse().unwrap()));
        let response = StatusResponse::from_der(&answer.body).unwrap();
        response.verify(&self.issuer, self.now()).unwrap();
        response
    }

    /// How the certificate stands, by an answer that holds.
    pub async fn standing(&self, serial: &str) -> Standing {
        let response = self.response(Hash::Sha1, serial).await;
        response.standing(&self.issuer, &hex::decode(serial).unwrap(), self.now()).unwrap()
    }

    pub async fn reason(&self, serial: &str) -> Option<Reason> {
        match self.standing(serial).await {
            Standing::Revoked { reason, .. } => Some(reason),
            Standing::Good => None,
            Standing::Unknown => panic!("{serial} is unknown"),
        }
    }

    /// The list that lies at the address, if one does, signed by the issuer.
    pub async fn list(&self, delta: bool) -> Option<RevocationList> {
        let answer = self.browser.get(&self.place(delta)).await;
        if answer.status == 404 {
            return None;
        }
        assert_eq!(
            (answer.status, answer.headers["content-type"].to_str().unwrap()),
            (200, "application/pkix-crl")
        );
        let list = RevocationList::from_der(&answer.body).unwrap();
        list.verify(&self.issuer).unwrap();
        assert_eq!(list.is_delta(), delta);
        Some(list)
    }

    pub fn place(&self, delta: bool) -> String {
        format!("/crl/{}{}.crl", self.name, if delta { "-delta" } else { "" })
    }

    /// The full list or the delta, once it holds what is waited for.
    pub async fn until_list(
        &self,
        delta: bool,
        what: &str,
        holds: impl Fn(&RevocationList) -> bool,
    ) -> RevocationList {
        let holds = &holds;
        until(what, || async move { self.list(delta).await.filter(holds) }).await
    }
}

pub fn entry(list: &RevocationList, serial: &str) -> Option<Entry> {
    list.find(&hex::decode(serial).unwrap())
}

pub fn reason(list: &RevocationList, serial: &str) -> Option<Reason> {
    entry(list, serial).map(|entry| entry.reason)
}

/// Pairs of a partner that were issued and count: (signing, encryption) serials. The certificates themselves are of no
/// concern to those who ask by serial.
pub async fn pairs(house: &House, issuer: &str, count: usize) -> Vec<(String, String)> {
    let dice = house.office.ground.dice.clone();
    let pairs: Vec<_> =
        (0..count).map(|_| (format!("4a{}", &dice.id()[2..]), format!("4b{}", &dice.id()[2..]))).collect();
    let now = house.office.ground.now();
    let (kept, issuer) = (pairs.clone(), issuer.to_owned());
    let recorded = house.office.ground.store.write(move |tx| {
        Box::pin(async move {
            for (sign, encrypt) in &kept {
                for (serial, slot) in [(sign, "sign"), (encrypt, "encrypt")] {
                    sqlx::query(
                        "INSERT INTO certificates (serial, issuer, profile, partner, partner_number, slot, key_serial,
                             spki_digest, certificate, state, recorded_at, signed_at, not_after)
                         VALUES ($1, $2, 'organisation', 'tester', $3, $4, '', $1, x'00', 'active', $5, $5, $6)",
                    )
                    .bind(serial)
                    .bind(&issuer)
                    .bind(sign)
                    .bind(slot)
                    .bind(now.millis())
                    .bind(now.plus_days(365).millis())
                    .execute(&mut *tx)
                    .await?;
                }
            }
            Ok::<_, StoreError>(())
        })
    });
    recorded.await.unwrap();
    pairs
}
