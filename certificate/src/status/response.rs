//! Reading an answer and deciding whether to believe it: for the checker and for tests.

use der::Decode;
use der::asn1::ObjectIdentifier;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::id::key_bits;
use super::parse::{self, Responder};
use super::{Answer, CertificateId, Hash, Standing};
use crate::algorithm::{Algorithm, verify};
use crate::read::Certificate;

/// An answer with its responder's certificate has about a kilobyte.
const MAX_BYTES: usize = 64 * 1024;

/// id-kp-OCSPSigning.
const OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
const EXTENDED_KEY_USAGE: &str = "2.5.29.37";

/// Why an answer is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    #[error("this is not a DER OCSP response of the basic type")]
    NotDer,
    /// OCSPResponseStatus; see [`super::NoAnswer`].
    #[error("the responder gave no answer: status {0}")]
    NoAnswer(u8),
    #[error("the response has a critical extension that is not understood")]
    NotUnderstood,
    #[error("no certificate of the responder that signed is known")]
    NoResponder,
    #[error(
        "the responder's certificate does not come from the issuer, is not for this use, or is not valid"
    )]
    NotDelegated,
    #[error("the signature algorithm is not one of ours")]
    Algorithm,
    #[error("the signature does not verify under the responder's key")]
    Signature,
    #[error("the response does not speak about this certificate")]
    NotAsked,
    #[error("the response is not for this time")]
    NotFresh,
}

impl From<der::Error> for ResponseError {
    fn from(_: der::Error) -> Self {
        ResponseError::NotDer
    }
}

/// An answer as it was read.
#[derive(Debug, Clone)]
pub struct StatusResponse {
    to_be_signed: Vec<u8>,
    algorithm: AlgorithmIdentifierOwned,
    signature: Vec<u8>,
    responder: Responder,
    pub produced_at: i64,
    pub answers: Vec<Answer>,
    pub nonce: Option<Vec<u8>>,
    /// Whatever came along; nothing is trusted for it.
    pub certificates: Vec<Certificate>,
}

impl StatusResponse {
    /// Reads a DER OCSPResponse; a status without an answer is [`ResponseError::NoAnswer`].
    pub fn from_der(der: &[u8]) -> Result<Self, ResponseError> {
        if der.len() > MAX_BYTES {
            return Err(ResponseError::NotDer);
        }
        let basic = parse::basic(parse::response_bytes(der)?)?;
        let data = parse::data(basic.to_be_signed)?;
        Ok(StatusResponse {
            to_be_signed: basic.to_be_signed.to_vec(),
            algorithm: basic.algorithm,
            signature: basic.signature.to_vec(),
            responder: data.responder,
            produced_at: data.produced_at,
            answers: data.answers,
            nonce: data.nonce,
            certificates: basic.certificates,
        })
    }

    /// The signed part, byte for byte.
    pub fn tbs_der(&self) -> &[u8] {
        &self.to_be_signed
    }

    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Whether `issuer`, or a responder to whom it delegated, signed this and could at `at` (Unix seconds).
    pub fn verify(&self, issuer: &Certificate, at: i64) -> Result<(), ResponseError> {
        let signer = if self.is_by(issuer) {
            issuer
        } else {
            let found = self.certificates.iter().find(|certificate| self.is_by(certificate));
            let found = found.ok_or(ResponseError::NoResponder)?;
            let delegated = found.verify(issuer).is_ok() && found.valid_at(at).is_ok() && may_answer(found);
            if !delegated {
                return Err(ResponseError::NotDelegated);
            }
            found
        };
        let algorithm = Algorithm::of_identifier(&self.algorithm).ok_or(ResponseError::Algorithm)?;
        verify(signer.spki(), algorithm, &self.to_be_signed, &self.signature)
            .map_err(|_| ResponseError::Signature)
    }

    /// The standing of one certificate of `issuer`, if the answer is good, about it, and for this moment.
    pub fn standing(&self, issuer: &Certificate, serial: &[u8], at: i64) -> Result<Standing, ResponseError> {
        self.verify(issuer, at)?;
        let same = |id: &CertificateId| {
            *id == CertificateId { null: id.null, ..CertificateId::new(id.hash, issuer, serial) }
        };
        let answer = self.answers.iter().find(|answer| same(&answer.id)).ok_or(ResponseError::NotAsked)?;
        let over = answer.next_update.is_some_and(|next_update| next_update < at);
        if answer.this_update > at || over { Err(ResponseError::NotFresh) } else { Ok(answer.standing) }
    }

    fn is_by(&self, certificate: &Certificate) -> bool {
        match &self.responder {
            Responder::Name(name) => certificate.subject().der() == name,
            Responder::Key(hash) => Hash::Sha1.of(&key_bits(certificate)) == *hash,
        }
    }
}

/// RFC 6960, 4.2.2.2: the issuer says so in the responder's own certificate.
fn may_answer(certificate: &Certificate) -> bool {
    let usages = certificate.extension_value(EXTENDED_KEY_USAGE);
    let usages = usages.and_then(|der| Vec::<ObjectIdentifier>::from_der(der).ok());
    usages.is_some_and(|usages| usages.contains(&OCSP_SIGNING))
}
