//! SM2 as far as the host of a key does it: the hash that goes to the key, and the form of what comes back.
//!
//! A key signs e = SM3(Z ‖ message) (GB/T 32918.2, 5.5 and 6.1). Z needs only the public key, so the host computes it and
//! no key's own idea of the signer's identity matters.

use sm3::{Digest, Sm3};

use crate::der;

/// Uncompressed: 04 ‖ X ‖ Y.
pub type Point = [u8; 65];

/// GM/T 0009: the identity when none was agreed.
const IDENTITY: &[u8] = b"1234567812345678";

/// a ‖ b ‖ Gx ‖ Gy of the recommended curve (GB/T 32918.5, 3).
const CURVE: [&str; 4] = [
    "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC",
    "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93",
    "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7",
    "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0",
];

/// e = SM3(Z ‖ message), what the key signs.
pub fn signing_hash(point: &Point, message: &[u8]) -> [u8; 32] {
    let mut z = Sm3::new();
    z.update((IDENTITY.len() as u16 * 8).to_be_bytes());
    z.update(IDENTITY);
    for constant in CURVE {
        z.update(hex::decode(constant).expect("the curve's constants are hex"));
    }
    z.update(&point[1..]);
    let mut e = Sm3::new();
    e.update(z.finalize());
    e.update(message);
    e.finalize().into()
}

/// r ‖ s, as a key answers, to SEQUENCE { r, s }, as everyone else expects. `None` unless it is 64 bytes.
pub fn signature_der(raw: &[u8]) -> Option<Vec<u8>> {
    let (r, s) = raw.split_at_checked(32)?;
    (s.len() == 32).then(|| der::sequence(&[&der::unsigned(r), &der::unsigned(s)]))
}

/// SubjectPublicKeyInfo of a point: id-ecPublicKey, curve 1.2.156.10197.1.301.
pub fn public_key_info(point: &Point) -> Vec<u8> {
    let kind = der::element(0x06, &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]);
    let curve = der::element(0x06, &[0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D]);
    der::sequence(&[&der::sequence(&[&kind, &curve]), &der::bit_string(point)])
}
