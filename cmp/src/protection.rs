//! Owns: how two sides know each other: by a shared secret, or by certificates (RFC 4210, 5.1.3).
//! Never: a message of its own, a decision about what is asked.
//! Start at: [`Protection`].

use std::sync::Arc;

use der::Decode;
use der::asn1::{Any, BitString, ObjectIdentifier, OctetString};
use x509_cert::ext::pkix::KeyUsages;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use certificate::algorithm::{Algorithm, verify};
use certificate::rand_core::TryCryptoRng;
use certificate::{Certificate, Name, Signer};

use crate::message::Message;
use crate::{CmpError, mac};

/// The authority, as we ask it.
pub struct Peer {
    /// Who asks: our certificate's subject, or the name agreed for the secret.
    pub sender: Name,
    /// The authority's name.
    pub recipient: Name,
    pub protection: Protection,
}

pub enum Protection {
    /// `reference` names the secret (senderKID); the secret should have 128 random bits.
    Secret { reference: Vec<u8>, secret: Zeroizing<Vec<u8>> },
    Certificates {
        own: Box<Certificate>,
        signer: Arc<dyn Signer>,
        /// Whose answers count: the authority's own certificates, or issuers of the one that comes with the answer. That
        /// one must be the recipient's: others of the same issuer are nobody here.
        trusted: Vec<Certificate>,
    },
}

/// What a header says of its protection, made before the protected bytes exist.
pub(crate) struct Named {
    pub algorithm: AlgorithmIdentifierOwned,
    pub sender_key: Option<OctetString>,
}

impl Protection {
    pub(crate) fn name(&self, dice: &mut impl TryCryptoRng) -> Result<Named, CmpError> {
        match self {
            Protection::Secret { reference, .. } => {
                let mut salt = [0; 16];
                dice.try_fill_bytes(&mut salt).map_err(|_| CmpError::Dice)?;
                let sender_key = Some(OctetString::new(reference.as_slice())?);
                Ok(Named { algorithm: mac::algorithm(&salt)?, sender_key })
            }
            Protection::Certificates { own, signer, .. } => {
                let key = own.subject_key_identifier().map(OctetString::new).transpose()?;
                Ok(Named { algorithm: identifier(signer.algorithm()), sender_key: key })
            }
        }
    }

    /// Protects a message whose header already names the algorithm.
    pub(crate) fn seal(&self, message: &mut Message) -> Result<(), CmpError> {
        let bytes = message.protected_part()?;
        let protection = match self {
            Protection::Secret { secret, .. } => {
                let algorithm = message.header.protection.as_ref().ok_or(CmpError::Protection)?;
                mac::make(algorithm, secret, &bytes)?
            }
            Protection::Certificates { own, signer, .. } => {
                message.extra_certificates = Some(vec![Any::from_der(own.der())?]);
                signer.sign(&bytes).map_err(|error| CmpError::Signer(error.to_string()))?
            }
        };
        message.protection = Some(BitString::from_bytes(&protection)?);
        Ok(())
    }

    /// Whether an answer comes from the authority, `recipient`. `now` in Unix seconds.
    pub(crate) fn check(&self, recipient: &Name, message: &Message, now: i64) -> Result<(), CmpError> {
        let algorithm = message.header.protection.as_ref().ok_or(CmpError::Protection)?;
        let given = message.protection.as_ref().and_then(BitString::as_bytes).ok_or(CmpError::Protection)?;
        let bytes = message.protected_part()?;
        match self {
            Protection::Secret { secret, .. } => mac::check(algorithm, secret, &bytes, given),
            Protection::Certificates { trusted, .. } => {
                let algorithm = known(algorithm).ok_or(CmpError::Protection)?;
                let signers = signers(message, trusted, now);
                let good = |signer: &Certificate| {
                    speaks_for(signer, recipient, message)
                        && verify(signer.spki(), algorithm, &bytes, given).is_ok()
                };
                if signers.iter().any(good) { Ok(()) } else { Err(CmpError::Protection) }
            }
        }
    }
}

const KEY_USAGE: &str = "2.5.29.15";

/// Whether the certificate is the recipient's, the one that the header names, and for signing (RFC 4210, 5.1.1 and 5.1.3.3).
fn speaks_for(signer: &Certificate, recipient: &Name, message: &Message) -> bool {
    let GeneralName::DirectoryName(sender) = &message.header.sender else { return false };
    let named = der::Encode::to_der(sender).is_ok_and(|sender| sender == signer.subject().der());
    let may_sign =
        signer.extension_value(KEY_USAGE).is_none() || signer.has_usage(KeyUsages::DigitalSignature);
    let same_key = match (&message.header.sender_key, signer.subject_key_identifier()) {
        (Some(given), Some(own)) => given.as_bytes() == own,
        _ => true,
    };
    signer.subject() == recipient && named && may_sign && same_key
}

/// Certificates under which the message may be signed: those trusted, and those that a trusted one issued.
fn signers(message: &Message, trusted: &[Certificate], now: i64) -> Vec<Certificate> {
    let come = message.extra_certificates.iter().flatten().take(8);
    let come = come
        .filter_map(|any| der::Encode::to_der(any).ok())
        .filter_map(|der| Certificate::from_der(&der).ok());
    let issued = come.filter(|one| trusted.iter().any(|issuer| one.verify(issuer).is_ok()));
    trusted.iter().cloned().chain(issued).filter(|one| one.valid_at(now).is_ok()).collect()
}

const SM2_WITH_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");
const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const RSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");

fn identifier(algorithm: Algorithm) -> AlgorithmIdentifierOwned {
    let (oid, parameters) = match algorithm {
        Algorithm::Sm2WithSm3 => (SM2_WITH_SM3, None),
        Algorithm::EcdsaWithSha256 => (ECDSA_WITH_SHA256, None),
        // RFC 4055, 5: RSA's parameters are NULL.
        Algorithm::RsaWithSha256 => (RSA_WITH_SHA256, Some(Any::null())),
    };
    AlgorithmIdentifierOwned { oid, parameters }
}

fn known(algorithm: &AlgorithmIdentifierOwned) -> Option<Algorithm> {
    match algorithm.oid {
        SM2_WITH_SM3 => Some(Algorithm::Sm2WithSm3),
        ECDSA_WITH_SHA256 => Some(Algorithm::EcdsaWithSha256),
        RSA_WITH_SHA256 => Some(Algorithm::RsaWithSha256),
        _ => None,
    }
}

impl core::fmt::Debug for Protection {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        out.write_str(match self {
            Protection::Secret { .. } => "Protection::Secret",
            Protection::Certificates { .. } => "Protection::Certificates",
        })
    }
}

#[cfg(test)]
mod tests;
