//! RSA with SHA-256 (PKCS#1 v1.5), as both wallets sign.

use base64::{Engine, prelude::BASE64_STANDARD};
use ring::{rand::SystemRandom, rsa::KeyPair, signature};
use rsa::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding};

use crate::Failure;

pub struct RsaKey(KeyPair);

impl RsaKey {
    /// # Errors
    /// The text is not a PKCS#8 RSA key of 2048 bits or more.
    pub fn from_pem(pem: &str) -> Result<Self, Failure> {
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = BASE64_STANDARD.decode(body.trim())?;
        Ok(Self(KeyPair::from_pkcs8(&der).map_err(|wrong| format!("not an RSA key: {wrong}"))?))
    }

    /// Base64 of the signature over `text`.
    pub fn sign(&self, text: &[u8]) -> String {
        let mut made = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut made)
            .expect("an RSA key of 2048 bits signs SHA-256");
        BASE64_STANDARD.encode(made)
    }

    /// PKCS#1 DER of the public half.
    pub fn public(&self) -> Vec<u8> {
        self.0.public().as_ref().to_vec()
    }
}

pub fn verify(public: &[u8], text: &[u8], signature_base64: &str) -> bool {
    BASE64_STANDARD.decode(signature_base64).is_ok_and(|made| {
        signature::UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, public)
            .verify(text, &made)
            .is_ok()
    })
}

/// A fresh pair: (PKCS#8 private PEM, SPKI public PEM).
///
/// # Errors
/// The machine has no random bytes.
pub fn make_pair() -> Result<(String, String), Failure> {
    let private = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048)?;
    let public = private.to_public_key().to_public_key_pem(LineEnding::LF)?;
    Ok((private.to_pkcs8_pem(LineEnding::LF)?.to_string(), public))
}
