//! SM3 (GB/T 32905) and the digests that name a key.

use ::sm3::{Digest, Sm3};

use crate::sm2::PublicKey;

/// SM3 of `data`.
pub fn sm3(data: &[u8]) -> [u8; 32] {
    Sm3::digest(data).into()
}

/// SM3 of a DER SubjectPublicKeyInfo: the name under which orders, stock and journals know a key.
pub fn spki_digest(spki_der: &[u8]) -> [u8; 32] {
    sm3(spki_der)
}

/// The key identifier that our certificates carry: the leftmost 160 bits of SM3 over the point.
///
/// RFC 5280, 4.2.1.2 leaves the method to the authority; this is method 1 of RFC 7093 with SM3 as the hash.
pub fn key_identifier(key: &PublicKey) -> [u8; 20] {
    let mut identifier = [0; 20];
    identifier.copy_from_slice(&sm3(&key.to_point())[..20]);
    identifier
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
