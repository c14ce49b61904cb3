//! RSA PKCS#1 v1.5 with SHA-256, base64: what both payment providers sign with.

use super::{SetupError, key_file};
use base64::{Engine, engine::general_purpose::STANDARD};
use der::Decode;
use ring::{rand, signature};
use std::path::Path;
use std::sync::Arc;

/// Our private key. Prints nothing.
#[derive(Clone)]
pub struct SigningKey(Arc<signature::RsaKeyPair>);

impl SigningKey {
    /// Reads a PKCS#8 PEM file; 2048 bits or more.
    pub fn read(file: &Path) -> Result<SigningKey, SetupError> {
        let der = key_file::read_private_pem(file)?;
        let pair = signature::RsaKeyPair::from_pkcs8(der.as_bytes())
            .map_err(|error| key_file::wrong(file, error))?;
        Ok(SigningKey(Arc::new(pair)))
    }

    /// The signature in base64. Deterministic; the random bytes that ring asks for only blind the computation.
    pub fn sign(&self, text: &[u8]) -> String {
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&signature::RSA_PKCS1_SHA256, &rand::SystemRandom::new(), text, &mut signature)
            .expect("the buffer is as long as the modulus and the system gives random bytes");
        STANDARD.encode(signature)
    }
}

/// The other side's public key.
#[derive(Clone)]
pub struct VerifyingKey(Arc<signature::UnparsedPublicKey<Vec<u8>>>);

impl VerifyingKey {
    /// Reads a SubjectPublicKeyInfo PEM file.
    pub fn read(file: &Path) -> Result<VerifyingKey, SetupError> {
        let der = key_file::read_public_pem(file)?;
        let info = spki::SubjectPublicKeyInfoRef::from_der(der.as_bytes())
            .map_err(|error| key_file::wrong(file, error))?;
        if info.algorithm.oid != RSA {
            return Err(key_file::wrong(file, "not an RSA key"));
        }
        let key = info.subject_public_key.raw_bytes().to_vec();
        Ok(VerifyingKey(Arc::new(signature::UnparsedPublicKey::new(
            &signature::RSA_PKCS1_2048_8192_SHA256,
            key,
        ))))
    }

    /// Whether `signature` (base64) is the other side's under `text`.
    pub fn verifies(&self, text: &[u8], signature: &str) -> bool {
        STANDARD.decode(signature.trim()).is_ok_and(|signature| self.0.verify(text, &signature).is_ok())
    }
}

const RSA: der::asn1::ObjectIdentifier = der::asn1::ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
