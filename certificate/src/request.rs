//! Certificate requests: PKCS#10 (RFC 2986) as GM/T 0092-2020 profiles it, and for P-256 and RSA as OpenSSL makes them.
//!
//! A request proves that its sender holds the private key; whose key it is, the order says, not the request.
//! Made in two steps where the key sits in a device: [`to_be_signed`] → signature by the device → [`assemble`].

use der::asn1::{Any, BitString};
use der::{Decode, Encode, Sequence};
use x509_cert::attr::Attributes;
use x509_cert::request::Version;

use crate::algorithm::{Algorithm, verify};
use crate::key_kind::{KeyError, KeyKind, canonical};
use crate::name::Name;
use crate::profile::Profile;
use crate::sign::Signer;
use crate::sm2::PublicKey;
use crate::tbs::SignedThing;

/// A request is some hundred bytes; ten times that is no request.
const MAX_BYTES: usize = 16 * 1024;

/// Why a request was refused. The sentence is for the person who made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    #[error("这不是证书请求（PKCS#10，DER 编码），请重新生成请求文件")]
    NotARequest,
    #[error("请求中的公钥不是 SM2 公钥，请使用 SM2 密钥重新生成请求")]
    KeyNotSm2,
    #[error("这种证书不接受请求中的密钥类型，请按证书模板要求的密钥类型重新生成请求")]
    KeyNotAllowed,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("请求的签名算法不是 SM2-with-SM3，请使用 SM3 摘要重新生成请求")]
    AlgorithmNotSm2,
    #[error("请求的签名算法不是该密钥的 SHA-256 签名，请加参数 -sha256 重新生成请求")]
    AlgorithmNotSha256,
    #[error(
        "请求用空的 SM2 用户标识签名，请按国密默认标识重新生成，OpenSSL 请加参数 \
         -sigopt distid:1234567812345678"
    )]
    EmptyId,
    #[error("请求的签名不正确，不能证明持有私钥，请重新生成请求")]
    Signature,
    #[error("请求无法生成：名称或签名不是有效的 DER")]
    NotEncodable,
}

impl RequestError {
    /// The stable reason code.
    pub fn code(&self) -> &'static str {
        match self {
            RequestError::NotARequest => "request_malformed",
            RequestError::KeyNotSm2 => "request_key_not_sm2",
            RequestError::KeyNotAllowed => "request_key_not_allowed",
            RequestError::Key(error) => error.code(),
            RequestError::AlgorithmNotSm2 => "request_algorithm_not_sm2",
            RequestError::AlgorithmNotSha256 => "request_algorithm_not_sha256",
            RequestError::EmptyId => "request_empty_id",
            RequestError::Signature => "request_signature",
            RequestError::NotEncodable => "request_not_encodable",
        }
    }
}

/// CertificationRequestInfo, with name and key byte for byte.
#[derive(Clone, Debug, Sequence)]
struct Info {
    version: Version,
    subject: Any,
    spki: Any,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    attributes: Attributes,
}

/// A request whose sender has proved to hold the private key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What the sender would like to be called. The issuing desk takes the name from the order.
    pub subject: Name,
    /// DER SubjectPublicKeyInfo in its canonical form, as the certificate will carry it.
    pub spki: Vec<u8>,
    pub kind: KeyKind,
}

impl Request {
    /// Reads a DER request and checks the proof of possession, for SM2 under the GM/T identity. Weak and odd keys
    /// are refused.
    pub fn verify(der: &[u8]) -> Result<Self, RequestError> {
        if der.len() > MAX_BYTES {
            return Err(RequestError::NotARequest);
        }
        let request = SignedThing::from_der(der).map_err(|_| RequestError::NotARequest)?;
        let signed_bytes = request.content.to_der().map_err(|_| RequestError::NotARequest)?;
        let info = Info::from_der(&signed_bytes).map_err(|_| RequestError::NotARequest)?;
        let subject = info.subject.to_der().map_err(|_| RequestError::NotARequest)?;
        let subject = Name::from_der(&subject).map_err(|_| RequestError::NotARequest)?;
        let spki = info.spki.to_der().map_err(|_| RequestError::NotARequest)?;
        let (kind, spki) = canonical(&spki)?;
        if Algorithm::of_identifier(&request.algorithm) != Some(kind.algorithm()) {
            return Err(match kind {
                KeyKind::Sm2 => RequestError::AlgorithmNotSm2,
                _ => RequestError::AlgorithmNotSha256,
            });
        }
        let signature = request.signature.as_bytes().ok_or(RequestError::Signature)?;
        if verify(&spki, kind.algorithm(), &signed_bytes, signature).is_err() {
            // OpenSSL signs under the empty identity unless told otherwise: say so, but do not accept it.
            let empty_id = PublicKey::from_spki_der(&spki)
                .is_ok_and(|key| key.verify_with_id("", &signed_bytes, signature).is_ok());
            return Err(if empty_id { RequestError::EmptyId } else { RequestError::Signature });
        }
        Ok(Request { subject, spki, kind })
    }

    /// As [`Request::verify`], where it is known what the request is for: a key that the profile does not certify
    /// is refused too.
    pub fn verify_for(der: &[u8], profile: &Profile) -> Result<Self, RequestError> {
        let refusal = match profile.key_kinds {
            [KeyKind::Sm2] => RequestError::KeyNotSm2,
            _ => RequestError::KeyNotAllowed,
        };
        match Self::verify(der) {
            Ok(request) if profile.key_kinds.contains(&request.kind) => Ok(request),
            Ok(_) | Err(RequestError::Key(KeyError::Kind | KeyError::Curve)) => Err(refusal),
            Err(error) => Err(error),
        }
    }
}

/// A whole request with a key at hand; DER.
pub fn build(subject: &Name, key: &dyn Signer) -> Result<Vec<u8>, RequestError> {
    let info = to_be_signed(subject, &key.spki())?;
    let signature = key.sign(&info).map_err(|_| RequestError::Signature)?;
    assemble(&info, &signature)
}

/// The bytes that the key of this SubjectPublicKeyInfo must sign (CertificationRequestInfo), without attributes.
pub fn to_be_signed(subject: &Name, spki: &[u8]) -> Result<Vec<u8>, RequestError> {
    let encode = || {
        let info = Info {
            version: Version::V1,
            subject: Any::from_der(subject.der())?,
            spki: Any::from_der(spki)?,
            attributes: Attributes::new(),
        };
        info.to_der()
    };
    encode().map_err(|_: der::Error| RequestError::NotEncodable)
}

/// Puts the bytes of [`to_be_signed`] and a signature over them together; refuses one that does not verify.
pub fn assemble(info: &[u8], signature: &[u8]) -> Result<Vec<u8>, RequestError> {
    let encode = || {
        let spki = Info::from_der(info)?.spki.to_der()?;
        let algorithm = Algorithm::of_key(&spki).ok_or(der::ErrorKind::Failed)?;
        let content = Any::from_der(info)?;
        let signature = BitString::from_bytes(signature)?;
        SignedThing { content, algorithm: algorithm.identifier(), signature }.to_der()
    };
    let der = encode().map_err(|_: der::Error| RequestError::NotEncodable)?;
    Request::verify(&der)?;
    Ok(der)
}
