//! From linted bytes to a signed certificate.
//!
//! Whoever signs stands behind [`Signer`]: a key in memory today, a device or a process of its own tomorrow.
//! Where signing takes a network, [`ToBeSigned::attach`] takes the signature afterwards.

use der::asn1::{Any, BitString};
use der::{Decode, Encode};

use crate::algorithm::{Algorithm, Spki, Verifier};
use crate::profile::Profile;
use crate::read::{Certificate, ChainError};
use crate::sm2::{KeyPair, Sm2Error};
use crate::tbs::{SignedThing, Tbs};

/// Somebody with a private key.
pub trait Signer: Send + Sync {
    /// With what it signs.
    fn algorithm(&self) -> Algorithm;

    /// DER SubjectPublicKeyInfo of the key that signs.
    fn spki(&self) -> Vec<u8>;

    /// The content of the signatureValue BIT STRING over `message`: for SM2 (under the default identity) and ECDSA
    /// the DER of r and s, for RSA the number.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError>;

    /// The same for many messages, in their order: what some keys do in less time.
    fn sign_all(&self, messages: &[&[u8]]) -> Vec<Result<Vec<u8>, SignerError>> {
        messages.iter().map(|message| self.sign(message)).collect()
    }
}

/// The signer did not sign; the text is for the operator's log and names no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the signer failed: {0}")]
pub struct SignerError(pub String);

impl Signer for KeyPair {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Sm2WithSm3
    }

    fn spki(&self) -> Vec<u8> {
        self.public_key().to_spki_der()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        KeyPair::sign(self, message).map_err(failed)
    }

    fn sign_all(&self, messages: &[&[u8]]) -> Vec<Result<Vec<u8>, SignerError>> {
        KeyPair::sign_all(self, messages).into_iter().map(|signed| signed.map_err(failed)).collect()
    }
}

fn failed(error: Sm2Error) -> SignerError {
    SignerError(error.to_string())
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    #[error("the signer holds another key than the issuer's certificate")]
    OtherKey,
    #[error("the certificate names another signature algorithm than the signer's")]
    OtherAlgorithm,
    #[error(transparent)]
    Signer(#[from] SignerError),
    #[error("the signed certificate is not the one that was to be signed")]
    Altered,
    #[error("the signature is not good: {0}")]
    Signature(ChainError),
}

/// Linted bytes, waiting for a signature. Record [`ToBeSigned::bytes`] before asking for one.
#[derive(Debug)]
pub struct ToBeSigned {
    pub(crate) profile: &'static Profile,
    pub(crate) bytes: Vec<u8>,
    pub(crate) tbs: Tbs,
    /// The key under which the signature must verify.
    pub(crate) issuer_spki: Vec<u8>,
}

impl ToBeSigned {
    /// DER TBSCertificate: exactly what is signed.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The profile whose lints found nothing.
    pub fn profile(&self) -> &'static Profile {
        self.profile
    }

    /// The issuer for whom it was linted: DER of its name and of its SubjectPublicKeyInfo.
    pub fn issuer(&self) -> (Vec<u8>, &[u8]) {
        (self.tbs.issuer.to_der().expect("it was read from DER"), &self.issuer_spki)
    }

    /// DER SubjectPublicKeyInfo of the key to be certified.
    pub fn subject_spki(&self) -> Vec<u8> {
        self.tbs.spki.to_der().expect("it was read from DER")
    }

    /// Signs, and compares what came out with what was meant.
    pub fn sign(self, signer: &dyn Signer) -> Result<Signed, SignError> {
        if signer.spki() != self.issuer_spki {
            return Err(SignError::OtherKey);
        }
        if Algorithm::of_identifier(&self.tbs.signature) != Some(signer.algorithm()) {
            return Err(SignError::OtherAlgorithm);
        }
        let signature = signer.sign(&self.bytes)?;
        self.attach(&signature)
    }

    /// Takes a signature made elsewhere over [`ToBeSigned::bytes`].
    pub fn attach(self, signature: &[u8]) -> Result<Signed, SignError> {
        let issuer = self.issuer_spki.clone();
        self.attach_checked_by(signature, &Spki(&issuer))
    }

    /// As [`ToBeSigned::attach`], where the caller keeps a prepared verifier for the issuer's key.
    pub fn attach_checked_by(self, signature: &[u8], issuer: &dyn Verifier) -> Result<Signed, SignError> {
        let assemble = || {
            let content = Any::from_der(&self.bytes)?;
            let signature = BitString::from_bytes(signature)?;
            SignedThing { content, algorithm: self.tbs.signature.clone(), signature }.to_der()
        };
        let der = assemble().map_err(|_: der::Error| SignError::Altered)?;
        // Compare: the certificate is read back as a stranger would read it.
        let certificate = Certificate::from_der(&der).map_err(|_| SignError::Altered)?;
        if certificate.tbs_der() != self.bytes {
            return Err(SignError::Altered);
        }
        certificate.verify_signature_by(issuer).map_err(SignError::Signature)?;
        Ok(Signed { certificate })
    }
}

/// A certificate that was linted, recorded, signed and compared.
#[derive(Debug)]
pub struct Signed {
    certificate: Certificate,
}

impl Signed {
    pub fn der(&self) -> &[u8] {
        self.certificate.der()
    }

    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    pub fn into_certificate(self) -> Certificate {
        self.certificate
    }
}
