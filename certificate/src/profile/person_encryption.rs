//! A person's encryption certificate; its key comes from the key management centre (R139).

use super::{Basic, ENCRYPTION, Profile, Status};
use crate::key_kind::KeyKind;

pub static PERSON_ENCRYPTION: Profile = Profile {
    name: "person_encryption",
    version: 1,
    key_kinds: &[KeyKind::Sm2],
    key_usages: ENCRYPTION,
    extended_usages: &[],
    basic: Basic::EndEntity,
    status: Status::Published,
    max_days: 1830,
    identity_codes: true,
};
