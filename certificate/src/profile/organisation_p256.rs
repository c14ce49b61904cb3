//! An organisation's single certificate for systems that know P-256 and not SM2: usages of RFC 5480, 3.

use super::{Basic, Profile, SINGLE, SINGLE_P256, Status};
use crate::key_kind::KeyKind;

pub static ORGANISATION_P256: Profile = Profile {
    name: "organisation_p256",
    version: 1,
    key_kinds: &[KeyKind::P256],
    key_usages: SINGLE_P256,
    extended_usages: SINGLE,
    basic: Basic::EndEntity,
    status: Status::Published,
    max_days: 1830,
    identity_codes: true,
};
