//! Reading certificates; [`crate::chain`] checks one against its issuer.

use der::asn1::{Any, ObjectIdentifier};
use der::oid::AssociatedOid;
use der::pem::LineEnding;
use der::{Decode, Encode};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier,
};

use crate::algorithm::Algorithm;
use crate::digest::hex;
use crate::extension::{ExtendedUsage, KeyUsages};
use crate::key_kind::{KeyError, KeyKind};
use crate::name::Name;
use crate::sm2::{PublicKey, Sm2Error};
use crate::tbs::{SignedThing, Tbs};

/// Real certificates have one or two kilobytes.
const MAX_BYTES: usize = 64 * 1024;

pub use crate::chain::{ChainError, verify_chain};

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

    /// The kind of the certified key, or why we would not certify it.
    pub fn key_kind(&self) -> Result<KeyKind, KeyError> {
        KeyKind::of_spki(&self.spki)
    }

    /// The certified key, where it is an SM2 key.
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

    /// Whether the certificate names this extended usage. One without the extension names none.
    pub fn has_extended_usage(&self, usage: ExtendedUsage) -> bool {
        let usages = self.tbs.extension::<ExtendedKeyUsage>(ExtendedKeyUsage::OID);
        usages.is_some_and(|usages| usages.0.contains(&usage.oid()))
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

    /// With which of our algorithms the certificate is signed; `None` for any other.
    pub fn algorithm(&self) -> Option<Algorithm> {
        Algorithm::of_identifier(&self.tbs.signature)
    }

    /// The content of signatureValue: for SM2 the DER of r and s.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    pub(crate) fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.tbs.extension(BasicConstraints::OID)
    }
}

impl core::fmt::Debug for Certificate {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(out, "Certificate({} {})", self.serial_hex(), self.subject)
    }
}

pub(crate) fn unix(time: x509_cert::time::Time) -> i64 {
    i64::try_from(time.to_unix_duration().as_secs()).expect("no ASN.1 time exceeds the year 9999")
}
