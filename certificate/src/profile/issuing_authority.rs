//! The issuing authority: signs the holders' certificates, and no further authority.

use super::{AUTHORITY, Basic, Profile, Status};
use crate::key_kind::KeyKind;

pub static ISSUING_AUTHORITY: Profile = Profile {
    name: "issuing_authority",
    version: 1,
    key_kinds: &KeyKind::ALL,
    key_usages: AUTHORITY,
    extended_usages: &[],
    basic: Basic::Authority { path_length: Some(0) },
    status: Status::Published,
    max_days: 3650,
    identity_codes: false,
};
