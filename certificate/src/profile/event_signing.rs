//! For one event (事件型证书): the key is made for one signature and gone after it, so the certificate need not outlive the
//! day. What it signed is judged at the time that the signature tells.

use super::{Basic, Profile, SIGNING, Status};
use crate::key_kind::KeyKind;

pub static EVENT_SIGNING: Profile = Profile {
    name: "event_signing",
    version: 1,
    key_kinds: &[KeyKind::Sm2],
    key_usages: SIGNING,
    extended_usages: &[],
    basic: Basic::EndEntity,
    status: Status::Published,
    max_days: 1,
    identity_codes: false,
};
