//! A producer's machine: one blank key in the port, and what the helper does between the page and that key.

use crate::answer::Answer;
use crate::clerk::Clerk;
use app::desk::production::{IssuedPair, JobView, KeyRequest, Personalisation, PreparedPast, ReadBackProof};
use app::desk::unblock::{Release, UnblockProof};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use key::authorisation::{self, Authorisation};
use key::generation::{Sealed, find_slot, read_back};
use key::key::{Key, PinKind, Slot};
use key::message::{EnvelopedPast, Generation, NameParts};
use key::past::prepare_past;
use key::production;
use key::session::ApduKey;
use key::signing::Point;
use key::soft::{Drawer, SoftChannel};
use key::station::{Station, fresh_admin_pin, seal_pin};
use key::{KeyError, Pin};
use serde_json::json;
use server::clock::{Clock, SystemClock};
use tempfile::TempDir;

pub struct Workbench {
    pub serial: String,
    pub drawer: Drawer,
    pub station: Station,
    pub key: ApduKey<SoftChannel>,
    pub folder: TempDir,
}

impl Workbench {
    pub async fn set_up() -> Workbench {
        let folder = tempfile::tempdir().unwrap();
        let drawer = Drawer::at(folder.path().join("keys"));
        let serial = drawer.add(None).unwrap();
        drawer.insert(&serial).unwrap();
        let key = ApduKey::open(drawer.open(&serial).unwrap()).await.unwrap();
        Workbench { serial, drawer, station: Station::start().unwrap(), key, folder }
    }

    /// Asks the office what this key is to be made into.
    pub async fn ask(&self, producer: &Clerk, number: &str) -> Answer {
        let station_key = BASE64.encode(self.station.public_key());
        let arguments = json!({ "number": number, "key_serial": self.serial, "station_key": station_key });
        producer.browser.call("production/personalise", arguments).await
    }

    /// Sets the PIN, makes the signing pair on the key, and lets it sign its request.
    pub async fn personalise(&mut self, given: &Personalisation) -> KeyRequest {
        self.personalise_as(given, &given.subject).await
    }

    /// The same, for a subject of somebody's own choice.
    pub async fn personalise_as(&mut self, given: &Personalisation, subject: &NameParts) -> KeyRequest {
        let sealed = BASE64.decode(&given.sealed_passcode).unwrap();
        let user = self.station.open_passcode(&sealed).unwrap();
        let admin = fresh_admin_pin().unwrap();
        let office = BASE64.decode(given.office_key.as_ref().expect("the office keeps admin PINs")).unwrap();
        let sealed_admin_pin = Some(BASE64.encode(seal_pin(&office, &admin).unwrap()));
        let made = production::personalise(&mut self.key, &given.label, &admin, &user, subject, &given.nonce);
        let made = made.await.unwrap();
        KeyRequest {
            request: BASE64.encode(made.request),
            proof: BASE64.encode(made.proof),
            sealed_admin_pin,
        }
    }

    /// After a reload: the same passcode again, verified as the PIN.
    pub async fn resume(&mut self, given: &Personalisation) {
        let sealed = BASE64.decode(&given.sealed_passcode).unwrap();
        let user = self.station.open_passcode(&sealed).unwrap();
        self.key.verify_pin(PinKind::User, &user).await.unwrap();
    }

    pub async fn hand_in(&self, producer: &Clerk, number: &str, request: Option<&KeyRequest>) -> Answer {
        let arguments = json!({ "number": number, "key_serial": self.serial, "request": request });
        producer.browser.call("production/issue", arguments).await
    }

    /// The enveloped pair and both certificates onto the key.
    pub async fn install(&mut self, pair: &IssuedPair) {
        let der = |text: &str| BASE64.decode(text).unwrap();
        let (sign, encrypt) = (der(&pair.sign_certificate), der(&pair.encrypt_certificate));
        production::install(&mut self.key, &sign, &encrypt, &der(&pair.enveloped_key)).await.unwrap();
    }

    /// Pairs of before, where there are any, into places that the key says. The answer is what the key is asked about.
    pub async fn bring_past(&mut self, producer: &Clerk, number: &str, pair: IssuedPair) -> IssuedPair {
        if pair.past.is_empty() {
            return pair;
        }
        assert!(pair.past.iter().all(|past| past.enveloped.is_none()), "nothing leaves for a place unnamed");
        let prepared = prepared(&mut self.key, pair.past.len(), &pair.nonce).await;
        let arguments = json!({ "number": number, "key_serial": self.serial, "prepared": prepared });
        let pair: IssuedPair = producer.browser.call("production/issue", arguments).await.given();
        let enveloped: Vec<_> = pair.past.iter().filter_map(|past| past.enveloped.clone()).collect();
        bring(&mut self.key, &enveloped).await;
        pair
    }

    pub async fn read_back(&mut self, pair: &IssuedPair) -> ReadBackProof {
        let sealed = BASE64.decode(pair.sealed_challenge.as_ref().expect("a challenge")).unwrap();
        let past: Vec<(Point, Vec<u8>)> = pair
            .past
            .iter()
            .map(|past| {
                let point = BASE64.decode(&past.point).unwrap().try_into().unwrap();
                (point, BASE64.decode(&past.sealed_challenge).unwrap())
            })
            .collect();
        let past: Vec<Sealed> = past.iter().map(|(point, challenge)| Sealed { point, challenge }).collect();
        let read =
            read_back(&mut self.key, Generation::InUse, &pair.nonce, Some(&sealed), &past).await.unwrap();
        ReadBackProof {
            key_serial: read.serial,
            sign_certificate: BASE64.encode(read.sign_certificate),
            encrypt_certificate: BASE64.encode(read.encrypt_certificate),
            signature: BASE64.encode(read.signature),
            encryption_proof: read.encryption_proof,
            past_proofs: read.past_proofs,
        }
    }

    pub async fn prove(&self, producer: &Clerk, number: &str, proof: &ReadBackProof) -> Answer {
        producer.browser.call("production/verify", json!({ "number": number, "proof": proof })).await
    }

    /// The whole of it: a blank key becomes this order's key.
    pub async fn make(&mut self, producer: &Clerk, number: &str) -> JobView {
        producer.take(number).await.given::<JobView>();
        let given: Personalisation = self.ask(producer, number).await.given();
        let request = self.personalise(&given).await;
        let pair: IssuedPair = self.hand_in(producer, number, Some(&request)).await.given();
        self.install(&pair).await;
        let pair = self.bring_past(producer, number, pair).await;
        let proof = self.read_back(&pair).await;
        self.prove(producer, number, &proof).await.given()
    }

    /// What anybody can read from the key: (signing, encryption), DER.
    pub async fn certificates(&mut self) -> (Vec<u8>, Vec<u8>) {
        let sign = self.key.read_certificate(Slot::Sign).await.unwrap().expect("a signing certificate");
        let encrypt =
            self.key.read_certificate(Slot::Encrypt).await.unwrap().expect("an encryption certificate");
        (sign, encrypt)
    }

    /// The holder types this at the first use.
    pub async fn type_pin(&mut self, pin: &str) -> Result<(), KeyError> {
        self.key.verify_pin(PinKind::User, &Pin::new(pin)).await
    }

    /// What anybody's page sends when this key is shown: its signing certificate, base64.
    pub async fn shown(&mut self) -> String {
        BASE64.encode(self.certificates().await.0)
    }

    pub fn station_key(&self) -> String {
        BASE64.encode(self.station.public_key())
    }

    /// The holder forgets the PIN, and tries until the key is locked.
    pub async fn lock(&mut self) {
        for _ in 0..10 {
            assert!(self.type_pin("forgotten1").await.is_err());
        }
        assert_eq!(self.type_pin("forgotten1").await, Err(KeyError::PinLocked));
    }

    /// What the helper does with the office's release.
    pub async fn unblock(&mut self, release: &Release, pin: &str) -> Result<UnblockProof, KeyError> {
        let sealed = BASE64.decode(&release.sealed).unwrap();
        let now = SystemClock.now().millis();
        let authorisation = Authorisation::take(&mut self.station, &sealed, now)?;
        let done = authorisation::unblock(&mut self.key, &authorisation, &Pin::new(pin)).await?;
        Ok(UnblockProof { key_serial: done.serial, signature: BASE64.encode(done.signature) })
    }

    /// The key comes back after it was pulled, or lost its power.
    pub async fn plug_in(&mut self) {
        self.drawer.insert(&self.serial).unwrap();
        self.key = ApduKey::open(self.drawer.open(&self.serial).unwrap()).await.unwrap();
    }

    pub async fn sign(&mut self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).await.unwrap()
    }

    /// Opens what was encrypted to the pair with this public key, in use or of before.
    pub async fn open(&mut self, point: &Point, cipher: &[u8]) -> Option<Vec<u8>> {
        let slot = find_slot(&mut self.key, point).await.unwrap()?;
        Some(self.key.decrypt_with(slot, cipher).await.unwrap())
    }
}

/// Where this key takes so many pairs of before.
pub async fn prepared(key: &mut impl Key, pairs: usize, nonce: &str) -> PreparedPast {
    let prepared = prepare_past(key, pairs as u8, nonce).await.unwrap();
    PreparedPast {
        places: prepared.places.iter().map(|place| BASE64.encode(place)).collect(),
        signature: BASE64.encode(prepared.signature),
    }
}

pub async fn bring(key: &mut impl Key, pairs: &[EnvelopedPast]) {
    for pair in pairs {
        let place = BASE64.decode(&pair.to).unwrap().try_into().unwrap();
        key.import_past_pair(&place, &BASE64.decode(&pair.enveloped_key).unwrap()).await.unwrap();
    }
}
