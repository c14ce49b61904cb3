//! The other side of the counter, as far as a key sees it: an authority that issues for a request.

use std::sync::Arc;

use certificate::{
    Authority, Certificate, Draft, Facts, KeyPair, Name, NameParts, PublicKey, Request, Serial, Validity,
    envelope,
    extension::Places,
    profile::{ORGANISATION_ENCRYPTION, ORGANISATION_SIGNING, Profile},
};
use getrandom::SysRng;

/// 2026-11-22, a fixed day: nothing here may depend on the clock.
const NOW: i64 = 1_795_305_600;

pub struct Office {
    issuing: Authority,
    /// What passcodes and admin PINs are sealed with.
    pub seal: KeyPair,
}

pub struct Issued {
    pub sign_certificate: Vec<u8>,
    pub encrypt_certificate: Vec<u8>,
    pub enveloped_key: Vec<u8>,
    pub encryption_key: PublicKey,
}

impl Office {
    pub fn open() -> Self {
        let name = |common_name: &str| {
            let parts = NameParts {
                country: Some("CN".into()),
                common_name: Some(common_name.into()),
                ..NameParts::default()
            };
            Name::from_parts(&parts).unwrap()
        };
        let key = || Arc::new(KeyPair::generate(&mut SysRng).unwrap());
        let root = Authority::new_root(&name("测试根"), key(), NOW, &mut SysRng).unwrap();
        let issuing =
            root.new_issuing(&name("测试签发"), key(), &Places::default(), NOW, &mut SysRng).unwrap();
        Self { issuing, seal: KeyPair::generate(&mut SysRng).unwrap() }
    }

    /// Refuses a request whose signature does not prove possession.
    pub fn issue(&self, request: &[u8]) -> Issued {
        let request = Request::verify(request).expect("the key signed its request");
        let signing = PublicKey::from_spki_der(&request.spki).unwrap();
        let encryption = KeyPair::generate(&mut SysRng).unwrap();
        Issued {
            sign_certificate: self.certificate(&ORGANISATION_SIGNING, &request.subject, &signing),
            encrypt_certificate: self.certificate(
                &ORGANISATION_ENCRYPTION,
                &request.subject,
                &encryption.public_key(),
            ),
            enveloped_key: envelope::seal(&encryption, &signing, envelope::Layout::Bytes64, &mut SysRng)
                .unwrap(),
            encryption_key: encryption.public_key(),
        }
    }

    pub fn certificate(&self, profile: &'static Profile, subject: &Name, key: &PublicKey) -> Vec<u8> {
        let facts = Facts {
            serial: Serial::generate(&mut SysRng).unwrap(),
            subject: subject.clone(),
            spki: key.to_spki_der(),
            validity: Validity { not_before: NOW, not_after: NOW + 365 * 86_400 },
            identity_codes: Vec::new(),
        };
        let draft = Draft::new(profile, &self.issuing.certificate, &Places::default(), &facts).unwrap();
        let signed = draft.lint().unwrap().to_be_signed().sign(&*self.issuing.key).unwrap();
        signed.der().to_vec()
    }

    /// Verifies what an installed key says of itself, the way the issuing desk does.
    pub fn accept(&self, certificate: &[u8], message: &[u8], signature: &[u8]) {
        let certificate = Certificate::from_der(certificate).unwrap();
        certificate.verify(&self.issuing.certificate).unwrap();
        certificate.public_key().unwrap().verify(message, signature).unwrap();
    }
}
