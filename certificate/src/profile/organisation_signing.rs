//! An organisation's signing certificate; its key is born on the UKEY (R138).

use super::{Basic, Profile, SIGNING};
use crate::key_kind::KeyKind;

pub static ORGANISATION_SIGNING: Profile = Profile {
    name: "organisation_signing",
    key_kinds: &[KeyKind::Sm2],
    key_usages: SIGNING,
    basic: Basic::EndEntity,
    max_days: 1830,
    identity_codes: true,
};
