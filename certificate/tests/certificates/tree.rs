//! A root, an issuing authority, its responder and two holders, whatever their keys: what the judges look at.

use certificate::draft::{Draft, Facts, Validity};
use certificate::extension::Places;
use certificate::profile::{
    ISSUING_AUTHORITY, OCSP_RESPONDER, ORGANISATION_P256, ORGANISATION_RSA, ORGANISATION_SIGNING, ROOT,
};
use certificate::revocation::{self, Contents, Entry};
use certificate::status::{self, Answer};
use certificate::{Algorithm, Certificate, KeyKind, Profile, Serial, Signer, SoftwareKey};
use sm2::dsa::SigningKey;
use sm2::dsa::signature::Signer as _;

use crate::dice::Dice;
use crate::judge::Judge;
use crate::stage::{self, NOW};

pub const DAY: i64 = 24 * 60 * 60;

/// The kinds of trees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sm2,
    /// Signed under the empty identity, which is OpenSSL's default: nothing of ours is, but its tools can then
    /// judge the structures from end to end.
    Sm2EmptyId,
    P256,
    Rsa,
}

type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

pub struct Holder {
    pub certificate: Certificate,
    sign: Sign,
}

pub struct Tree {
    pub algorithm: Algorithm,
    pub root: Holder,
    pub issuing: Holder,
    pub responder: Holder,
    pub good: Certificate,
    pub revoked: Certificate,
}

/// A public key and a way to sign with it.
struct Key {
    spki: Vec<u8>,
    sign: Sign,
}

impl Key {
    fn new(kind: Kind, seed: u64, judge: &Judge) -> Self {
        let software = match kind {
            Kind::Sm2EmptyId => return Self::with_empty_id(seed),
            Kind::Sm2 => SoftwareKey::Sm2(stage::key(seed)),
            Kind::P256 => SoftwareKey::generate(KeyKind::P256, &mut Dice::new(seed)).unwrap(),
            Kind::Rsa => {
                let made = judge.must(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
                SoftwareKey::from_pkcs8_pem(&String::from_utf8(made).unwrap()).unwrap()
            }
        };
        Key { spki: software.spki(), sign: Box::new(move |message| software.sign(message).unwrap()) }
    }

    fn with_empty_id(seed: u64) -> Self {
        let pair = stage::key(seed);
        let key = SigningKey::from_slice("", &*pair.to_bytes()).unwrap();
        let sign = move |message: &[u8]| {
            let signature: sm2::dsa::Signature = key.sign(message);
            signature.to_der().as_bytes().to_vec()
        };
        Key { spki: pair.public_key().to_spki_der(), sign: Box::new(sign) }
    }
}

fn places(issuer: &str) -> Places {
    Places { crl_urls: vec![place(issuer)], ..stage::places() }
}

fn place(issuer: &str) -> String {
    format!("http://status.certhall.example/crl/{issuer}.crl")
}

fn facts(key: &Key, name: &str, seed: u64, days: i64) -> Facts {
    Facts {
        serial: Serial::generate(&mut Dice::new(seed)).unwrap(),
        subject: stage::name("证书大厅", name),
        spki: key.spki.clone(),
        validity: Validity { not_before: NOW, not_after: NOW + days * DAY },
        identity_codes: Vec::new(),
    }
}

impl Tree {
    pub fn new(kind: Kind, judge: &Judge) -> Self {
        let (algorithm, leaf) = match kind {
            Kind::Sm2 | Kind::Sm2EmptyId => (Algorithm::Sm2WithSm3, &ORGANISATION_SIGNING),
            Kind::P256 => (Algorithm::EcdsaWithSha256, &ORGANISATION_P256),
            Kind::Rsa => (Algorithm::RsaWithSha256, &ORGANISATION_RSA),
        };
        let key = |seed| Key::new(kind, seed, judge);
        let root = key(61);
        let draft = Draft::self_signed(&ROOT, &facts(&root, "根", 61, 3650)).unwrap();
        let root = Holder { certificate: finish(draft, algorithm, &root.sign), sign: root.sign };
        let issue = |by: &Holder, name, profile: &'static Profile, facts: &Facts| {
            let draft = Draft::new(profile, &by.certificate, &places(name), facts).unwrap();
            finish(draft, algorithm, &by.sign)
        };
        let issuing = key(62);
        let certificate = issue(&root, "root", &ISSUING_AUTHORITY, &facts(&issuing, "签发", 62, 3000));
        let issuing = Holder { certificate, sign: issuing.sign };
        let responder = key(63);
        let certificate = issue(&issuing, "issuing", &OCSP_RESPONDER, &facts(&responder, "状态", 63, 30));
        let responder = Holder { certificate, sign: responder.sign };
        let [good, revoked] =
            [64, 65].map(|seed| issue(&issuing, "issuing", leaf, &facts(&key(seed), "单位", seed, 365)));
        Tree { algorithm, root, issuing, responder, good, revoked }
    }

    /// A list of the root (`root`) or of the issuing authority (`issuing`), with its deltas beside it; DER.
    pub fn list(&self, issuer: &str, number: u64, base: Option<u64>, entries: &[Entry]) -> Vec<u8> {
        let freshest = format!("http://status.certhall.example/crl/{issuer}-delta.crl");
        let contents = Contents {
            number,
            base,
            this_update: NOW,
            next_update: NOW + DAY,
            entries: entries.to_vec(),
            freshest_urls: if base.is_some() { Vec::new() } else { vec![freshest] },
            // OpenSSL looks the root itself up as well, whose certificate names no place.
            place_urls: if issuer == "root" { Vec::new() } else { vec![place(issuer)] },
        };
        let by = if issuer == "root" { &self.root } else { &self.issuing };
        let bytes = revocation::to_be_signed(&by.certificate, self.algorithm, &contents).unwrap();
        revocation::assemble(&bytes, self.algorithm, &(by.sign)(&bytes))
    }

    /// The responder's answer, or the issuing authority's own; DER.
    pub fn answer(&self, delegated: bool, answers: &[Answer], nonce: Option<&[u8]>) -> Vec<u8> {
        let by = if delegated { &self.responder } else { &self.issuing };
        let bytes = status::to_be_signed(&by.certificate, NOW, answers, nonce).unwrap();
        let sent: &[&Certificate] = if delegated { &[&by.certificate] } else { &[] };
        status::assemble(&bytes, self.algorithm, &(by.sign)(&bytes), sent)
    }
}

pub fn serial(certificate: &Certificate) -> Vec<u8> {
    let digits = certificate.serial_hex();
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

/// The road's own end compares under the GM/T identity, which one of these trees has not: so sign by hand.
fn finish(draft: Draft, algorithm: Algorithm, sign: &dyn Fn(&[u8]) -> Vec<u8>) -> Certificate {
    let ready = draft.lint().unwrap().to_be_signed();
    // Certificate and list have the same frame.
    let der = revocation::assemble(ready.bytes(), algorithm, &sign(ready.bytes()));
    Certificate::from_der(&der).unwrap()
}
