//! SM2 keys and signatures (GB/T 32918) as GM/T 0009 and GB/T 35276 use them.
//!
//! A signature covers e = SM3(Z ‖ M), where Z binds the signer's key and an identity. China's practice is
//! the fixed identity [`DEFAULT_ID`]; OpenSSL's default is the empty one, and the two do not verify each other.
//! Signatures leave this crate as DER `SEQUENCE { r INTEGER, s INTEGER }`, never as the 64 raw bytes that
//! `sm2::dsa::Signature::to_bitstring` would give.

use core::fmt;
use std::sync::OnceLock;

use ::sm2::SecretKey;
use ::sm2::dsa::Signature;
use ::sm2::elliptic_curve::sec1::ToSec1Point;
use ::sm2::elliptic_curve::{Generate, PrimeField};
use ::sm2::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use crate::checking::{self, sm2 as equation};
use crate::curve::point::Affine;
use crate::curve::sm2_field::Element;
use crate::digest::sm3;
use crate::secret::{Secret, of_base_all};

/// The signer's identity that every Chinese certificate authority uses (GM/T 0009-2012, 10).
pub const DEFAULT_ID: &str = "1234567812345678";

/// What can go wrong with a key, a signature or a sealed message. Never says more about a secret than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Sm2Error {
    #[error("this is not an SM2 private key")]
    PrivateKey,
    #[error("this is not an SM2 public key on the standard curve")]
    PublicKey,
    #[error("the SM2 signature does not verify")]
    Signature,
    #[error("the SM2 signature could not be made")]
    Signing,
    #[error("the SM2 ciphertext cannot be opened with this key")]
    Ciphertext,
    #[error("the message is too long or empty")]
    Message,
    #[error("the random number generator failed")]
    Dice,
}

/// An SM2 key pair in memory.
pub struct KeyPair {
    secret: Box<Secret>,
    public: PublicKey,
    /// Z of the public half, for whoever signs.
    z: OnceLock<[u8; 32]>,
}

impl KeyPair {
    /// A fresh pair from the caller's dice.
    pub fn generate(dice: &mut impl TryCryptoRng) -> Result<Self, Sm2Error> {
        Self::generate_many(1, dice)?.pop().ok_or(Sm2Error::Dice)
    }

    /// So many fresh pairs: each costs less than one alone, since their points come into affine form together.
    pub fn generate_many(count: usize, dice: &mut impl TryCryptoRng) -> Result<Vec<Self>, Sm2Error> {
        let mut secrets = Vec::with_capacity(count);
        while secrets.len() < count {
            let drawn = SecretKey::try_generate_from_rng(dice).map_err(|_| Sm2Error::Dice)?;
            // n − 1 is drawn by nobody, and would be drawn again.
            secrets.extend(Secret::new(drawn.to_nonzero_scalar()).map(Box::new));
        }
        let points = of_base_all(secrets.iter().map(|it| &**it.d()));
        let pair = |(secret, point): (_, &Affine<Element>)| {
            let public = [&[4], point.x.to_repr().as_slice(), &point.y.to_repr()].concat();
            Ok(KeyPair { secret, public: PublicKey::from_point(&public)?, z: OnceLock::new() })
        };
        secrets.into_iter().zip(points.iter()).map(pair).collect()
    }

    /// From the 32 big-endian bytes of d, 1 ≤ d ≤ n − 2.
    pub fn from_bytes(d: &[u8]) -> Result<Self, Sm2Error> {
        let secret = SecretKey::from_slice(d).map_err(|_| Sm2Error::PrivateKey)?;
        if d.len() == 32 { Self::from_secret(&secret) } else { Err(Sm2Error::PrivateKey) }
    }

    /// As [`KeyPair::from_bytes`], without the multiplication that finds the public half: the caller knows that both belong
    /// together, since they lay under one seal.
    pub fn from_halves(d: &[u8; 32], public: PublicKey) -> Result<Self, Sm2Error> {
        let secret = SecretKey::from_slice(d).map_err(|_| Sm2Error::PrivateKey)?;
        let secret = Box::new(Secret::new(secret.to_nonzero_scalar())?);
        Ok(KeyPair { secret, public, z: OnceLock::new() })
    }

    /// From unencrypted PKCS#8, the form of `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2`.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, Sm2Error> {
        Self::from_secret(&SecretKey::from_pkcs8_der(der).map_err(|_| Sm2Error::PrivateKey)?)
    }

    /// As [`KeyPair::from_pkcs8_der`], in PEM.
    pub fn from_pkcs8_pem(pem: &str) -> Result<Self, Sm2Error> {
        Self::from_secret(&SecretKey::from_pkcs8_pem(pem).map_err(|_| Sm2Error::PrivateKey)?)
    }

    fn from_secret(secret: &SecretKey) -> Result<Self, Sm2Error> {
        let public = PublicKey { key: secret.public_key() };
        let secret = Box::new(Secret::new(secret.to_nonzero_scalar())?);
        Ok(KeyPair { secret, public, z: OnceLock::new() })
    }

    /// The 32 big-endian bytes of d. Only a key store or an envelope has reason to ask.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        let mut d = Zeroizing::new([0; 32]);
        d.copy_from_slice(&self.secret.d().to_bytes());
        d
    }

    /// Unencrypted PKCS#8, DER; wiped when dropped.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, Sm2Error> {
        let document = self.secret().to_pkcs8_der().map_err(|_| Sm2Error::PrivateKey)?;
        Ok(Zeroizing::new(document.as_bytes().to_vec()))
    }

    /// Unencrypted PKCS#8, PEM; wiped when dropped.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, Sm2Error> {
        self.secret().to_pkcs8_pem(LineEnding::LF).map_err(|_| Sm2Error::PrivateKey)
    }

    pub fn public_key(&self) -> PublicKey {
        self.public
    }

    /// DER signature of `message` under [`DEFAULT_ID`].
    ///
    /// The nonce comes from the key and the message (RFC 6979 with SM3): the same bytes give the same
    /// signature, so signing a recorded certificate again after a crash gives the certificate meant before.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Sm2Error> {
        self.sign_digest(&self.digest(message))
    }

    /// As [`KeyPair::sign`], of many messages in their order: each costs less than one alone.
    pub fn sign_all(&self, messages: &[&[u8]]) -> Vec<Result<Vec<u8>, Sm2Error>> {
        let digests: Vec<[u8; 32]> = messages.iter().map(|message| self.digest(message)).collect();
        let signed = self.secret.sign(&digests).into_iter();
        signed.map(|signature| Ok(signature?.to_der().as_bytes().to_vec())).collect()
    }

    /// DER signature of e = SM3(Z ‖ M) made elsewhere: what a UKEY is given (see [`PublicKey::message_digest`]).
    pub fn sign_digest(&self, e: &[u8; 32]) -> Result<Vec<u8>, Sm2Error> {
        let signature = self.secret.sign(&[*e]).pop().ok_or(Sm2Error::Signing)??;
        Ok(signature.to_der().as_bytes().to_vec())
    }

    fn digest(&self, message: &[u8]) -> [u8; 32] {
        digest_of(self.z.get_or_init(|| self.public.identity_digest()), message)
    }

    /// For one call: wiped on drop.
    pub(crate) fn secret(&self) -> SecretKey {
        SecretKey::from(self.secret.d())
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("KeyPair").field("public_key", &self.public).finish_non_exhaustive()
    }
}

/// A point on the SM2 curve.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey {
    pub(crate) key: ::sm2::PublicKey,
}

impl PublicKey {
    /// From a DER SubjectPublicKeyInfo: id-ecPublicKey with the SM2 curve and a point on it, nothing else.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, Sm2Error> {
        let key = ::sm2::PublicKey::from_public_key_der(der).map_err(|_| Sm2Error::PublicKey)?;
        Ok(PublicKey { key })
    }

    /// From the point: 65 bytes 04‖X‖Y.
    pub fn from_point(point: &[u8]) -> Result<Self, Sm2Error> {
        match point {
            [4, ..] if point.len() == 65 => {
                let key = ::sm2::PublicKey::from_sec1_bytes(point).map_err(|_| Sm2Error::PublicKey)?;
                Ok(PublicKey { key })
            }
            _ => Err(Sm2Error::PublicKey),
        }
    }

    /// 04‖X‖Y.
    pub fn to_point(&self) -> [u8; 65] {
        let mut point = [0; 65];
        point.copy_from_slice(self.key.to_sec1_point(false).as_bytes());
        point
    }

    /// DER SubjectPublicKeyInfo with the uncompressed point.
    pub fn to_spki_der(&self) -> Vec<u8> {
        self.key.to_public_key_der().expect("a point on the curve always encodes").as_bytes().to_vec()
    }

    /// Checks a DER signature of `message` under [`DEFAULT_ID`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Sm2Error> {
        self.verify_with_id(DEFAULT_ID, message, signature)
    }

    /// Checks a DER signature of `message` under another identity: to tell what a foreign request did wrong.
    pub fn verify_with_id(&self, id: &str, message: &[u8], signature: &[u8]) -> Result<(), Sm2Error> {
        let z = self.identity_digest_of(id)?;
        self.verify_digest(&digest_of(&z, message), signature)
    }

    /// Checks a DER signature of a digest made with [`PublicKey::message_digest`].
    pub fn verify_digest(&self, e: &[u8; 32], signature: &[u8]) -> Result<(), Sm2Error> {
        let signature = Signature::from_der(signature).map_err(|_| Sm2Error::Signature)?;
        let known = checking::SM2.find(self);
        let multiples = |key: &PublicKey| Some(equation::Multiples::of(key.key.as_affine()));
        let key = match known.as_ref().and_then(|known| known.multiples(multiples)) {
            Some(multiples) => equation::Key::Known(multiples),
            None => equation::Key::Any(self.key.as_affine()),
        };
        if equation::holds(&key, e, &signature) { Ok(()) } else { Err(Sm2Error::Signature) }
    }

    /// Says that this key is one of ours, whose signatures are checked often: each check then takes a quarter of the time.
    pub fn expect_many_signatures(&self) {
        checking::SM2.remember(*self);
    }

    /// e = SM3(Z ‖ M) under [`DEFAULT_ID`] (GB/T 32918.2, 5.5 and 6.1): what a UKEY signs.
    pub fn message_digest(&self, message: &[u8]) -> [u8; 32] {
        digest_of(&self.identity_digest(), message)
    }

    /// Z = SM3(ENTL ‖ ID ‖ a ‖ b ‖ G ‖ P), the digest that binds identity and key.
    pub fn identity_digest(&self) -> [u8; 32] {
        self.identity_digest_of(DEFAULT_ID).expect("the default identity is short")
    }

    /// ENTL counts the bits of ID in two bytes: a longer identity is none.
    fn identity_digest_of(&self, id: &str) -> Result<[u8; 32], Sm2Error> {
        let bits = u16::try_from(id.len() * 8).map_err(|_| Sm2Error::Signature)?;
        let mut input = bits.to_be_bytes().to_vec();
        input.extend_from_slice(id.as_bytes());
        input.extend_from_slice(&CURVE_A_B_G);
        input.extend_from_slice(&self.to_point()[1..]);
        Ok(sm3(&input))
    }
}

fn digest_of(z: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let mut input = z.to_vec();
    input.extend_from_slice(message);
    sm3(&input)
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PublicKey({})", crate::digest::hex(&self.to_point()))
    }
}

/// The constants a, b, xG, yG of GB/T 32918.5, in the order in which Z takes them.
const CURVE_A_B_G: [u8; 128] = {
    let hex = b"FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC\
                28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93\
                32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7\
                BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0";
    let mut bytes = [0; 128];
    let mut i = 0;
    while i < 128 {
        bytes[i] = nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]);
        i += 1;
    }
    bytes
};

const fn nibble(digit: u8) -> u8 {
    if digit <= b'9' { digit - b'0' } else { digit - b'A' + 10 }
}
