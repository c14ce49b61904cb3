//! Reading a list, and checking it against its issuer. The DER stays as it came; entries are read where they lie.

use core::ops::Range;

use der::asn1::ObjectIdentifier;
use der::oid::AssociatedOid;
use der::{Decode, Reader, SliceReader};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::AuthorityKeyIdentifier;
use x509_cert::ext::pkix::crl::{BaseCrlNumber, CrlNumber, FreshestCrl, IssuingDistributionPoint};
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::parse::{Tbs, parts, read_entry};
use super::{Entry, ISSUING_DISTRIBUTION_POINT};
use crate::algorithm::{Algorithm, verify};
use crate::extension::KeyUsages;
use crate::name::Name;
use crate::read::{Certificate, unix};
use crate::wire;

/// More than two million entries of ours.
const MAX_BYTES: usize = 128 * 1024 * 1024;

/// Why a list is not read, or not good under its issuer. `code()` is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    #[error("this is not a DER certificate revocation list of version 2")]
    NotDer,
    #[error("the list names two different signature algorithms")]
    TwoAlgorithms,
    #[error("the issuer named in the list is another one")]
    OtherIssuer,
    #[error("the issuer's key identifier is another one")]
    OtherIssuerKey,
    #[error("the issuer may not sign revocation lists")]
    NotAnIssuer,
    #[error("the list has a critical extension, or a scope, that is not understood")]
    NotUnderstood,
    #[error("the signature algorithm is not one of ours")]
    Algorithm,
    #[error("the signature does not verify under the issuer's key")]
    Signature,
}

impl ListError {
    pub fn code(&self) -> &'static str {
        match self {
            ListError::NotDer => "list_not_der",
            ListError::TwoAlgorithms => "list_two_algorithms",
            ListError::OtherIssuer => "list_other_issuer",
            ListError::OtherIssuerKey => "list_other_issuer_key",
            ListError::NotAnIssuer => "list_not_an_issuer",
            ListError::NotUnderstood => "list_not_understood",
            ListError::Algorithm => "list_algorithm",
            ListError::Signature => "list_signature",
        }
    }
}

/// A list as it was read.
#[derive(Clone)]
pub struct RevocationList {
    der: Vec<u8>,
    to_be_signed: Range<usize>,
    /// The content of revokedCertificates.
    entries: Range<usize>,
    algorithm: AlgorithmIdentifierOwned,
    issuer: Name,
    this_update: i64,
    next_update: Option<i64>,
    extensions: Vec<Extension>,
    signature: Vec<u8>,
}

impl RevocationList {
    pub fn from_der(der: &[u8]) -> Result<Self, ListError> {
        if der.len() > MAX_BYTES {
            return Err(ListError::NotDer);
        }
        let (to_be_signed, outer, signature) = parts(der).map_err(|_| ListError::NotDer)?;
        let list = Tbs::from_der(to_be_signed).map_err(|_| ListError::NotDer)?;
        if outer != list.algorithm {
            return Err(ListError::TwoAlgorithms);
        }
        let mut entries = SliceReader::new(list.entries).map_err(|_| ListError::NotDer)?;
        while !entries.is_finished() {
            read_entry(&mut entries).map_err(|_| ListError::NotDer)?;
        }
        Ok(RevocationList {
            to_be_signed: place_of(to_be_signed, der),
            entries: place_of(list.entries, der),
            algorithm: list.algorithm,
            issuer: Name::from_der(list.issuer).map_err(|_| ListError::NotDer)?,
            this_update: unix(list.this_update),
            next_update: list.next_update.map(unix),
            extensions: list.extensions,
            signature: signature.to_vec(),
            der: der.to_vec(),
        })
    }

    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The signed part, byte for byte.
    pub fn tbs_der(&self) -> &[u8] {
        &self.der[self.to_be_signed.clone()]
    }

    /// The content of signatureValue.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// `None`: not one of ours.
    pub fn algorithm(&self) -> Option<Algorithm> {
        Algorithm::of_identifier(&self.algorithm)
    }

    pub fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// Unix seconds.
    pub fn this_update(&self) -> i64 {
        self.this_update
    }

    /// Unix seconds. RFC 5280 demands it; `None` says nothing about how fresh the list is.
    pub fn next_update(&self) -> Option<i64> {
        self.next_update
    }

    /// The list's number; `None` if it has none, or one beyond 64 bits.
    pub fn number(&self) -> Option<u64> {
        self.extension(CrlNumber::OID)
    }

    /// Of a delta: the number of the full list that it completes.
    pub fn base(&self) -> Option<u64> {
        self.extension(BaseCrlNumber::OID)
    }

    pub fn is_delta(&self) -> bool {
        self.extensions.iter().any(|extension| extension.extn_id == BaseCrlNumber::OID)
    }

    /// Where the list says it lies.
    pub fn place_urls(&self) -> Vec<String> {
        let place = self.extension::<IssuingDistributionPoint>(ISSUING_DISTRIBUTION_POINT);
        let Some(DistributionPointName::FullName(names)) = place.and_then(|place| place.distribution_point)
        else {
            return Vec::new();
        };
        let url = |name: &GeneralName| match name {
            GeneralName::UniformResourceIdentifier(url) => Some(url.to_string()),
            _ => None,
        };
        names.iter().filter_map(url).collect()
    }

    /// What is revoked, in the list's order.
    pub fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        let mut reader = SliceReader::new(&self.der[self.entries.clone()]).ok();
        core::iter::from_fn(move || {
            let reader = reader.as_mut().filter(|reader| !reader.is_finished())?;
            read_entry(reader).ok()
        })
    }

    /// Looks through the whole list: fit for one question, not for a million.
    pub fn find(&self, serial: &[u8]) -> Option<Entry> {
        let serial = wire::without_leading_zeros(serial);
        self.entries().find(|entry| entry.serial == serial)
    }

    /// `issuer` signed this list and was allowed to, and the list speaks about all its certificates. Says nothing
    /// about dates.
    pub fn verify(&self, issuer: &Certificate) -> Result<(), ListError> {
        if self.issuer != *issuer.subject() {
            return Err(ListError::OtherIssuer);
        }
        let named = self.extension::<AuthorityKeyIdentifier>(AuthorityKeyIdentifier::OID);
        let named = named.and_then(|key| key.key_identifier).map(|key| key.as_bytes().to_vec());
        let own = issuer.subject_key_identifier();
        if named.is_some() && own.is_some() && named != own {
            return Err(ListError::OtherIssuerKey);
        }
        if !issuer.has_usage(KeyUsages::CRLSign) {
            return Err(ListError::NotAnIssuer);
        }
        if !self.is_understood() {
            return Err(ListError::NotUnderstood);
        }
        self.verify_signature(issuer.spki())
    }

    /// The signature alone, under any key.
    pub fn verify_signature(&self, spki: &[u8]) -> Result<(), ListError> {
        let algorithm = self.algorithm().ok_or(ListError::Algorithm)?;
        verify(spki, algorithm, self.tbs_der(), &self.signature).map_err(|_| ListError::Signature)
    }

    fn is_understood(&self) -> bool {
        let known = [
            AuthorityKeyIdentifier::OID,
            CrlNumber::OID,
            BaseCrlNumber::OID,
            ISSUING_DISTRIBUTION_POINT,
            FreshestCrl::OID,
        ];
        let mut criticals = self.extensions.iter().filter(|extension| extension.critical);
        let place = self.extensions.iter().find(|it| it.extn_id == ISSUING_DISTRIBUTION_POINT);
        let whole = |place: &Extension| {
            IssuingDistributionPoint::from_der(place.extn_value.as_bytes()).is_ok_and(|place| {
                !place.indirect_crl
                    && !place.only_contains_user_certs
                    && !place.only_contains_ca_certs
                    && !place.only_contains_attribute_certs
                    && place.only_some_reasons.is_none()
            })
        };
        criticals.all(|it| known.contains(&it.extn_id)) && place.is_none_or(whole)
    }

    /// Two of a kind count as none.
    fn extension<'a, T: Decode<'a>>(&'a self, oid: ObjectIdentifier) -> Option<T> {
        let mut found = self.extensions.iter().filter(|extension| extension.extn_id == oid);
        match (found.next(), found.next()) {
            (Some(extension), None) => T::from_der(extension.extn_value.as_bytes()).ok(),
            _ => None,
        }
    }
}

impl core::fmt::Debug for RevocationList {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(out, "RevocationList({:?} of {})", self.number(), self.issuer)
    }
}

/// Where `part`, borrowed from `whole`, lies in it.
fn place_of(part: &[u8], whole: &[u8]) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize);
    if part.is_empty() { 0..0 } else { start..start + part.len() }
}
