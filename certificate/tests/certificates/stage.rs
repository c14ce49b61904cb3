//! What most tests start from: always the same root, issuing authority and holder.

use std::sync::Arc;

use certificate::draft::{Draft, Facts, Validity};
use certificate::extension::Places;
use certificate::{Authority, Certificate, KeyPair, Name, NameParts, Profile, Serial};

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

/// A root and the issuing authority below it.
pub fn authorities() -> (Authority, Authority) {
    let dice = &mut Dice::new(1);
    let [root_key, issuing_key] = [51, 52].map(|seed| Arc::new(key(seed)));
    let root = Authority::new_root(&name("证书大厅", "证书大厅根 demo"), root_key, NOW, dice).unwrap();
    let name = name("证书大厅", "证书大厅签发 demo");
    let issuing = root.new_issuing(&name, issuing_key, &places(), NOW, dice).unwrap();
    (root, issuing)
}

pub fn key(seed: u64) -> KeyPair {
    KeyPair::generate(&mut Dice::new(seed)).unwrap()
}

/// An organisation with a credit code, one year from now.
pub fn facts(key: &KeyPair) -> Facts {
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
        spki: key.public_key().to_spki_der(),
        validity: Validity { not_before: NOW, not_after: NOW + YEAR },
        identity_codes: Vec::new(),
    }
}

pub fn issue(issuer: &Authority, profile: &'static Profile, facts: &Facts) -> Certificate {
    let draft = Draft::new(profile, &issuer.certificate, &places(), facts).unwrap();
    draft.lint().unwrap().to_be_signed().sign(&*issuer.key).unwrap().into_certificate()
}
