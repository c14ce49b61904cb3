//! The responder that answers about certificates in its issuer's name (RFC 6960, 4.2.2.2).
//!
//! id-kp-OCSPSigning must stand alone among the extended usages; the RFC leaves open whether the extension is
//! critical, CA/B Forum BR 7.1.2.8 wants it not to be. Nobody asks a responder about itself (4.2.2.2.1,
//! id-pkix-ocsp-nocheck): so it lives for a month, and a new one is made well before.

use super::{Basic, Profile, Status};
use crate::extension::{ExtendedUsage, KeyUsages};
use crate::key_kind::KeyKind;

pub static OCSP_RESPONDER: Profile = Profile {
    name: "ocsp_responder",
    version: 1,
    key_kinds: &KeyKind::ALL,
    key_usages: &[KeyUsages::DigitalSignature],
    extended_usages: &[ExtendedUsage::OcspSigning],
    basic: Basic::EndEntity,
    status: Status::NeverChecked,
    max_days: 31,
    identity_codes: false,
};
