//! A person's signing certificate; its key is born on the UKEY (R138).

use super::{Basic, Profile, SIGNING, Status};
use crate::key_kind::KeyKind;

pub static PERSON_SIGNING: Profile = Profile {
    name: "person_signing",
    version: 1,
    key_kinds: &[KeyKind::Sm2],
    key_usages: SIGNING,
    extended_usages: &[],
    basic: Basic::EndEntity,
    status: Status::Published,
    max_days: 1830,
    identity_codes: true,
};
