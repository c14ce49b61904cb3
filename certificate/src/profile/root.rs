//! The root: signs issuing authorities and itself. Its key may be of any kind: there is one root for each algorithm.

use super::{AUTHORITY, Basic, Profile, Status};
use crate::key_kind::KeyKind;

pub static ROOT: Profile = Profile {
    name: "root",
    version: 1,
    key_kinds: &KeyKind::ALL,
    key_usages: AUTHORITY,
    extended_usages: &[],
    basic: Basic::Authority { path_length: None },
    status: Status::Published,
    max_days: 3650,
    identity_codes: false,
};
