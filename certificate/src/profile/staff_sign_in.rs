//! A member of staff's certificate for signing in (RFC 5280, 4.2.1.12: clientAuth), and for nothing else: it binds
//! nobody, so no nonRepudiation.

use super::{Basic, Profile, Status};
use crate::extension::{ExtendedUsage, KeyUsages};
use crate::key_kind::KeyKind;

pub static STAFF_SIGN_IN: Profile = Profile {
    name: "staff_sign_in",
    version: 1,
    key_kinds: &KeyKind::ALL,
    key_usages: &[KeyUsages::DigitalSignature],
    extended_usages: &[ExtendedUsage::ClientAuth],
    basic: Basic::EndEntity,
    status: Status::Published,
    max_days: 366,
    identity_codes: false,
};
