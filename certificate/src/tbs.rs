//! The wire form of a certificate (RFC 5280, 4.1), kept lenient: what is wrong is a lint's finding, not a panic.
//!
//! Own structures instead of `x509_cert::Certificate`: they keep names and keys byte for byte (`Any`), allow the
//! wrong values that lints exist for, and need no builder whose defaults we would have to undo.

use der::asn1::{Any, BitString, Int, ObjectIdentifier};
use der::{Decode, Sequence};
use x509_cert::certificate::Version;
use x509_cert::ext::Extension;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

/// TBSCertificate.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct Tbs {
    #[asn1(context_specific = "0", default = "Default::default")]
    pub version: Version,
    pub serial: Int,
    pub signature: AlgorithmIdentifierOwned,
    pub issuer: Any,
    pub validity: Period,
    pub subject: Any,
    pub spki: Any,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    pub extensions: Option<Vec<Extension>>,
}

/// Validity. `Time` keeps which of its two forms was on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(crate) struct Period {
    pub not_before: Time,
    pub not_after: Time,
}

/// Certificate, CertificationRequest and CertificateList alike: something signed, how, and the signature.
#[derive(Clone, Debug, Sequence)]
pub(crate) struct SignedThing {
    pub content: Any,
    pub algorithm: AlgorithmIdentifierOwned,
    pub signature: BitString,
}

impl Tbs {
    /// The first extension with this identifier.
    pub fn find(&self, oid: ObjectIdentifier) -> Option<&Extension> {
        self.extensions.iter().flatten().find(|extension| extension.extn_id == oid)
    }

    /// The one extension with this identifier, decoded. Two of a kind count as none: lints refuse them.
    pub fn extension<'a, T: Decode<'a>>(&'a self, oid: ObjectIdentifier) -> Option<T> {
        let mut found = self.extensions.iter().flatten().filter(|extension| extension.extn_id == oid);
        match (found.next(), found.next()) {
            (Some(extension), None) => T::from_der(extension.extn_value.as_bytes()).ok(),
            _ => None,
        }
    }
}
