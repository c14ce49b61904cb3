//! Revocation lists: version 2 by RFC 5280, 5, full ones and deltas.
//!
//! Owns: what a list says, its bytes to be signed, and reading a list again.
//! Never: which certificates are revoked, when a list is due, where it is published: the office's.
//! Start at: [`Contents`], then [`to_be_signed`] and [`assemble`]; a reader starts at [`RevocationList`].

mod parse;
mod read;
mod reason;
mod write;

pub use read::{ListError, RevocationList};
pub use reason::Reason;
pub use write::{assemble, to_be_signed};

use der::asn1::ObjectIdentifier;

use crate::wire::NoDate;

/// RFC 5280, 5.2.5. Own, since `x509_cert` 0.3.0 gives the type the identifier of subject information access.
const ISSUING_DISTRIBUTION_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");

/// One revoked certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The serial number, big-endian; leading zeros do not count.
    pub serial: Vec<u8>,
    /// Revoked at, Unix seconds.
    pub at: i64,
    pub reason: Reason,
}

/// What a list says. The issuer and its key identifier come from the issuer's certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// Greater than the number of every list before, full or delta: one row of numbers for both.
    pub number: u64,
    /// A delta says the number of the full list that it completes; a full list says nothing.
    pub base: Option<u64>,
    /// Unix seconds.
    pub this_update: i64,
    pub next_update: i64,
    /// In any order; the list is sorted by serial number.
    pub entries: Vec<Entry>,
    /// Where the newest delta lies; full lists only (RFC 5280, 5.2.6).
    pub freshest_urls: Vec<String>,
    /// Where the full list lies, in its deltas too: with any, the list carries a critical issuing distribution point,
    /// which RFC 5280, 5.2.4 wants to be the same in both. None for a root's list: OpenSSL's `-crl_check_all` asks
    /// about the root too, whose certificate names no place, and then finds the list to be of another scope.
    pub place_urls: Vec<String>,
}

/// Why a list is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RevocationError {
    #[error("the issuer's certificate does not allow it to sign revocation lists")]
    NotAnIssuer,
    #[error("the issuer's certificate has no key identifier")]
    NoKeyIdentifier,
    #[error(transparent)]
    Date(#[from] NoDate),
    #[error("the list ends before it begins")]
    Period,
    #[error("a delta must have a greater number than its base")]
    Base,
    #[error("only a delta can take a certificate off the list, and only a full list can point to deltas")]
    DeltaOnly,
    #[error("a serial number is zero, or longer than 20 octets")]
    Serial,
    #[error("a serial number stands twice on the list")]
    Twice,
    #[error("an address or an extension cannot be encoded")]
    Encoding,
}
