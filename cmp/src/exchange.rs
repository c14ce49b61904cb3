//! One transaction: what we ask, what comes back, what to send next.
//!
//! ```text
//! p10cr ─▶ cp ──▶ certConf ─▶ pkiConf      (certConf only where the authority does not confirm implicitly)
//!           └ waiting ─▶ pollReq ─▶ pollRep ┐
//!                           ▲───── wait ────┘ … until cp
//! rr ─▶ rp
//! ```
//! The caller carries bytes over HTTP and waits; nothing here does. Each answer must belong to the transaction, answer
//! our last message, and be protected as agreed, before a word of it counts.

use std::sync::Arc;

use der::Encode;
use der::asn1::{Any, GeneralizedTime, Int, OctetString};
use sha2::{Digest, Sha256};
use x509_cert::ext::pkix::name::GeneralName;

use certificate::algorithm::Algorithm;
use certificate::rand_core::TryCryptoRng;
use certificate::{Certificate, Name, sm3};

use crate::answer::{
    CertificateAnswer, CertificateResponse, CertifiedKeyPair, Confirmation, ErrorAnswer, PollAnswer,
    PollRequest, RevocationAnswer, Status, read, write,
};
use crate::message::{self, Header, Message, kind};
use crate::protection::Peer;
use crate::{CmpError, crmf};

/// With the authority's usual minute between two, about a working day.
const MOST_POLLS: u32 = 500;

/// What is asked for.
#[derive(Debug, Clone)]
pub enum Ask {
    /// DER PKCS#10, and the SubjectPublicKeyInfo in it.
    Certify { request: Vec<u8>, spki: Vec<u8> },
    /// `reason` is a CRLReason (RFC 5280, 5.3.1).
    Revoke { certificate: Box<Certificate>, reason: u8 },
}

/// What the caller does next.
#[derive(Debug)]
pub enum Next {
    /// Post these bytes and give the answer back.
    Send(Vec<u8>),
    /// The authority is not ready: wait, then post.
    Wait {
        seconds: u32,
        then: Vec<u8>,
    },
    Done(Outcome),
}

#[derive(Debug)]
pub enum Outcome {
    Certified(Box<Certified>),
    Revoked,
}

#[derive(Debug)]
pub struct Certified {
    pub certificate: Certificate,
    /// What else came: issuers, in no order that could be relied on.
    pub chain: Vec<Certificate>,
    /// The second certificate of an SM2 authority that makes encryption pairs itself (GM/T 0034).
    pub encryption: Option<EncryptionCertificate>,
}

#[derive(Debug)]
pub struct EncryptionCertificate {
    pub certificate: Certificate,
    /// DER SM2EnvelopedKey to the requested key.
    pub sealed_key: Vec<u8>,
}

#[derive(Debug)]
enum Stage {
    Asked,
    Polling,
    Confirming(Box<Certified>),
    /// The certificate is not for our key, and the authority was told so.
    Refusing,
}

/// A transaction under way.
pub struct Exchange {
    peer: Arc<Peer>,
    ask: Ask,
    stage: Stage,
    transaction: [u8; 16],
    /// Of our last message; the answer repeats it.
    nonce: [u8; 16],
    their_nonce: Option<OctetString>,
    polls: u32,
}

impl Exchange {
    /// Begins; the bytes are the first message. `now` in Unix seconds.
    ///
    /// # Errors
    /// The signer's or the dice's.
    pub fn begin(
        peer: Arc<Peer>,
        ask: Ask,
        now: i64,
        dice: &mut impl TryCryptoRng,
    ) -> Result<(Exchange, Vec<u8>), CmpError> {
        let mut transaction = [0; 16];
        dice.try_fill_bytes(&mut transaction).map_err(|_| CmpError::Dice)?;
        let (number, content) = match &ask {
            Ask::Certify { request, .. } => (kind::P10CR, request.clone()),
            Ask::Revoke { certificate, reason } => (kind::RR, crmf::revocation(certificate, *reason)?),
        };
        let (nonce, their_nonce) = ([0; 16], None);
        let mut exchange =
            Exchange { peer, ask, stage: Stage::Asked, transaction, nonce, their_nonce, polls: 0 };
        let first = exchange.message(number, &content, now, dice)?;
        Ok((exchange, first))
    }

    /// Takes the answer to the last message. `now` in Unix seconds.
    ///
    /// # Errors
    /// After any of them the transaction is over; `Refused` is the authority's own word.
    pub fn take(&mut self, answer: &[u8], now: i64, dice: &mut impl TryCryptoRng) -> Result<Next, CmpError> {
        let message = Message::read(answer)?;
        self.belongs(&message)?;
        let (number, content) = message.body()?;
        if number == kind::ERROR && message.protection.is_none() {
            let CmpError::Refused(said) = read::<ErrorAnswer>(content)?.refusal() else {
                return Err(CmpError::NotAMessage);
            };
            return Err(CmpError::RefusedUnprotected(said));
        }
        self.peer.protection.check(&self.peer.recipient, &message, now)?;
        self.their_nonce = message.header.sender_nonce.clone();
        match (number, core::mem::replace(&mut self.stage, Stage::Asked)) {
            (kind::ERROR, _) => Err(read::<ErrorAnswer>(content)?.refusal()),
            (kind::CP, Stage::Asked | Stage::Polling) => self.certificates(&message, content, now, dice),
            (kind::POLL_REP, Stage::Polling) => self.wait(content, now, dice),
            (kind::PKI_CONF, Stage::Confirming(certified)) => done(Outcome::Certified(certified)),
            (kind::PKI_CONF, Stage::Refusing) => Err(CmpError::OtherKey),
            (kind::RP, Stage::Asked) => revoked(content),
            (other, _) => Err(CmpError::Unexpected(other)),
        }
    }

    fn belongs(&self, message: &Message) -> Result<(), CmpError> {
        let same = |field: &Option<OctetString>, ours: &[u8]| {
            field.as_ref().is_some_and(|theirs| theirs.as_bytes() == ours)
        };
        let header = &message.header;
        let ours = same(&header.transaction, &self.transaction) && same(&header.recipient_nonce, &self.nonce);
        if ours { Ok(()) } else { Err(CmpError::OtherTransaction) }
    }

    fn certificates(
        &mut self,
        message: &Message,
        content: &[u8],
        now: i64,
        dice: &mut impl TryCryptoRng,
    ) -> Result<Next, CmpError> {
        let Ask::Certify { spki, .. } = &self.ask else { return Err(CmpError::Unexpected(kind::CP)) };
        let answer: CertificateAnswer = read(content)?;
        let first = answer.responses.first().ok_or(CmpError::NotAMessage)?;
        if first.status.waiting() {
            self.stage = Stage::Polling;
            return Ok(Next::Send(self.poll(&first.request, now, dice)?));
        }
        if !first.status.granted() {
            return Err(first.status.refusal());
        }
        let (certified, request) = certified(message, &answer, first)?;
        if certified.certificate.spki() != spki {
            let no =
                Status { status: 2, text: Some(vec!["not the requested key".to_owned()]), failure: None };
            let confirmation = self.confirm(&certified.certificate, request, Some(no), now, dice)?;
            self.stage = Stage::Refusing;
            return Ok(Next::Send(confirmation));
        }
        if message.confirms_implicitly() {
            return done(Outcome::Certified(Box::new(certified)));
        }
        let confirmation = self.confirm(&certified.certificate, request, None, now, dice)?;
        self.stage = Stage::Confirming(Box::new(certified));
        Ok(Next::Send(confirmation))
    }

    fn wait(&mut self, content: &[u8], now: i64, dice: &mut impl TryCryptoRng) -> Result<Next, CmpError> {
        let answer: Vec<PollAnswer> = read(content)?;
        let first = answer.first().ok_or(CmpError::NotAMessage)?;
        self.stage = Stage::Polling;
        Ok(Next::Wait { seconds: first.wait(), then: self.poll(&first.request, now, dice)? })
    }

    fn poll(&mut self, request: &Int, now: i64, dice: &mut impl TryCryptoRng) -> Result<Vec<u8>, CmpError> {
        self.polls += 1;
        if self.polls > MOST_POLLS {
            return Err(CmpError::TooManyPolls);
        }
        let content = write(&vec![PollRequest { request: request.clone() }])?;
        self.message(kind::POLL_REQ, &content, now, dice)
    }

    /// certConf: the digest is that of the certificate's own signature algorithm (RFC 4210, 5.3.18).
    fn confirm(
        &mut self,
        certificate: &Certificate,
        request: Int,
        status: Option<Status>,
        now: i64,
        dice: &mut impl TryCryptoRng,
    ) -> Result<Vec<u8>, CmpError> {
        let digest = match certificate.algorithm() {
            Some(Algorithm::Sm2WithSm3) => sm3(certificate.der()).to_vec(),
            _ => Sha256::digest(certificate.der()).to_vec(),
        };
        let content = write(&vec![Confirmation { hash: OctetString::new(digest)?, request, status }])?;
        self.message(kind::CERT_CONF, &content, now, dice)
    }

    fn message(
        &mut self,
        number: u8,
        content: &[u8],
        now: i64,
        dice: &mut impl TryCryptoRng,
    ) -> Result<Vec<u8>, CmpError> {
        dice.try_fill_bytes(&mut self.nonce).map_err(|_| CmpError::Dice)?;
        let named = self.peer.protection.name(dice)?;
        let seconds = core::time::Duration::from_secs(u64::try_from(now).unwrap_or_default());
        let header = Header {
            version: message::VERSION,
            sender: directory_name(&self.peer.sender)?,
            recipient: directory_name(&self.peer.recipient)?,
            message_time: Some(GeneralizedTime::from_unix_duration(seconds)?),
            protection: Some(named.algorithm),
            sender_key: named.sender_key,
            recipient_key: None,
            transaction: Some(OctetString::new(self.transaction.as_slice())?),
            sender_nonce: Some(OctetString::new(self.nonce.as_slice())?),
            recipient_nonce: self.their_nonce.clone(),
            free_text: None,
            information: (number == kind::P10CR)
                .then(message::implicit_confirm)
                .transpose()?
                .map(|it| vec![it]),
        };
        let body = message::body(number, content)?;
        let mut message = Message { header, body, protection: None, extra_certificates: None };
        self.peer.protection.seal(&mut message)?;
        Ok(message.to_der()?)
    }
}

fn done(outcome: Outcome) -> Result<Next, CmpError> {
    Ok(Next::Done(outcome))
}

fn revoked(content: &[u8]) -> Result<Next, CmpError> {
    let answer: RevocationAnswer = read(content)?;
    match answer.status.first() {
        Some(status) if status.granted() => done(Outcome::Revoked),
        Some(status) => Err(status.refusal()),
        None => Err(CmpError::NotAMessage),
    }
}

/// What came, and under which number it is to be confirmed.
fn certified(
    message: &Message,
    answer: &CertificateAnswer,
    first: &CertificateResponse,
) -> Result<(Certified, Int), CmpError> {
    let certificate = |pair: &CertifiedKeyPair| {
        Certificate::from_der(pair.certificate()?).map_err(|_| CmpError::NotAMessage)
    };
    let pair = first.pair.as_ref().ok_or(CmpError::NotAMessage)?;
    let second = answer.responses.iter().skip(1).find_map(|response| {
        let pair = response.pair.as_ref()?;
        Some((pair, pair.private_key.as_ref()?))
    });
    let encryption = second
        .map(|(pair, sealed)| {
            let sealed_key = sealed.to_der().map_err(|_| CmpError::NotAMessage)?;
            Ok::<_, CmpError>(EncryptionCertificate { certificate: certificate(pair)?, sealed_key })
        })
        .transpose()?;
    let others = answer.authorities.iter().chain(&message.extra_certificates).flatten().take(16);
    let chain = others.filter_map(|any: &Any| Certificate::from_der(&any.to_der().ok()?).ok()).collect();
    Ok((Certified { certificate: certificate(pair)?, chain, encryption }, first.request.clone()))
}

fn directory_name(name: &Name) -> Result<GeneralName, CmpError> {
    Ok(GeneralName::DirectoryName(der::Decode::from_der(name.der())?))
}
