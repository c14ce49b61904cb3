//! The kinds of key that we certify, told from a SubjectPublicKeyInfo, and why others are refused.

use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier};
use der::{Decode, Encode};
use p256::elliptic_curve::sec1::ToSec1Point;
use x509_cert::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use crate::algorithm::Algorithm;
use crate::rsa_key;
use crate::sm2::PublicKey;

/// RFC 5480, 2.1.1.
pub(crate) const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// RFC 5480, 2.1.1.1: secp256r1.
pub(crate) const P256_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
/// GB/T 33560-2017, annex A.
pub(crate) const SM2_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");
/// RFC 3279, 2.3.1.
pub(crate) const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// A key that may stand in a certificate of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    Sm2,
    P256,
    Rsa2048,
    Rsa3072,
}

/// Why a public key is not certified. The sentence is for the person who brought it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("公钥无法读取（应为 DER 编码的 SubjectPublicKeyInfo），请重新生成密钥和请求")]
    Malformed,
    #[error("不支持这种公钥算法，请使用 SM2、P-256 或 RSA（2048 位或 3072 位）密钥")]
    Kind,
    #[error("不支持这条椭圆曲线，请使用 SM2 或 P-256 曲线（须写曲线名，不能写曲线参数）")]
    Curve,
    #[error("公钥不是曲线上的点，密钥已损坏，请重新生成密钥和请求")]
    Point,
    #[error("RSA 密钥为 {0} 位，请使用 2048 位或 3072 位的 RSA 密钥")]
    RsaSize(usize),
    #[error("RSA 公钥指数不是 65537，请按默认指数重新生成密钥")]
    RsaExponent,
    #[error("RSA 模数是偶数或含有很小的因子，密钥已损坏，请重新生成密钥")]
    RsaModulus,
    #[error("这个 RSA 密钥由有缺陷的芯片生成（ROCA，CVE-2017-15361），私钥可被算出，请换用其他设备生成密钥")]
    RsaRoca,
}

impl KeyError {
    /// The stable reason code.
    pub fn code(&self) -> &'static str {
        match self {
            KeyError::Malformed => "key_malformed",
            KeyError::Kind => "key_kind",
            KeyError::Curve => "key_curve",
            KeyError::Point => "key_point",
            KeyError::RsaSize(_) => "key_rsa_size",
            KeyError::RsaExponent => "key_rsa_exponent",
            KeyError::RsaModulus => "key_rsa_modulus",
            KeyError::RsaRoca => "key_rsa_roca",
        }
    }
}

impl KeyKind {
    pub const ALL: [KeyKind; 4] = [KeyKind::Sm2, KeyKind::P256, KeyKind::Rsa2048, KeyKind::Rsa3072];

    /// Stable name, for settings and the store.
    pub fn code(self) -> &'static str {
        match self {
            KeyKind::Sm2 => "sm2",
            KeyKind::P256 => "p256",
            KeyKind::Rsa2048 => "rsa2048",
            KeyKind::Rsa3072 => "rsa3072",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// With which algorithm a key of this kind signs.
    pub fn algorithm(self) -> Algorithm {
        match self {
            KeyKind::Sm2 => Algorithm::Sm2WithSm3,
            KeyKind::P256 => Algorithm::EcdsaWithSha256,
            KeyKind::Rsa2048 | KeyKind::Rsa3072 => Algorithm::RsaWithSha256,
        }
    }

    /// The kind of the key in a DER SubjectPublicKeyInfo; refuses weak and odd ones.
    pub fn of_spki(spki: &[u8]) -> Result<Self, KeyError> {
        canonical(spki).map(|(kind, _)| kind)
    }
}

/// The kind, and the SubjectPublicKeyInfo in its one canonical form: named curve and uncompressed point
/// (RFC 5480, 2.1.1 and 2.2), or rsaEncryption with NULL (RFC 3279, 2.3.1).
pub(crate) fn canonical(spki: &[u8]) -> Result<(KeyKind, Vec<u8>), KeyError> {
    let info = SubjectPublicKeyInfoRef::from_der(spki).map_err(|_| KeyError::Malformed)?;
    let bits = info.subject_public_key.as_bytes().ok_or(KeyError::Malformed)?;
    match info.algorithm.oid {
        EC_PUBLIC_KEY => {}
        RSA_ENCRYPTION => {
            let kind = rsa_key::kind(bits)?;
            return Ok((kind, rsa_spki(bits)?));
        }
        _ => return Err(KeyError::Kind),
    }
    let curve = info.algorithm.parameters.and_then(|it| it.decode_as::<ObjectIdentifier>().ok());
    match curve {
        Some(SM2_CURVE) => {
            let key = PublicKey::from_spki_der(spki).map_err(|_| KeyError::Point)?;
            Ok((KeyKind::Sm2, key.to_spki_der()))
        }
        Some(P256_CURVE) => {
            let key = p256::PublicKey::from_sec1_bytes(bits).map_err(|_| KeyError::Point)?;
            Ok((KeyKind::P256, p256_spki(key.to_sec1_point(false).as_bytes())?))
        }
        _ => Err(KeyError::Curve),
    }
}

/// DER SubjectPublicKeyInfo of an uncompressed point of P-256.
pub(crate) fn p256_spki(point: &[u8]) -> Result<Vec<u8>, KeyError> {
    encode(EC_PUBLIC_KEY, AnyRef::from(&P256_CURVE), point)
}

/// DER SubjectPublicKeyInfo of an RSAPublicKey.
pub(crate) fn rsa_spki(key: &[u8]) -> Result<Vec<u8>, KeyError> {
    encode(RSA_ENCRYPTION, AnyRef::NULL, key)
}

fn encode(oid: ObjectIdentifier, parameters: AnyRef, bits: &[u8]) -> Result<Vec<u8>, KeyError> {
    let subject_public_key = BitStringRef::from_bytes(bits).map_err(|_| KeyError::Malformed)?;
    let algorithm = AlgorithmIdentifierRef { oid, parameters: Some(parameters) };
    SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der().map_err(|_| KeyError::Malformed)
}
