//! Profiles: what each kind of certificate says, as data.
//!
//! Owns: the roll of profiles, one file each, with keys, usages, constraints and the longest life; their validation.
//! Never: a name, a key, a date or an address: those are facts of one certificate ([`crate::draft::Facts`]).
//! Start at: [`Profile`], then one profile, such as [`organisation_signing`].

use crate::extension::{ExtendedUsage, KeyUsages};
use crate::key_kind::KeyKind;

mod event_signing;
mod issuing_authority;
mod ocsp_responder;
mod organisation_encryption;
mod organisation_p256;
mod organisation_rsa;
mod organisation_signing;
mod person_encryption;
mod person_p256;
mod person_rsa;
mod person_signing;
mod root;
mod staff_sign_in;
mod validation;

pub use event_signing::EVENT_SIGNING;
pub use issuing_authority::ISSUING_AUTHORITY;
pub use ocsp_responder::OCSP_RESPONDER;
pub use organisation_encryption::ORGANISATION_ENCRYPTION;
pub use organisation_p256::ORGANISATION_P256;
pub use organisation_rsa::ORGANISATION_RSA;
pub use organisation_signing::ORGANISATION_SIGNING;
pub use person_encryption::PERSON_ENCRYPTION;
pub use person_p256::PERSON_P256;
pub use person_rsa::PERSON_RSA;
pub use person_signing::PERSON_SIGNING;
pub use root::ROOT;
pub use staff_sign_in::STAFF_SIGN_IN;
pub use validation::Fault;

/// What a kind of certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Stable name, stored with each certificate.
    pub name: &'static str,
    /// Goes up by one whenever certificates of this profile begin to say something else.
    pub version: u16,
    /// The keys that it certifies.
    pub key_kinds: &'static [KeyKind],
    pub key_usages: &'static [KeyUsages],
    /// Empty: the extension is left out.
    pub extended_usages: &'static [ExtendedUsage],
    pub basic: Basic,
    pub status: Status,
    /// The longest life in days. GmSSL refuses more than 3653 days, so no profile exceeds 3650.
    pub max_days: u32,
    /// Whether identity codes may be added.
    pub identity_codes: bool,
}

/// Whether the holder may itself sign certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basic {
    EndEntity,
    /// `path_length`: how many further authorities may stand below; `None` for no limit.
    Authority {
        path_length: Option<u8>,
    },
}

/// How a reader learns whether the certificate was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// At the issuer's places: revocation list and responder.
    Published,
    /// Not at all, by id-pkix-ocsp-nocheck: for the responder itself, whose life is short instead.
    NeverChecked,
}

/// Usages of an SM2 signing key: GM/T 0015 wants the pair's two keys to be usable for nothing else.
pub(crate) const SIGNING: &[KeyUsages] = &[KeyUsages::DigitalSignature, KeyUsages::NonRepudiation];

/// Usages of an SM2 encryption key.
pub(crate) const ENCRYPTION: &[KeyUsages] =
    &[KeyUsages::KeyEncipherment, KeyUsages::DataEncipherment, KeyUsages::KeyAgreement];

/// Usages of an authority's key.
pub(crate) const AUTHORITY: &[KeyUsages] = &[KeyUsages::KeyCertSign, KeyUsages::CRLSign];

/// Usages of a single P-256 certificate. RFC 5480, 3: an EC key signs and agrees, it enciphers nothing.
const SINGLE_P256: &[KeyUsages] =
    &[KeyUsages::DigitalSignature, KeyUsages::NonRepudiation, KeyUsages::KeyAgreement];

/// Usages of a single RSA certificate. RFC 3279, 2.3.1 and RFC 4055, 1: an RSA key signs and enciphers keys, it
/// agrees on nothing.
const SINGLE_RSA: &[KeyUsages] =
    &[KeyUsages::DigitalSignature, KeyUsages::NonRepudiation, KeyUsages::KeyEncipherment];

/// What old systems use a single certificate for: to sign in over TLS, and for mail.
const SINGLE: &[ExtendedUsage] = &[ExtendedUsage::ClientAuth, ExtendedUsage::EmailProtection];

impl Profile {
    /// The roll.
    pub const ALL: [&'static Profile; 13] = [
        &ROOT,
        &ISSUING_AUTHORITY,
        &OCSP_RESPONDER,
        &STAFF_SIGN_IN,
        &EVENT_SIGNING,
        &ORGANISATION_SIGNING,
        &ORGANISATION_ENCRYPTION,
        &ORGANISATION_P256,
        &ORGANISATION_RSA,
        &PERSON_SIGNING,
        &PERSON_ENCRYPTION,
        &PERSON_P256,
        &PERSON_RSA,
    ];

    pub fn find_by_name(name: &str) -> Option<&'static Profile> {
        Self::ALL.into_iter().find(|profile| profile.name == name)
    }
}
