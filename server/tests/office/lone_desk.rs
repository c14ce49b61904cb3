//! The status desk by itself, with an issuer on P-256 whom stock OpenSSL can judge: it can be closed and opened again, its
//! clock runs as a test wants, and its signer may fail.

use crate::town::{TestClock, until};
use async_trait::async_trait;
use certificate::extension::Places;
use certificate::profile::OCSP_RESPONDER;
use certificate::revocation::RevocationList;
use certificate::status::{CertificateId, Hash, Standing, StatusRequest, StatusResponse};
use certificate::{
    Authority, Certificate, Draft, Facts, KeyKind, Name, NameParts, Serial, Signer, SoftwareKey, Validity,
};
use futures::future::BoxFuture;
use journey::Calendar;
use server::clock::{Clock, Dice, SystemEntropy};
use server::fault::Fault;
use server::ground::Ground;
use server::sealing::Sealing;
use server::standing::{By, Which};
use server::status::{IssuerOf, Pen, Responder, Status, StatusSettings};
use server::store::{Store, StoreError};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub struct LoneDesk {
    pub clock: Arc<TestClock>,
    pub root: Certificate,
    pub root_key: Arc<SoftwareKey>,
    pub issuing: Certificate,
    pub issuing_key: Arc<SoftwareKey>,
    pub pen: Arc<TestPen>,
    pub ground: Ground,
    pub status: Status,
    settings: StatusSettings,
    at_work: Option<(watch::Sender<bool>, JoinHandle<()>)>,
    folder: TempDir,
}

/// Signs with the issuer's own key, or its responder's, or does not.
pub struct TestPen {
    issuing: Authority,
    responder: Mutex<Option<Authority>>,
    pub broken: AtomicBool,
    /// How often it signed an answer.
    pub answers: AtomicUsize,
    /// What happens while it signs answers, one each time.
    pub meanwhile: Mutex<Vec<BoxFuture<'static, ()>>>,
    /// How often the desk looked after who answers, and after what was brought.
    pub looks: AtomicUsize,
}

impl TestPen {
    fn who_answers(&self) -> Authority {
        self.responder.lock().unwrap().clone().unwrap_or_else(|| self.issuing.clone())
    }

    fn sign(&self, by: &Authority, bytes: &[u8]) -> Result<Vec<u8>, Fault> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(Fault::Certificate("the device is away".to_owned()));
        }
        by.key.sign(bytes).map_err(|e| Fault::Certificate(e.to_string()))
    }
}

#[async_trait]
impl Pen for TestPen {
    async fn responder(&self, issuer: &str) -> Result<Option<Responder>, Fault> {
        if issuer == "root" {
            self.looks.fetch_add(1, Ordering::SeqCst);
            return Ok(None);
        }
        Ok(Some(Responder { name: issuer.to_owned(), certificate: self.who_answers().certificate }))
    }

    async fn sign_list(&self, _issuer: &str, to_be_signed: Vec<u8>) -> Result<Vec<u8>, Fault> {
        self.sign(&self.issuing, &to_be_signed)
    }

    async fn sign_answers(
        &self,
        _responder: &str,
        to_be_signed: Vec<Vec<u8>>,
    ) -> Vec<Result<Vec<u8>, Fault>> {
        let meanwhile = self.meanwhile.lock().unwrap().pop();
        if let Some(meanwhile) = meanwhile {
            meanwhile.await;
        }
        self.answers.fetch_add(to_be_signed.len(), Ordering::SeqCst);
        to_be_signed.iter().map(|bytes| self.sign(&self.who_answers(), bytes)).collect()
    }
}

impl LoneDesk {
    pub async fn open() -> LoneDesk {
        LoneDesk::open_with(StatusSettings { gather_seconds: 1, ..StatusSettings::default() }).await
    }

    pub async fn open_with(settings: StatusSettings) -> LoneDesk {
        let (clock, folder) = (Arc::new(TestClock::default()), tempfile::tempdir().unwrap());
        let mut dice = Dice::new(Arc::new(SystemEntropy::default()));
        let mut key = || Arc::new(SoftwareKey::generate(KeyKind::P256, &mut dice).unwrap());
        let (root_key, issuing_key) = (key(), key());
        let now = clock.now().millis() / 1000 - 60;
        let mut dice = Dice::new(Arc::new(SystemEntropy::default()));
        let root = Authority::new_root(&name("Root"), root_key.clone(), now, &mut dice).unwrap();
        let key = issuing_key.clone() as Arc<dyn Signer>;
        let issuing = root.new_issuing(&name("Issuing"), key, &Places::default(), now, &mut dice).unwrap();
        let pen = Arc::new(TestPen {
            issuing: issuing.clone(),
            responder: Mutex::new(None),
            broken: AtomicBool::new(false),
            answers: AtomicUsize::new(0),
            meanwhile: Mutex::default(),
            looks: AtomicUsize::new(0),
        });
        let ground = ground(&folder, clock.clone()).await;
        let status = desk(&ground, &pen, &root.certificate, &settings, &folder).await;
        LoneDesk {
            clock,
            root: root.certificate,
            root_key,
            issuing: issuing.certificate,
            issuing_key,
            pen,
            ground,
            status,
            settings,
            at_work: None,
            folder,
        }
    }

    /// Begins its day.
    pub async fn work(&mut self) {
        let (tell, stop) = watch::channel(false);
        let status = self.status.clone();
        self.at_work = Some((tell, tokio::spawn(async move { status.work(stop).await })));
    }

    /// Ends its day.
    pub async fn rest(&mut self) {
        if let Some((tell, worker)) = self.at_work.take() {
            tell.send(true).unwrap();
            worker.await.unwrap();
        }
    }

    /// The office closes, and another one opens in its folder and begins its day.
    pub async fn open_again(&mut self) {
        self.rest().await;
        self.ground.store.close().await;
        self.ground = ground(&self.folder, self.clock.clone()).await;
        self.status = desk(&self.ground, &self.pen, &self.root, &self.settings, &self.folder).await;
        self.work().await;
    }

    /// From its next look on another key answers for the issuer, under a certificate for nothing else.
    pub fn delegate(&self) -> Certificate {
        let mut dice = self.ground.dice.clone();
        let key = Arc::new(SoftwareKey::generate(KeyKind::P256, &mut dice).unwrap());
        let facts = Facts {
            serial: Serial::generate(&mut dice).unwrap(),
            subject: name("Responder"),
            spki: key.spki(),
            validity: Validity { not_before: self.now() - 60, not_after: self.now() + 30 * 86_400 },
            identity_codes: Vec::new(),
        };
        let draft = Draft::new(&OCSP_RESPONDER, &self.issuing, &Places::default(), &facts).unwrap();
        let signed = draft.lint().unwrap().to_be_signed().sign(&*self.issuing_key).unwrap();
        let certificate = signed.into_certificate();
        let responder = Authority { certificate: certificate.clone(), key };
        *self.pen.responder.lock().unwrap() = Some(responder);
        certificate
    }

    /// Somebody comes from the root's safe with what was signed there, and the desk has looked at it.
    pub async fn bring(&self, file: impl AsRef<[u8]>) {
        std::fs::write(self.folder.path().join("root.crl"), file).unwrap();
        // The second look begins after the first has ended.
        for _ in 0..2 {
            let before = self.pen.looks.load(Ordering::SeqCst);
            self.clock.forward_s(601);
            until("the next look", || async {
                (self.pen.looks.load(Ordering::SeqCst) > before).then_some(())
            })
            .await;
        }
    }

    pub fn now(&self) -> i64 {
        self.clock.now().millis() / 1000
    }

    pub fn list(&self, delta: bool) -> Option<RevocationList> {
        let list = self.status.list("issuing", delta)?;
        let read = RevocationList::from_der(&list.bytes).unwrap();
        read.verify(&self.issuing).unwrap();
        Some(read)
    }

    pub fn question(&self, serial: &str) -> Vec<u8> {
        let id = CertificateId::new(Hash::Sha1, &self.issuing, &hex::decode(serial).unwrap());
        StatusRequest { ids: vec![id], nonce: None }.to_der()
    }

    pub async fn response(&self, serial: &str) -> StatusResponse {
        let reply = self.status.answer("issuing", &self.question(serial)).await.unwrap();
        StatusResponse::from_der(&reply.bytes).unwrap()
    }

    /// How the certificate stands, by an answer that holds now.
    pub async fn standing(&self, serial: &str) -> Standing {
        let response = self.response(serial).await;
        response.standing(&self.issuing, &hex::decode(serial).unwrap(), self.now()).unwrap()
    }

    /// Certificates that were issued, count, and end so many days from now. They are single ones of a partner.
    pub async fn issued(&self, count: usize, days: i64) -> Vec<String> {
        let serials: Vec<String> = (0..count).map(|_| format!("4a{}", &self.ground.dice.id()[2..])).collect();
        let (now, kept) = (self.ground.now(), serials.clone());
        let recorded = self.ground.store.write(move |tx| {
            Box::pin(async move {
                for serial in &kept {
                    sqlx::query(
                        "INSERT INTO certificates (serial, issuer, profile, partner, partner_number, slot, key_serial,
                             spki_digest, certificate, state, recorded_at, signed_at, not_after)
                         VALUES ($1, 'issuing', 'tester', 'tester', $1, 'single', '', $1, x'00', 'active', $2, $2, $3)",
                    )
                    .bind(serial)
                    .bind(now.millis())
                    .bind(now.plus_days(days).millis())
                    .execute(&mut *tx)
                    .await?;
                }
                Ok::<_, StoreError>(())
            })
        });
        recorded.await.unwrap();
        serials
    }

    pub async fn revoke(&self, serial: &str) {
        let which = Which::Serial(serial.to_owned());
        self.status.supersede(which, By::new("tester", "试验")).await.unwrap();
    }

    pub async fn suspend(&self, serial: &str) {
        self.status.suspend(Which::Serial(serial.to_owned()), By::new("tester", "试验")).await.unwrap();
    }
}

fn name(what: &str) -> Name {
    let parts = NameParts {
        country: Some("CN".to_owned()),
        organisation: Some("试验电子认证中心".to_owned()),
        common_name: Some(format!("试验电子认证中心 {what}")),
        ..NameParts::default()
    };
    Name::from_parts(&parts).unwrap()
}

pub async fn ground(folder: &TempDir, clock: Arc<TestClock>) -> Ground {
    let dice = Dice::new(Arc::new(SystemEntropy::default()));
    Ground {
        store: Store::open(&folder.path().join("office.db")).await.unwrap(),
        sealing: Sealing::new(&[7; 32], dice.clone()),
        dice,
        clock,
        calendar: Arc::new(Calendar::official()),
        bell: Arc::default(),
        standing_bell: Arc::default(),
    }
}

async fn desk(
    ground: &Ground,
    pen: &Arc<TestPen>,
    root: &Certificate,
    settings: &StatusSettings,
    folder: &TempDir,
) -> Status {
    let issuing = IssuerOf {
        name: "issuing".to_owned(),
        certificate: pen.issuing.certificate.clone(),
        delta_urls: vec!["http://status.ca.example/crl/issuing-delta.crl".to_owned()],
        list_file: None,
    };
    let root = IssuerOf {
        name: "root".to_owned(),
        certificate: root.clone(),
        delta_urls: Vec::new(),
        list_file: Some(folder.path().join("root.crl")),
    };
    Status::open(ground.clone(), pen.clone(), settings, vec![issuing, root]).await.unwrap()
}
