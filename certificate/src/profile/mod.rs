//! Profiles: what each kind of certificate says, as data.
//!
//! Owns: the roll of profiles, one file each, with key usages, constraints and the longest life.
//! Never: a name, a key, a date or an address: those are facts of one certificate ([`crate::draft::Facts`]).
//! Start at: [`Profile`], then one profile, such as [`organisation_signing`].

use crate::extension::KeyUsages;
use crate::key_kind::KeyKind;

mod issuing_authority;
mod organisation_encryption;
mod organisation_signing;
mod person_encryption;
mod person_signing;
mod root;

pub use issuing_authority::ISSUING_AUTHORITY;
pub use organisation_encryption::ORGANISATION_ENCRYPTION;
pub use organisation_signing::ORGANISATION_SIGNING;
pub use person_encryption::PERSON_ENCRYPTION;
pub use person_signing::PERSON_SIGNING;
pub use root::ROOT;

/// What a kind of certificate says.
#[derive(Debug, PartialEq, Eq)]
pub struct Profile {
    /// Stable name, stored with each certificate.
    pub name: &'static str,
    /// The keys that it certifies.
    pub key_kinds: &'static [KeyKind],
    pub key_usages: &'static [KeyUsages],
    pub basic: Basic,
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

/// Usages of a signing key: GM/T 0015 wants the pair's two keys to be usable for nothing else.
pub(crate) const SIGNING: &[KeyUsages] = &[KeyUsages::DigitalSignature, KeyUsages::NonRepudiation];

/// Usages of an encryption key.
pub(crate) const ENCRYPTION: &[KeyUsages] =
    &[KeyUsages::KeyEncipherment, KeyUsages::DataEncipherment, KeyUsages::KeyAgreement];

/// Usages of an authority's key.
pub(crate) const AUTHORITY: &[KeyUsages] = &[KeyUsages::KeyCertSign, KeyUsages::CRLSign];

impl Profile {
    /// The roll.
    pub const ALL: [&'static Profile; 6] = [
        &ROOT,
        &ISSUING_AUTHORITY,
        &ORGANISATION_SIGNING,
        &ORGANISATION_ENCRYPTION,
        &PERSON_SIGNING,
        &PERSON_ENCRYPTION,
    ];

    pub fn find_by_name(name: &str) -> Option<&'static Profile> {
        Self::ALL.into_iter().find(|profile| profile.name == name)
    }
}
