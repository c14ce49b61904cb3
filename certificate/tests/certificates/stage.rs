//! What most tests start from: always the same root, issuing authority and holder.

use std::sync::Arc;

use certificate::draft::{Draft, Facts, Validity};
use certificate::extension::Places;
use certificate::{
    Algorithm, Authority, Certificate, KeyKind, KeyPair, Name, NameParts, Profile, Serial, Signer,
    SoftwareKey,
};

use crate::dice::Dice;

/// 2026-11-01 00:00:00 UTC.
pub const NOW: i64 = 1_793_491_200;

pub const YEAR: i64 = 365 * 24 * 60 * 60;

pub fn name(organisation: &str, common_name: &str) -> Name {
    let parts = NameParts {
        country: Some("CN".into()),
        organisation: Some(organisation.into()),
        common_name: Some(common_name.into()),
        ..Default::default()
    };
    Name::from_parts(&parts).unwrap()
}

pub fn places() -> Places {
    Places {
        crl_urls: vec!["http://status.certhall.example/issuing.crl".into()],
        issuer_urls: vec!["http://status.certhall.example/issuing.cer".into()],
        ocsp_urls: vec!["http://status.certhall.example/ocsp".into()],
        policies: vec!["1.3.6.1.4.1.32473.2.1".into()],
    }
}

/// A root and the issuing authority below it, of SM2.
pub fn authorities() -> (Authority, Authority) {
    authorities_of(Algorithm::Sm2WithSm3)
}

/// A root and the issuing authority below it. RSA keys come from files, all others from the dice.
pub fn authorities_of(algorithm: Algorithm) -> (Authority, Authority) {
    let dice = &mut Dice::new(1);
    let key = |dice: &mut Dice, file: &str| {
        Arc::new(match algorithm {
            Algorithm::Sm2WithSm3 => SoftwareKey::generate(KeyKind::Sm2, dice).unwrap(),
            Algorithm::EcdsaWithSha256 => SoftwareKey::generate(KeyKind::P256, dice).unwrap(),
            Algorithm::RsaWithSha256 => SoftwareKey::from_pkcs8_pem(file).unwrap(),
        })
    };
    let root_key = key(dice, include_str!("keys/rsa_root.pem"));
    let root = Authority::new_root(&name("证书大厅", "证书大厅根 demo"), root_key, NOW, dice).unwrap();
    let issuing_key = key(dice, include_str!("keys/rsa_issuing.pem"));
    let name = name("证书大厅", "证书大厅签发 demo");
    let issuing = root.new_issuing(&name, issuing_key, &places(), NOW, dice).unwrap();
    (root, issuing)
}

/// A holder's key of any kind.
pub fn key_of(kind: KeyKind, seed: u64) -> SoftwareKey {
    match kind {
        KeyKind::Sm2 | KeyKind::P256 => SoftwareKey::generate(kind, &mut Dice::new(seed)).unwrap(),
        KeyKind::Rsa2048 => SoftwareKey::from_pkcs8_pem(include_str!("keys/rsa2048.pem")).unwrap(),
        KeyKind::Rsa3072 => SoftwareKey::from_pkcs8_pem(include_str!("keys/rsa3072.pem")).unwrap(),
    }
}

pub fn key(seed: u64) -> KeyPair {
    KeyPair::generate(&mut Dice::new(seed)).unwrap()
}

/// An organisation with a credit code, one year from now.
pub fn facts(key: &dyn Signer) -> Facts {
    let parts = NameParts {
        country: Some("CN".into()),
        province: Some("北京市".into()),
        locality: Some("海淀区".into()),
        organisation: Some("北京示例科技有限公司".into()),
        unit: Some("财务部".into()),
        serial_number: Some("91110108MA01ABCD2X".into()),
        common_name: Some("北京示例科技有限公司".into()),
    };
    Facts {
        serial: Serial::generate(&mut Dice::new(7)).unwrap(),
        subject: Name::from_parts(&parts).unwrap(),
        spki: key.spki(),
        validity: Validity { not_before: NOW, not_after: NOW + YEAR },
        identity_codes: Vec::new(),
    }
}

pub fn issue(issuer: &Authority, profile: &'static Profile, facts: &Facts) -> Certificate {
    let draft = Draft::new(profile, &issuer.certificate, &places(), facts).unwrap();
    draft.lint().unwrap().to_be_signed().sign(&*issuer.key).unwrap().into_certificate()
}

/// A holder's certificate of this profile, for the kind of key that it certifies and that is nearest to the issuer's.
pub fn holder(issuer: &Authority, profile: &'static Profile, seed: u64) -> Certificate {
    let own = issuer.certificate.key_kind().unwrap();
    let kind = if profile.key_kinds.contains(&own) { own } else { profile.key_kinds[0] };
    let mut facts = facts(&key_of(kind, seed));
    facts.validity.not_after = NOW + i64::from(profile.max_days).min(365) * 24 * 60 * 60;
    issue(issuer, profile, &facts)
}
