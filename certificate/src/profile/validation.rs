//! What a profile must be, whatever it is for. A test runs this over the roll; a broken profile never ships.

use super::{Basic, Profile, Status};
use crate::extension::{ExtendedUsage, KeyUsages};
use crate::key_kind::KeyKind;

/// A rule that a profile breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub rule: &'static str,
    /// Where the rule is written.
    pub citation: &'static str,
}

type Check = fn(&Profile) -> bool;

/// What must be true, with its source.
const RULES: [(&str, &str, Check); 13] = [
    ("the name is lower-case words, the version counts from 1", "the store keeps both", named),
    ("at least one kind of key, none twice", "docs/how-to/add-certificate-profile.md", |it| {
        unique(it.key_kinds)
    }),
    ("at least one usage, none twice", "RFC 5280, 4.2.1.3", |it| unique(it.key_usages)),
    ("no extended usage twice", "RFC 5280, 4.2.1.12", |it| {
        it.extended_usages.is_empty() || unique(it.extended_usages)
    }),
    ("a life of 1 to 3650 days", "GmSSL refuses more than 3653", |it| (1..=3650).contains(&it.max_days)),
    ("keyCertSign if and only if it is an authority", "RFC 5280, 4.2.1.3 and 4.2.1.9", |it| {
        is_authority(it) == has(it, KeyUsages::KeyCertSign)
    }),
    (
        "an authority signs certificates and lists, and nothing else",
        "RFC 5280, 4.2.1.3; BR 7.1.2.10.7",
        |it| {
            let signs = [KeyUsages::KeyCertSign, KeyUsages::CRLSign];
            let pure =
                it.key_usages.iter().all(|usage| signs.contains(usage)) && it.extended_usages.is_empty();
            !is_authority(it) || (pure && !it.identity_codes)
        },
    ),
    ("an SM2 key signs or encrypts, never both", "GM/T 0015 (double certificates)", |it| {
        let enciphers = ENCIPHERS.iter().chain(&[KeyUsages::KeyAgreement]).any(|usage| has(it, *usage));
        let signs = has(it, KeyUsages::DigitalSignature) || has(it, KeyUsages::NonRepudiation);
        !(it.key_kinds.contains(&KeyKind::Sm2) && signs && enciphers)
    }),
    ("a P-256 key enciphers nothing", "RFC 5480, 3", |it| {
        !(it.key_kinds.contains(&KeyKind::P256) && ENCIPHERS.iter().any(|usage| has(it, *usage)))
    }),
    ("an RSA key agrees on nothing", "RFC 3279, 2.3.1; RFC 4055, 1", |it| {
        let rsa = it.key_kinds.iter().any(|kind| matches!(kind, KeyKind::Rsa2048 | KeyKind::Rsa3072));
        !(rsa && has(it, KeyUsages::KeyAgreement))
    }),
    ("the usages allow the extended usages", "RFC 5280, 4.2.1.12", consistent),
    ("OCSPSigning stands alone and goes with nocheck", "RFC 6960, 4.2.2.2; BR 7.1.2.8", |it| {
        let responder = it.extended_usages.contains(&ExtendedUsage::OcspSigning);
        let never_checked = it.status == Status::NeverChecked;
        responder == never_checked && (!responder || it.extended_usages.len() == 1)
    }),
    ("who is never checked lives for a month", "RFC 6960, 4.2.2.2.1", |it| {
        it.status == Status::Published || it.max_days <= 31
    }),
];

const ENCIPHERS: [KeyUsages; 2] = [KeyUsages::KeyEncipherment, KeyUsages::DataEncipherment];

impl Profile {
    /// All rules that the profile breaks.
    pub fn faults(&self) -> Vec<Fault> {
        let broken = RULES.iter().filter(|(_, _, check)| !check(self));
        broken.map(|(rule, citation, _)| Fault { rule, citation }).collect()
    }
}

fn named(profile: &Profile) -> bool {
    let fits = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_';
    !profile.name.is_empty() && profile.name.bytes().all(fits) && profile.version > 0
}

fn unique<T: PartialEq>(list: &[T]) -> bool {
    !list.is_empty() && list.iter().enumerate().all(|(at, item)| !list[..at].contains(item))
}

fn has(profile: &Profile, usage: KeyUsages) -> bool {
    profile.key_usages.contains(&usage)
}

fn is_authority(profile: &Profile) -> bool {
    matches!(profile.basic, Basic::Authority { .. })
}

/// RFC 5280, 4.2.1.12 names for each extended usage the usages that are consistent with it.
fn consistent(profile: &Profile) -> bool {
    use KeyUsages::{DigitalSignature, KeyAgreement, KeyEncipherment, NonRepudiation};
    profile.extended_usages.iter().all(|extended| {
        let one_of: &[KeyUsages] = match extended {
            ExtendedUsage::ClientAuth => &[DigitalSignature, KeyAgreement],
            ExtendedUsage::EmailProtection => {
                &[DigitalSignature, NonRepudiation, KeyEncipherment, KeyAgreement]
            }
            ExtendedUsage::OcspSigning => &[DigitalSignature, NonRepudiation],
        };
        one_of.iter().any(|usage| has(profile, *usage))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{ISSUING_AUTHORITY, OCSP_RESPONDER, ORGANISATION_P256, ORGANISATION_RSA};
    use crate::profile::{ORGANISATION_SIGNING, ROOT};

    #[test]
    fn the_roll_is_sound_and_every_name_stands_once() {
        for (at, profile) in Profile::ALL.into_iter().enumerate() {
            assert_eq!(profile.faults(), [], "{}", profile.name);
            assert!(Profile::ALL[..at].iter().all(|other| other.name != profile.name), "{}", profile.name);
        }
    }

    /// For every rule a profile that breaks it, and no other rule.
    #[test]
    fn every_rule_refuses_a_broken_profile() {
        let holder = || ORGANISATION_SIGNING.clone();
        let broken = [
            Profile { version: 0, ..holder() },
            Profile { key_kinds: &[], ..holder() },
            Profile { key_usages: &[KeyUsages::DigitalSignature; 2], ..holder() },
            Profile { extended_usages: &[ExtendedUsage::ClientAuth; 2], ..holder() },
            Profile { max_days: 3651, ..holder() },
            Profile { key_usages: &[KeyUsages::CRLSign], ..ROOT.clone() },
            Profile { identity_codes: true, ..ISSUING_AUTHORITY.clone() },
            Profile { key_kinds: &[KeyKind::Sm2], ..ORGANISATION_P256.clone() },
            Profile { key_kinds: &[KeyKind::P256], ..ORGANISATION_RSA.clone() },
            Profile { key_kinds: &[KeyKind::Rsa2048], ..ORGANISATION_P256.clone() },
            Profile {
                key_usages: &[KeyUsages::NonRepudiation],
                extended_usages: &[ExtendedUsage::ClientAuth],
                ..holder()
            },
            Profile { status: Status::Published, ..OCSP_RESPONDER.clone() },
            Profile { max_days: 32, ..OCSP_RESPONDER.clone() },
        ];
        for ((rule, citation, _), profile) in RULES.into_iter().zip(broken) {
            assert_eq!(profile.faults(), [Fault { rule, citation }], "{profile:?}");
        }
    }

    #[test]
    fn a_name_with_capitals_is_no_name() {
        let profile = Profile { name: "Organisation", ..ORGANISATION_SIGNING.clone() };
        assert_eq!(profile.faults().len(), 1);
    }
}
