//! An organisation's single certificate for systems that know RSA alone: usages of RFC 3279, 2.3.1.

use super::{Basic, Profile, SINGLE, SINGLE_RSA, Status};
use crate::key_kind::KeyKind;

pub static ORGANISATION_RSA: Profile = Profile {
    name: "organisation_rsa",
    version: 1,
    key_kinds: &[KeyKind::Rsa2048, KeyKind::Rsa3072],
    key_usages: SINGLE_RSA,
    extended_usages: SINGLE,
    basic: Basic::EndEntity,
    status: Status::Published,
    max_days: 1830,
    identity_codes: true,
};
