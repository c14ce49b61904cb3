//! The three signature algorithms, and checking a signature under any of them.
//!
//! SM2 is the authority's own; P-256 and RSA serve systems that do not know SM2. The issuer's key decides with
//! which algorithm a certificate is signed, whatever the certified key is.

use der::Decode;
use der::asn1::{Any, AnyRef, ObjectIdentifier};
use ring::signature::{ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoRef};

use crate::checking;
use crate::key_kind::{EC_PUBLIC_KEY, P256_CURVE, RSA_ENCRYPTION, SM2_CURVE};
use crate::sm2::PublicKey;

/// SM2 signature with SM3 (GB/T 33560-2017, annex A).
const SM2_WITH_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");
/// RFC 5758, 3.2.
const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
/// RFC 4055, 5: PKCS#1 v1.5.
const RSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");

/// The signature algorithm of an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Under [`crate::sm2::DEFAULT_ID`], deterministic here.
    Sm2WithSm3,
    /// On P-256, with a fresh nonce each time: the same bytes signed again have another signature.
    EcdsaWithSha256,
    /// PKCS#1 v1.5, deterministic by its definition.
    RsaWithSha256,
}

/// The signature is not that of this key over these bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    #[error("the key is not one for this signature algorithm")]
    Key,
    #[error("the signature does not verify")]
    Signature,
}

/// Somebody who checks signatures under one key: [`Spki`], or a key prepared once and used often.
pub trait Verifier: Send + Sync {
    fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Result<(), VerifyError>;
}

/// A verifier from a DER SubjectPublicKeyInfo, decoded at each call.
#[derive(Debug, Clone, Copy)]
pub struct Spki<'a>(pub &'a [u8]);

impl Verifier for Spki<'_> {
    fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
        verify(self.0, algorithm, message, signature)
    }
}

/// Checks `signature` (the content of the BIT STRING) over `message` under a DER SubjectPublicKeyInfo.
///
/// ring refuses RSA moduli below 2048 bits and points off the curve.
pub fn verify(
    spki: &[u8],
    algorithm: Algorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    if Algorithm::of_key(spki) != Some(algorithm) {
        return Err(VerifyError::Key);
    }
    let method: &dyn ring::signature::VerificationAlgorithm = match algorithm {
        Algorithm::Sm2WithSm3 => {
            let key = PublicKey::from_spki_der(spki).map_err(|_| VerifyError::Key)?;
            return key.verify(message, signature).map_err(|_| VerifyError::Signature);
        }
        Algorithm::EcdsaWithSha256 => &ECDSA_P256_SHA256_ASN1,
        Algorithm::RsaWithSha256 => &RSA_PKCS1_2048_8192_SHA256,
    };
    let info = SubjectPublicKeyInfoRef::from_der(spki).map_err(|_| VerifyError::Key)?;
    let key = info.subject_public_key.as_bytes().ok_or(VerifyError::Key)?;
    if let (Algorithm::EcdsaWithSha256, Ok(point)) = (algorithm, key.try_into())
        && let Some(good) = checking::p256::known_key_says(point, message, signature)
    {
        return if good { Ok(()) } else { Err(VerifyError::Signature) };
    }
    UnparsedPublicKey::new(method, key).verify(message, signature).map_err(|_| VerifyError::Signature)
}

impl Algorithm {
    pub const ALL: [Algorithm; 3] =
        [Algorithm::Sm2WithSm3, Algorithm::EcdsaWithSha256, Algorithm::RsaWithSha256];

    /// Stable name, for settings, the store and the bench.
    pub fn code(self) -> &'static str {
        match self {
            Algorithm::Sm2WithSm3 => "sm2_sm3",
            Algorithm::EcdsaWithSha256 => "ecdsa_sha256",
            Algorithm::RsaWithSha256 => "rsa_sha256",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.code() == code)
    }

    /// With which algorithm the key of this SubjectPublicKeyInfo signs; looks at identifiers alone.
    pub fn of_key(spki: &[u8]) -> Option<Self> {
        let info = SubjectPublicKeyInfoRef::from_der(spki).ok()?;
        let curve = |it: AnyRef| it.decode_as::<ObjectIdentifier>().ok();
        match (info.algorithm.oid, info.algorithm.parameters) {
            (EC_PUBLIC_KEY, parameters) => match parameters.and_then(curve)? {
                SM2_CURVE => Some(Algorithm::Sm2WithSm3),
                P256_CURVE => Some(Algorithm::EcdsaWithSha256),
                _ => None,
            },
            (RSA_ENCRYPTION, _) => Some(Algorithm::RsaWithSha256),
            _ => None,
        }
    }

    /// As we write it. SM2 and ECDSA without parameters (GM/T 0092; RFC 5758, 3.2), RSA with NULL (RFC 4055, 5).
    pub(crate) fn identifier(self) -> AlgorithmIdentifierOwned {
        let (oid, parameters) = match self {
            Algorithm::Sm2WithSm3 => (SM2_WITH_SM3, None),
            Algorithm::EcdsaWithSha256 => (ECDSA_WITH_SHA256, None),
            Algorithm::RsaWithSha256 => (RSA_WITH_SHA256, Some(Any::null())),
        };
        AlgorithmIdentifierOwned { oid, parameters }
    }

    /// Read from elsewhere: some authorities add NULL to SM2, and RFC 4055 bids us accept RSA without it.
    pub(crate) fn of_identifier(found: &AlgorithmIdentifierOwned) -> Option<Self> {
        let parameters = found.parameters.as_ref();
        match found.oid {
            SM2_WITH_SM3 if parameters.is_none_or(Any::is_null) => Some(Algorithm::Sm2WithSm3),
            ECDSA_WITH_SHA256 if parameters.is_none() => Some(Algorithm::EcdsaWithSha256),
            RSA_WITH_SHA256 if parameters.is_none_or(Any::is_null) => Some(Algorithm::RsaWithSha256),
            _ => None,
        }
    }
}
