//! Reading certificates, and checking one against its issuer.

use der::asn1::{Any, ObjectIdentifier};
use der::oid::AssociatedOid;
use der::pem::LineEnding;
use der::{Decode, Encode};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, CrlDistributionPoints, KeyUsage,
    SubjectKeyIdentifier,
};

use crate::algorithm::{Algorithm, Spki, Verifier, VerifyError};
use crate::digest::hex;
use crate::extension::KeyUsages;
use crate::name::Name;
use crate::sm2::{PublicKey, Sm2Error};
use crate::tbs::{SignedThing, Tbs};

/// Real certificates have one or two kilobytes.
const MAX_BYTES: usize = 64 * 1024;

const PEM_LABEL: &str = "CERTIFICATE";

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("this is not a DER certificate")]
    NotDer,
    #[error("this is not a PEM certificate")]
    NotPem,
    #[error("the certificate names two different signature algorithms")]
    TwoAlgorithms,
}

/// Why a certificate is not good under its issuer. `code()` is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    #[error("the issuer named in the certificate is another one")]
    OtherIssuer,
    #[error("the issuer's key identifier is another one")]
    OtherIssuerKey,
    #[error("the issuer may not sign certificates")]
    NotAnAuthority,
    #[error("the issuer's path length allows no authority at this depth")]
    PathTooLong,
    #[error("the signature algorithm is unknown, or not that of the issuer's key")]
    Algorithm,
    #[error("the signature does not verify under the issuer's key")]
    Signature,
    #[error("the certificate is not valid yet")]
    NotYetValid,
    #[error("the certificate has expired")]
    Expired,
    #[error("the certificate has a critical extension that is not understood")]
    CriticalExtension,
}

impl ChainError {
    pub fn code(&self) -> &'static str {
        match self {
            ChainError::OtherIssuer => "chain_other_issuer",
            ChainError::OtherIssuerKey => "chain_other_issuer_key",
            ChainError::NotAnAuthority => "chain_not_an_authority",
            ChainError::PathTooLong => "chain_path_too_long",
            ChainError::Algorithm => "chain_algorithm",
            ChainError::Signature => "chain_signature",
            ChainError::NotYetValid => "chain_not_yet_valid",
            ChainError::Expired => "chain_expired",
            ChainError::CriticalExtension => "chain_critical_extension",
        }
    }
}

/// A certificate as it was read: its DER stays as it came.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    tbs_der: Vec<u8>,
    pub(crate) tbs: Tbs,
    signature: Vec<u8>,
    subject: Name,
    issuer: Name,
    spki: Vec<u8>,
}

impl Certificate {
    pub fn from_der(der: &[u8]) -> Result<Self, ReadError> {
        if der.len() > MAX_BYTES {
            return Err(ReadError::NotDer);
        }
        let thing = SignedThing::from_der(der).map_err(|_| ReadError::NotDer)?;
        let tbs_der = thing.content.to_der().map_err(|_| ReadError::NotDer)?;
        let tbs = Tbs::from_der(&tbs_der).map_err(|_| ReadError::NotDer)?;
        // RFC 5280, 4.1.1.2: the algorithm outside the signature must be the one inside, parameters too.
        if thing.algorithm != tbs.signature {
            return Err(ReadError::TwoAlgorithms);
        }
        let name = |any: &Any| {
            let der = any.to_der().map_err(|_| ReadError::NotDer)?;
            Name::from_der(&der).map_err(|_| ReadError::NotDer)
        };
        Ok(Certificate {
            der: der.to_vec(),
            subject: name(&tbs.subject)?,
            issuer: name(&tbs.issuer)?,
            spki: tbs.spki.to_der().map_err(|_| ReadError::NotDer)?,
            signature: thing.signature.as_bytes().ok_or(ReadError::NotDer)?.to_vec(),
            tbs_der,
            tbs,
        })
    }

    pub fn from_pem(pem: &str) -> Result<Self, ReadError> {
        match der::pem::decode_vec(pem.as_bytes()) {
            Ok((PEM_LABEL, der)) => Self::from_der(&der),
            _ => Err(ReadError::NotPem),
        }
    }

    pub fn der(&self) -> &[u8] {
        &self.der
    }

    pub fn to_pem(&self) -> String {
        der::pem::encode_string(PEM_LABEL, LineEnding::LF, &self.der).expect("certificates are short")
    }

    /// The signed part, byte for byte.
    pub fn tbs_der(&self) -> &[u8] {
        &self.tbs_der
    }

    pub fn subject(&self) -> &Name {
        &self.subject
    }

    pub fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// Lower-case hexadecimal without leading zero octets, as [`crate::Serial::to_hex`].
    pub fn serial_hex(&self) -> String {
        hex(self.tbs.serial.as_bytes())
    }

    /// Unix seconds.
    pub fn not_before(&self) -> i64 {
        unix(self.tbs.validity.not_before)
    }

    /// Unix seconds, the last good one.
    pub fn not_after(&self) -> i64 {
        unix(self.tbs.validity.not_after)
    }

    /// DER SubjectPublicKeyInfo.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    pub fn public_key(&self) -> Result<PublicKey, Sm2Error> {
        PublicKey::from_spki_der(&self.spki)
    }

    /// Whether the certificate names this usage. One without the extension names none.
    pub fn has_usage(&self, usage: KeyUsages) -> bool {
        self.key_usages().contains(&usage)
    }

    /// The usages named, in the order of the standard.
    pub fn key_usages(&self) -> Vec<KeyUsages> {
        let usage = self.tbs.extension::<KeyUsage>(KeyUsage::OID);
        usage.map(|usage| usage.0.into_iter().collect()).unwrap_or_default()
    }

    pub fn is_authority(&self) -> bool {
        self.basic_constraints().is_some_and(|basic| basic.ca)
    }

    /// How many authorities may stand below this one; `None` for no limit.
    pub fn path_length(&self) -> Option<u8> {
        self.basic_constraints().and_then(|basic| basic.path_len_constraint)
    }

    pub fn subject_key_identifier(&self) -> Option<Vec<u8>> {
        let identifier = self.tbs.extension::<SubjectKeyIdentifier>(SubjectKeyIdentifier::OID)?;
        Some(identifier.0.as_bytes().to_vec())
    }

    pub fn authority_key_identifier(&self) -> Option<Vec<u8>> {
        let identifier = self.tbs.extension::<AuthorityKeyIdentifier>(AuthorityKeyIdentifier::OID)?;
        Some(identifier.key_identifier?.as_bytes().to_vec())
    }

    /// The raw DER value of an extension, by dotted decimal: for identity codes and other foreign ones.
    pub fn extension_value(&self, oid: &str) -> Option<&[u8]> {
        let oid = ObjectIdentifier::new(oid).ok()?;
        let found = self.tbs.extensions.iter().flatten().find(|extension| extension.extn_id == oid)?;
        Some(found.extn_value.as_bytes())
    }

    /// One link: `issuer` signed this certificate and was allowed to. Says nothing about dates.
    pub fn verify(&self, issuer: &Certificate) -> Result<(), ChainError> {
        self.verify_by(issuer, &Spki(&issuer.spki))
    }

    /// As [`Certificate::verify`], where the caller keeps a prepared verifier for the issuer's key.
    pub fn verify_by(&self, issuer: &Certificate, key: &dyn Verifier) -> Result<(), ChainError> {
        if self.issuer != issuer.subject {
            return Err(ChainError::OtherIssuer);
        }
        let (named, own) = (self.authority_key_identifier(), issuer.subject_key_identifier());
        if named.is_some() && own.is_some() && named != own {
            return Err(ChainError::OtherIssuerKey);
        }
        if !issuer.is_authority() || !issuer.has_usage(KeyUsages::KeyCertSign) {
            return Err(ChainError::NotAnAuthority);
        }
        if self.has_unknown_critical_extension() {
            return Err(ChainError::CriticalExtension);
        }
        self.verify_signature_by(key)
    }

    /// The signature alone, under any key (DER SubjectPublicKeyInfo).
    pub fn verify_signature(&self, issuer_spki: &[u8]) -> Result<(), ChainError> {
        self.verify_signature_by(&Spki(issuer_spki))
    }

    /// The one place where a certificate's signature is checked.
    pub fn verify_signature_by(&self, key: &dyn Verifier) -> Result<(), ChainError> {
        let algorithm = self.algorithm().ok_or(ChainError::Algorithm)?;
        key.verify(algorithm, &self.tbs_der, &self.signature).map_err(|error| match error {
            VerifyError::Key => ChainError::Algorithm,
            VerifyError::Signature => ChainError::Signature,
        })
    }

    /// With which of our algorithms the certificate is signed; `None` for any other.
    pub fn algorithm(&self) -> Option<Algorithm> {
        Algorithm::of_identifier(&self.tbs.signature)
    }

    /// The content of signatureValue: for SM2 the DER of r and s.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Whether `at`, in Unix seconds, lies in the certificate's life.
    pub fn valid_at(&self, at: i64) -> Result<(), ChainError> {
        match at {
            _ if at < self.not_before() => Err(ChainError::NotYetValid),
            _ if at > self.not_after() => Err(ChainError::Expired),
            _ => Ok(()),
        }
    }

    pub(crate) fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.tbs.extension(BasicConstraints::OID)
    }

    fn has_unknown_critical_extension(&self) -> bool {
        let known = [
            KeyUsage::OID,
            BasicConstraints::OID,
            AuthorityKeyIdentifier::OID,
            SubjectKeyIdentifier::OID,
            CertificatePolicies::OID,
            CrlDistributionPoints::OID,
        ];
        self.tbs.extensions.iter().flatten().any(|it| it.critical && !known.contains(&it.extn_id))
    }
}

impl core::fmt::Debug for Certificate {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(out, "Certificate({} {})", self.serial_hex(), self.subject)
    }
}

/// Checks a chain at a moment: `chain` runs from the leaf upwards, `root` is trusted by itself and not part of it.
pub fn verify_chain(chain: &[Certificate], root: &Certificate, at: i64) -> Result<(), ChainError> {
    root.valid_at(at)?;
    root.verify(root)?;
    for (depth, certificate) in chain.iter().enumerate() {
        certificate.valid_at(at)?;
        let issuer = chain.get(depth + 1).unwrap_or(root);
        certificate.verify(issuer)?;
        // RFC 5280, 6.1.4: `depth` authorities stand between this issuer and the leaf.
        if issuer.path_length().is_some_and(|limit| depth > usize::from(limit)) {
            return Err(ChainError::PathTooLong);
        }
    }
    Ok(())
}

pub(crate) fn unix(time: x509_cert::time::Time) -> i64 {
    i64::try_from(time.to_unix_duration().as_secs()).expect("no ASN.1 time exceeds the year 9999")
}
