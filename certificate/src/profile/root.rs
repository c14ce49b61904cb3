//! The root: signs issuing authorities and itself.

use super::{AUTHORITY, Basic, Profile};
use crate::key_kind::KeyKind;

pub static ROOT: Profile = Profile {
    name: "root",
    key_kinds: &KeyKind::ALL,
    key_usages: AUTHORITY,
    basic: Basic::Authority { path_length: None },
    max_days: 3650,
    identity_codes: false,
};
