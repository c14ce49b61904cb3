//! The issuing authority: signs the holders' certificates, and no further authority.

use super::{AUTHORITY, Basic, Profile};
use crate::key_kind::KeyKind;

pub static ISSUING_AUTHORITY: Profile = Profile {
    name: "issuing_authority",
    key_kinds: &KeyKind::ALL,
    key_usages: AUTHORITY,
    basic: Basic::Authority { path_length: Some(0) },
    max_days: 3650,
    identity_codes: false,
};
