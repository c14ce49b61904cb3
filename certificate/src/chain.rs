//! Checking a certificate against its issuer, and a chain up to its root.

use der::oid::AssociatedOid;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, CrlDistributionPoints, ExtendedKeyUsage,
    KeyUsage, SubjectKeyIdentifier,
};

use crate::algorithm::{Spki, Verifier, VerifyError};
use crate::extension::KeyUsages;
use crate::read::Certificate;

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

impl Certificate {
    /// One link: `issuer` signed this certificate and was allowed to. Says nothing about dates.
    pub fn verify(&self, issuer: &Certificate) -> Result<(), ChainError> {
        self.verify_by(issuer, &Spki(issuer.spki()))
    }

    /// As [`Certificate::verify`], where the caller keeps a prepared verifier for the issuer's key.
    pub fn verify_by(&self, issuer: &Certificate, key: &dyn Verifier) -> Result<(), ChainError> {
        if self.issuer() != issuer.subject() {
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
        key.verify(algorithm, self.tbs_der(), self.signature()).map_err(|error| match error {
            VerifyError::Key => ChainError::Algorithm,
            VerifyError::Signature => ChainError::Signature,
        })
    }

    /// Whether `at`, in Unix seconds, lies in the certificate's life.
    pub fn valid_at(&self, at: i64) -> Result<(), ChainError> {
        match at {
            _ if at < self.not_before() => Err(ChainError::NotYetValid),
            _ if at > self.not_after() => Err(ChainError::Expired),
            _ => Ok(()),
        }
    }

    fn has_unknown_critical_extension(&self) -> bool {
        let known = [
            KeyUsage::OID,
            BasicConstraints::OID,
            AuthorityKeyIdentifier::OID,
            SubjectKeyIdentifier::OID,
            CertificatePolicies::OID,
            CrlDistributionPoints::OID,
            ExtendedKeyUsage::OID,
        ];
        self.tbs.extensions.iter().flatten().any(|it| it.critical && !known.contains(&it.extn_id))
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
