//! The same certificates with signatures under the empty identity, which is OpenSSL's own: so that stock
//! `openssl verify` may judge a whole SM2 chain, root included. Nothing outside this file signs or accepts these.

use std::sync::Arc;

use certificate::profile::{ISSUING_AUTHORITY, ROOT};
use certificate::{
    Algorithm, Authority, Certificate, Draft, KeyPair, Linted, Profile, PublicKey, Verifier, VerifyError,
};
use sm2::dsa::signature::Signer as _;
use sm2::dsa::{Signature, SigningKey};

use crate::judge::Judge;
use crate::stage::{self, NOW, YEAR};

struct EmptyId(PublicKey);

impl Verifier for EmptyId {
    fn verify(&self, _: Algorithm, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
        self.0.verify_with_id("", message, signature).map_err(|_| VerifyError::Signature)
    }
}

fn sign(linted: Linted, key: &KeyPair) -> Certificate {
    let secret = sm2::SecretKey::from_slice(key.to_bytes().as_ref()).unwrap();
    let to_be_signed = linted.to_be_signed();
    let signature: Signature = SigningKey::new("", &secret).unwrap().sign(to_be_signed.bytes());
    let signed = to_be_signed.attach_checked_by(signature.to_der().as_bytes(), &EmptyId(key.public_key()));
    signed.unwrap().into_certificate()
}

fn issue(
    profile: &'static Profile,
    issuer: &Certificate,
    key: &KeyPair,
    facts: &certificate::Facts,
) -> Certificate {
    sign(Draft::new(profile, issuer, &stage::places(), facts).unwrap().lint().unwrap(), key)
}

#[test]
fn stock_openssl_verifies_the_whole_chain() {
    let [root_key, issuing_key] = [61, 62].map(stage::key);
    let facts = |key: &KeyPair, name: &str, life: i64| {
        let mut facts = stage::facts(key);
        facts.subject = stage::name("证书大厅", name);
        facts.validity.not_after = NOW + life;
        facts
    };
    let root = Draft::self_signed(&ROOT, &facts(&root_key, "根", 9 * YEAR)).unwrap();
    let root = sign(root.lint().unwrap(), &root_key);
    let issuing = issue(&ISSUING_AUTHORITY, &root, &root_key, &facts(&issuing_key, "签发", 8 * YEAR));
    let judge = Judge::new("empty_id");
    judge.write("root.pem", root.to_pem());
    judge.write("issuing.pem", issuing.to_pem());
    for profile in Profile::ALL.into_iter().filter(|it| ![&ROOT, &ISSUING_AUTHORITY].contains(it)) {
        let key = stage::key_of(profile.key_kinds[0], 63);
        let mut facts = stage::facts(&key);
        facts.validity.not_after = NOW + i64::from(profile.max_days.min(30)) * 24 * 60 * 60;
        judge.write("leaf.pem", issue(profile, &issuing, &issuing_key, &facts).to_pem());
        let files = ["-CAfile", "root.pem", "-untrusted", "issuing.pem", "leaf.pem"];
        let at = NOW.to_string();
        judge.must(&[&["verify", "-x509_strict", "-check_ss_sig", "-attime", &at][..], &files].concat());
    }
    // Ours refuse them all the same.
    assert!(root.verify(&root).is_err());
    let authority = Authority::from_parts(issuing, Arc::new(issuing_key)).unwrap();
    assert_eq!(authority.key.algorithm(), Algorithm::Sm2WithSm3);
}
