//! Owns: another authority behind the port, asked by CMP over HTTP (RFC 4210, RFC 9480, RFC 6712).
//! Never: a message's encoding (`cmp`), a decision who deserves a certificate.
//! Start at: [`Upstream`].
//!
//! What is recorded before anything is sent is the PKCS#10 request; the serial is the authority's, so the row stands under
//! one of our own making until the certificate comes. An authority that lets wait longer than our patience is asked again
//! in the same transaction the next time; after a restart in a new one, and then it is the authority that decides whether
//! it issues twice.

mod known;

pub(in crate::issuing) use known::read_certificate;

use super::port::{CertificateAuthority, Meant, Wish};
use super::settings::UpstreamSettings;
use super::wrong;
use crate::clock::Dice;
use crate::fault::Fault;
use crate::outside::{CallError, SetupError, Surroundings};
use crate::store::authorities::UPSTREAM;
use async_trait::async_trait;
use certificate::digest::spki_digest;
use certificate::{Certificate, Name, Request, Serial};
use cmp::{Ask, CmpError, Exchange, Next, Outcome, Peer};
use futures::future::join_all;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Transactions at the same time.
const AT_ONCE: usize = 16;
/// Two clocks that differ by less agree.
const SKEW: i64 = 300;
const DAY: i64 = 86_400;
/// Failure bits of an authority that is there but cannot serve now (RFC 4210, 5.2.3).
const PASSING: [&str; 3] = ["systemUnavail", "systemFailure", "timeNotAvailable"];

/// Cheap to clone.
#[derive(Clone)]
pub struct Upstream {
    certificate: Arc<Certificate>,
    peer: Arc<Peer>,
    url: String,
    patience: Duration,
    around: Surroundings,
    dice: Dice,
    /// Transactions that the authority lets wait, by the serial that the row stands under.
    waiting: Arc<Mutex<HashMap<String, Waiting>>>,
    /// Halves of pairs whose other half is not there yet, by the same serial: nobody is asked for them again.
    halves: Arc<Mutex<HashMap<String, Certificate>>>,
}

struct Waiting {
    exchange: Exchange,
    next: Vec<u8>,
    /// Unix seconds: not before.
    at: i64,
}

impl Upstream {
    /// # Errors
    /// A file that is none of what it should be, a profile that nobody asks for, no secret and no certificate.
    pub fn new(
        settings: &UpstreamSettings,
        around: Surroundings,
        dice: Dice,
    ) -> Result<Upstream, SetupError> {
        let certificate = read_certificate(&settings.certificate_file)?;
        if let Some(odd) = settings.profiles.iter().find(|name| !super::partner::is_product(name)) {
            return Err(SetupError::new("[upstream] profiles", format!("nobody can ask for {odd}")));
        }
        Ok(Upstream {
            peer: Arc::new(known::peer(settings, &certificate)?),
            certificate: Arc::new(certificate),
            url: settings.url.clone(),
            patience: Duration::from_secs(settings.patience_seconds.into()),
            around,
            dice,
            waiting: Arc::default(),
            halves: Arc::default(),
        })
    }

    /// Whether this authority made it.
    pub(super) fn made(&self, certificate: &Certificate) -> bool {
        certificate.issuer() == self.certificate.subject()
    }

    fn now(&self) -> i64 {
        self.around.now().millis() / 1000
    }

    async fn certify(&self, meant: &Meant) -> Result<Certificate, Fault> {
        if let Some(half) = self.halves.lock().unwrap_or_else(PoisonError::into_inner).remove(&meant.serial) {
            return Ok(half);
        }
        let request = Request::verify(&meant.to_be_signed).map_err(|error| wrong(error.code()))?;
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&meant.serial);
        let waiting = match waiting {
            Some(waiting) => waiting,
            None => {
                let ask = Ask::Certify { request: meant.to_be_signed.clone(), spki: request.spki.clone() };
                let (exchange, next) =
                    Exchange::begin(self.peer.clone(), ask, self.now(), &mut self.dice.clone())
                        .map_err(fault)?;
                Waiting { exchange, next, at: 0 }
            }
        };
        let Outcome::Certified(certified) = self.walk(&meant.serial, waiting).await? else {
            return Err(wrong("the upstream authority answered another question"));
        };
        let certificate = certified.certificate;
        if let Err(why) = self.check(meant, &request, &certificate) {
            let serial = certificate.serial_hex();
            tracing::error!(serial, why, "the upstream authority issued what was not asked for");
            if let Err(fault) = self.revoke(&certificate, SUPERSEDED).await {
                tracing::error!(serial, %fault, "and it was not told to revoke it");
            }
            return Err(wrong(format!("the upstream authority issued {serial}, which {why}")));
        }
        Ok(certificate)
    }

    /// One transaction to its end, or until patience ends.
    async fn walk(&self, serial: &str, begun: Waiting) -> Result<Outcome, Fault> {
        let Waiting { mut exchange, mut next, at } = begun;
        let mut polling = at > 0;
        let mut pause = seconds(at - self.now());
        let mut left = self.patience;
        loop {
            if pause > left {
                self.keep(serial, exchange, next, pause);
                let why = format!("the authority wants {} more seconds", pause.as_secs());
                return Err(away(CallError::Again(why)));
            }
            left -= pause;
            tokio::time::sleep(pause).await;
            let answer = match self.post(next.clone()).await {
                Ok(answer) => answer,
                Err(error) => {
                    // The authority knows the transaction: what it has made meanwhile is not asked for anew.
                    if polling {
                        self.keep(serial, exchange, next, Duration::ZERO);
                    }
                    return Err(away(error));
                }
            };
            (next, pause) = match exchange.take(&answer, self.now(), &mut self.dice.clone()).map_err(fault)? {
                Next::Send(next) => (next, Duration::ZERO),
                // An authority that says "at once" is not asked in a tight loop.
                Next::Wait { seconds: wait, then } => {
                    polling = true;
                    (then, Duration::from_secs(wait.max(1).into()))
                }
                Next::Done(outcome) => return Ok(outcome),
            };
        }
    }

    fn keep(&self, serial: &str, exchange: Exchange, next: Vec<u8>, pause: Duration) {
        let at = self.now() + i64::try_from(pause.as_secs()).unwrap_or(DAY);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.insert(serial.to_owned(), Waiting { exchange, next, at });
    }

    /// A pair is recorded whole or not at all.
    fn keep_halves(&self, meant: &[Meant], made: &[Result<Certificate, Fault>]) {
        let all = || meant.iter().zip(made);
        let broken: Vec<String> =
            all().filter(|(_, made)| made.is_err()).map(|(meant, _)| meant.case.to_string()).collect();
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        for (meant, made) in all().filter(|(meant, _)| broken.contains(&meant.case.to_string())) {
            if let Ok(certificate) = made {
                halves.insert(meant.serial.clone(), certificate.clone());
            }
        }
    }

    /// RFC 6712, 3: the message is the body, and so is the answer.
    async fn post(&self, body: Vec<u8>) -> Result<Vec<u8>, CallError> {
        let http = self.around.http();
        // An authority may take minutes between two messages; a connection that it closed meanwhile would lose the next one.
        let request = http.post(&self.url).header("connection", "close");
        let request = request.header("content-type", cmp::CONTENT_TYPE).body(body);
        let answer = http.send(request).await?;
        let kind =
            answer.headers.iter().find(|(name, _)| name == "content-type").map(|(_, kind)| kind.as_str());
        let is_cmp =
            kind.is_some_and(|kind| kind.split(';').next().unwrap_or(kind).trim() == cmp::CONTENT_TYPE);
        if answer.status != 200 || !is_cmp {
            return Err(CallError::Again(format!(
                "HTTP {} with {}",
                answer.status,
                kind.unwrap_or("no type")
            )));
        }
        Ok(answer.body)
    }

    /// What an authority may not surprise us with.
    fn check(&self, meant: &Meant, request: &Request, certificate: &Certificate) -> Result<(), &'static str> {
        let now = self.now();
        let life = certificate.not_after() - certificate.not_before();
        let longest = (i64::from(meant.profile.max_days) + 1) * DAY;
        let holds = [
            (spki_digest(certificate.spki()) == meant.spki_digest, "is for another key"),
            (same(certificate.subject(), &request.subject), "names another subject"),
            (certificate.verify(&self.certificate).is_ok(), "is not signed by [upstream] certificate_file"),
            (!certificate.is_authority(), "makes its holder an authority"),
            (certificate.not_before() <= now + SKEW, "does not hold yet"),
            (certificate.not_after() > now, "has ended"),
            (certificate.not_after() <= self.certificate.not_after(), "outlives its issuer"),
            (life <= longest, "holds longer than its profile allows"),
        ];
        holds.into_iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, why)| Err(why))
    }
}

/// RFC 5280, 5.3.1.
const SUPERSEDED: u8 = 4;

#[async_trait]
impl CertificateAuthority for Upstream {
    fn wants_request(&self, _: &str) -> bool {
        true
    }

    fn mean(&self, wish: Wish) -> Result<Meant, Fault> {
        let der = wish.request.ok_or_else(|| wrong("the upstream authority wants the request itself"))?;
        let request = Request::verify_for(&der, wish.profile).map_err(|error| wrong(error.code()))?;
        if request.spki != wish.spki {
            return Err(wrong("the request is not for the key that the certificate is for"));
        }
        // The authority certifies what the request says; nobody but the key's holder can make it say something else.
        if !same(&request.subject, &wish.subject) {
            let (said, wanted) = (request.subject, wish.subject);
            return Err(wrong(format!(
                "the request must name the certificate's subject ({wanted}), it names {said}"
            )));
        }
        let serial = Serial::generate(&mut self.dice.clone()).map_err(wrong)?.to_hex();
        let digest = spki_digest(&wish.spki);
        Ok(Meant::from_record(wish.case, wish.issuer, wish.profile, digest, serial, der))
    }

    async fn make(&self, meant: Vec<Meant>) -> Vec<Result<Certificate, Fault>> {
        let mut made = Vec::with_capacity(meant.len());
        for some in meant.chunks(AT_ONCE) {
            made.extend(join_all(some.iter().map(|one| self.certify(one))).await);
        }
        self.keep_halves(&meant, &made);
        made
    }

    async fn revoke(&self, certificate: &Certificate, reason: u8) -> Result<(), Fault> {
        let ask = Ask::Revoke { certificate: Box::new(certificate.clone()), reason };
        let (mut exchange, bytes) =
            Exchange::begin(self.peer.clone(), ask, self.now(), &mut self.dice.clone()).map_err(fault)?;
        let answer = self.post(bytes).await.map_err(away)?;
        match exchange.take(&answer, self.now(), &mut self.dice.clone()) {
            Ok(Next::Done(Outcome::Revoked)) => Ok(()),
            Ok(_) => Err(wrong("the upstream authority answered another question")),
            // An earlier try arrived, and its answer did not.
            Err(CmpError::Refused(said)) if said.contains("certRevoked") => Ok(()),
            Err(error) => Err(fault(error)),
        }
    }
}

/// The same text in the same order: one authority writes PrintableString where another writes UTF8String.
fn same(one: &Name, other: &Name) -> bool {
    one.to_string() == other.to_string()
}

fn seconds(count: i64) -> Duration {
    Duration::from_secs(u64::try_from(count).unwrap_or_default())
}

fn away(error: CallError) -> Fault {
    Fault::Partner { partner: UPSTREAM, error }
}

/// What nobody proved to have said may be tried again; what the authority says under its protection counts.
fn fault(error: CmpError) -> Fault {
    match &error {
        CmpError::Refused(said) if PASSING.iter().any(|bit| said.contains(bit)) => {
            away(CallError::Again(error.to_string()))
        }
        CmpError::NotAMessage
        | CmpError::OtherTransaction
        | CmpError::Protection
        | CmpError::Unexpected(_)
        | CmpError::RefusedUnprotected(_) => away(CallError::Untrusted(error.to_string())),
        _ => wrong(format!("{}: {error}", error.code())),
    }
}
