//! A private key in memory, of any kind.
//!
//! SM2 and P-256 scalars are overwritten on drop, and so is the PKCS#8 form in which an RSA key is kept. ring's own
//! copy of an RSA key is freed without being overwritten, since ring offers no way: an RSA key that matters belongs
//! into a device.

use core::fmt;

use p256::elliptic_curve::Generate;
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use rand_core::TryCryptoRng;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use zeroize::Zeroizing;

use crate::algorithm::Algorithm;
use crate::key_kind::{KeyError, KeyKind, p256_spki, rsa_spki};
use crate::sign::{Signer, SignerError};
use crate::sm2::KeyPair;

/// What can go wrong with a private key. Never says more about it than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PrivateKeyError {
    #[error("this is not an unencrypted PKCS#8 private key of SM2, P-256 or RSA")]
    NotAKey,
    #[error("the key is not one that we certify: {0}")]
    Public(#[from] KeyError),
    #[error("RSA keys are not generated here: import one, or keep it in a device")]
    NoRsaDice,
    #[error("the random number generator failed")]
    Dice,
}

/// A private key of any kind that signs.
pub enum SoftwareKey {
    Sm2(KeyPair),
    P256(P256Key),
    Rsa(Box<RsaKey>),
}

impl SoftwareKey {
    /// A fresh SM2 or P-256 key from the caller's dice.
    pub fn generate(kind: KeyKind, dice: &mut impl TryCryptoRng) -> Result<Self, PrivateKeyError> {
        match kind {
            KeyKind::Sm2 => KeyPair::generate(dice).map(SoftwareKey::Sm2).map_err(|_| PrivateKeyError::Dice),
            KeyKind::P256 => {
                let secret = p256::SecretKey::try_generate_from_rng(dice);
                P256Key::new(secret.map_err(|_| PrivateKeyError::Dice)?).map(SoftwareKey::P256)
            }
            KeyKind::Rsa2048 | KeyKind::Rsa3072 => Err(PrivateKeyError::NoRsaDice),
        }
    }

    /// From unencrypted PKCS#8, the form of `openssl genpkey`. RSA keys have 2048 or 3072 bits and exponent 65537.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, PrivateKeyError> {
        if let Ok(pair) = KeyPair::from_pkcs8_der(der) {
            return Ok(SoftwareKey::Sm2(pair));
        }
        if let Ok(secret) = p256::SecretKey::from_pkcs8_der(der) {
            return P256Key::new(secret).map(SoftwareKey::P256);
        }
        RsaKey::new(der).map(Box::new).map(SoftwareKey::Rsa)
    }

    /// As [`SoftwareKey::from_pkcs8_der`], in PEM (`BEGIN PRIVATE KEY`).
    pub fn from_pkcs8_pem(pem: &str) -> Result<Self, PrivateKeyError> {
        match der::pem::decode_vec(pem.as_bytes()) {
            Ok(("PRIVATE KEY", der)) => Self::from_pkcs8_der(&Zeroizing::new(der)),
            _ => Err(PrivateKeyError::NotAKey),
        }
    }

    /// Unencrypted PKCS#8; wiped when dropped. Only a key store has reason to ask.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, PrivateKeyError> {
        match self {
            SoftwareKey::Sm2(pair) => pair.to_pkcs8_der().map_err(|_| PrivateKeyError::NotAKey),
            SoftwareKey::P256(key) => {
                let document = key.secret.to_pkcs8_der().map_err(|_| PrivateKeyError::NotAKey)?;
                Ok(Zeroizing::new(document.as_bytes().to_vec()))
            }
            SoftwareKey::Rsa(key) => Ok(key.pkcs8.clone()),
        }
    }

    pub fn kind(&self) -> KeyKind {
        match self {
            SoftwareKey::Sm2(_) => KeyKind::Sm2,
            SoftwareKey::P256(_) => KeyKind::P256,
            SoftwareKey::Rsa(key) => key.kind,
        }
    }
}

impl Signer for SoftwareKey {
    fn algorithm(&self) -> Algorithm {
        self.kind().algorithm()
    }

    fn spki(&self) -> Vec<u8> {
        match self {
            SoftwareKey::Sm2(pair) => pair.spki(),
            SoftwareKey::P256(key) => key.spki.clone(),
            SoftwareKey::Rsa(key) => key.spki.clone(),
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        match self {
            SoftwareKey::Sm2(pair) => Signer::sign(pair, message),
            SoftwareKey::P256(key) => key.sign(message),
            SoftwareKey::Rsa(key) => key.sign(message),
        }
    }

    fn sign_all(&self, messages: &[&[u8]]) -> Vec<Result<Vec<u8>, SignerError>> {
        match self {
            SoftwareKey::Sm2(pair) => Signer::sign_all(pair, messages),
            _ => messages.iter().map(|message| self.sign(message)).collect(),
        }
    }
}

impl fmt::Debug for SoftwareKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SoftwareKey").field("kind", &self.kind()).finish_non_exhaustive()
    }
}

/// A P-256 key. Its nonces are drawn by ring from key, message and the system's generator together.
pub struct P256Key {
    pair: Box<EcdsaKeyPair>,
    /// Wiped on drop by itself.
    secret: p256::SecretKey,
    spki: Vec<u8>,
}

impl P256Key {
    fn new(secret: p256::SecretKey) -> Result<Self, PrivateKeyError> {
        let point = secret.public_key().to_sec1_point(false);
        let pair = pair(&Zeroizing::new(secret.to_bytes()), point.as_bytes());
        let spki = p256_spki(point.as_bytes())?;
        Ok(P256Key { pair: Box::new(pair.ok_or(PrivateKeyError::NotAKey)?), secret, spki })
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let signature = self.pair.sign(&SystemRandom::new(), message);
        Ok(signature.map_err(|_| SignerError("ECDSA failed".into()))?.as_ref().to_vec())
    }
}

fn pair(d: &[u8], point: &[u8]) -> Option<EcdsaKeyPair> {
    let method = &ECDSA_P256_SHA256_ASN1_SIGNING;
    EcdsaKeyPair::from_private_key_and_public_key(method, d, point, &SystemRandom::new()).ok()
}

impl Drop for P256Key {
    fn drop(&mut self) {
        // ring wipes nothing, but keeps the scalar inside the pair: overwrite it by that of d = 1.
        let mut one = [0; 32];
        one[31] = 1;
        let blank = p256::SecretKey::from_slice(&one).ok();
        let blank = blank.and_then(|it| pair(&one, it.public_key().to_sec1_point(false).as_bytes()));
        if let Some(blank) = blank {
            *self.pair = blank;
            core::hint::black_box(&self.pair);
        }
    }
}

/// An RSA key, for PKCS#1 v1.5 with SHA-256.
pub struct RsaKey {
    pair: RsaKeyPair,
    pkcs8: Zeroizing<Vec<u8>>,
    kind: KeyKind,
    spki: Vec<u8>,
}

impl RsaKey {
    fn new(der: &[u8]) -> Result<Self, PrivateKeyError> {
        let pair = RsaKeyPair::from_pkcs8(der).map_err(|_| PrivateKeyError::NotAKey)?;
        let spki = rsa_spki(pair.public_key().as_ref())?;
        let kind = KeyKind::of_spki(&spki)?;
        Ok(RsaKey { pair, pkcs8: Zeroizing::new(der.to_vec()), kind, spki })
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        let done = self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
        done.map_err(|_| SignerError("RSA failed".into()))?;
        Ok(signature)
    }
}
