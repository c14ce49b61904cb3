//! SM3 (GB/T 32905) and the digests that name a key.

use ::sm3::{Digest, Sm3};
use der::Decode;
use x509_cert::spki::SubjectPublicKeyInfoRef;

use crate::algorithm::Algorithm;
use crate::key_kind::KeyError;

/// SM3 of `data`.
pub fn sm3(data: &[u8]) -> [u8; 32] {
    Sm3::digest(data).into()
}

/// SM3 of a DER SubjectPublicKeyInfo: the name under which orders, stock and journals know a key.
pub fn spki_digest(spki_der: &[u8]) -> [u8; 32] {
    sm3(spki_der)
}

/// The key identifier that our certificates carry, for a DER SubjectPublicKeyInfo: the leftmost 160 bits of a hash
/// over the content of its BIT STRING, SM3 for an SM2 key and SHA-256 for any other.
///
/// RFC 5280, 4.2.1.2 leaves the method to the authority; this is method 1 of RFC 7093, with SM3 where the key is SM2.
pub fn key_identifier(spki: &[u8]) -> Result<[u8; 20], KeyError> {
    let info = SubjectPublicKeyInfoRef::from_der(spki).map_err(|_| KeyError::Malformed)?;
    let key = info.subject_public_key.as_bytes().ok_or(KeyError::Malformed)?;
    let hash: [u8; 32] = match Algorithm::of_key(spki) {
        Some(Algorithm::Sm2WithSm3) => sm3(key),
        _ => sha256(key),
    };
    let mut identifier = [0; 20];
    identifier.copy_from_slice(&hash[..20]);
    Ok(identifier)
}

/// SHA-256 of `data`.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, data).as_ref());
    hash
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
