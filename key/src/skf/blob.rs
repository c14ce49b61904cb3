//! ECCPUBLICKEYBLOB, ECCSIGNATUREBLOB, ECCCIPHERBLOB and ENVELOPEDKEYBLOB, from and to what everybody else uses.

use crate::{
    der::{self, Reader},
    signing::Point,
};

pub const PUBLIC_KEY: usize = 4 + 64 + 64;
pub const SIGNATURE: usize = 64 + 64;
/// Without the cipher's own octets.
pub const CIPHER_HEAD: usize = 64 + 64 + 32 + 4;
/// Version, cipher, bits, the enciphered private key, the public key; the ECCCIPHERBLOB follows.
const ENVELOPE_HEAD: usize = 4 + 4 + 4 + 64 + PUBLIC_KEY;
pub const ENVELOPE_SMALLEST: usize = ENVELOPE_HEAD + CIPHER_HEAD;
const SM4_ECB_OID: &[u8] = &[0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x68, 0x01];
const SM4_OID: &[u8] = &[0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x68];

/// Where 32 octets of enciphered private key lie in their field of 64. An envelope that brings 64 fills it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivateKeyPlace {
    /// Zeros, then the key: as all other 256-bit values.
    #[default]
    Right,
    Left,
}

pub fn public_key(point: &Point) -> [u8; PUBLIC_KEY] {
    let mut blob = [0; PUBLIC_KEY];
    blob[..4].copy_from_slice(&256u32.to_le_bytes());
    blob[36..68].copy_from_slice(&point[1..33]);
    blob[100..132].copy_from_slice(&point[33..]);
    blob
}

/// `None` unless it is a 256-bit key.
pub fn point(blob: &[u8]) -> Option<Point> {
    let blob: &[u8; PUBLIC_KEY] = blob.try_into().ok()?;
    if blob[..4] != 256u32.to_le_bytes() {
        return None;
    }
    let mut point = [4; 65];
    point[1..33].copy_from_slice(right(&blob[4..68])?);
    point[33..].copy_from_slice(right(&blob[68..])?);
    Some(point)
}

/// r ‖ s of 64 octets.
pub fn signature(raw: &[u8]) -> Option<[u8; SIGNATURE]> {
    let (r, s) = raw.split_at_checked(32)?;
    let mut blob = [0; SIGNATURE];
    blob[32..64].copy_from_slice(r);
    blob[96..].copy_from_slice(s.try_into().ok().map(|s: &[u8; 32]| s)?);
    Some(blob)
}

pub fn raw_signature(blob: &[u8; SIGNATURE]) -> Option<Vec<u8>> {
    Some([right(&blob[..64])?, right(&blob[64..])?].concat())
}

/// From SM2Cipher (GM/T 0009, DER).
pub fn cipher(der: &[u8]) -> Option<Vec<u8>> {
    let mut outer = Reader(der);
    let mut parts = Reader(outer.expect(0x30)?);
    let mut blob = vec![0; 128];
    for at in [32, 96] {
        let number = parts.expect(0x02)?;
        let number = number.strip_prefix(&[0]).unwrap_or(number);
        blob[at + 32usize.checked_sub(number.len())?..at + 32].copy_from_slice(number);
    }
    let hash: &[u8; 32] = parts.expect(0x04)?.try_into().ok()?;
    let text = parts.expect(0x04)?;
    blob.extend_from_slice(hash);
    blob.extend_from_slice(&(text.len() as u32).to_le_bytes());
    blob.extend_from_slice(text);
    (outer.0.is_empty() && parts.0.is_empty()).then_some(blob)
}

/// To SM2Cipher (DER), and how long the blob was.
pub fn read_cipher(blob: &[u8]) -> Option<(Vec<u8>, usize)> {
    let head = blob.get(..CIPHER_HEAD)?;
    let length = u32::from_le_bytes(head[160..].try_into().ok()?) as usize;
    let end = CIPHER_HEAD.checked_add(length)?;
    let text = blob.get(CIPHER_HEAD..end)?;
    let (x, y) = (der::unsigned(right(&head[..64])?), der::unsigned(right(&head[64..128])?));
    let hash = der::element(0x04, &head[128..160]);
    Some((der::sequence(&[&x, &y, &hash, &der::element(0x04, text)]), end))
}

/// From SM2EnvelopedKey (GM/T 0009, DER). `None` if it is none, or not under SM4 in ECB.
pub fn envelope(enveloped: &[u8], place: PrivateKeyPlace) -> Option<Vec<u8>> {
    let mut outer = Reader(enveloped);
    let mut parts = Reader(outer.expect(0x30)?);
    let algorithm = Reader(parts.expect(0x30)?).expect(0x06)?;
    if ![SM4_ECB_OID, SM4_OID].contains(&algorithm) {
        return None;
    }
    let wrapped_key = cipher(&der::element(0x30, parts.expect(0x30)?))?;
    let point: Point = parts.expect(0x03)?.strip_prefix(&[0])?.try_into().ok()?;
    let secret = parts.expect(0x03)?.strip_prefix(&[0])?;
    let mut field = [0; 64];
    match (secret.len(), place) {
        (64, _) => field.copy_from_slice(secret),
        (32, PrivateKeyPlace::Right) => field[32..].copy_from_slice(secret),
        (32, PrivateKeyPlace::Left) => field[..32].copy_from_slice(secret),
        _ => return None,
    }
    let numbers = [1, super::SM4_ECB, 256].map(u32::to_le_bytes).concat();
    Some([&numbers[..], &field, &public_key(&point), &wrapped_key].concat())
}

/// The public key of the pair inside.
pub fn enveloped_point(blob: &[u8]) -> Option<Point> {
    point(blob.get(ENVELOPE_HEAD - PUBLIC_KEY..ENVELOPE_HEAD)?)
}

/// To SM2EnvelopedKey (DER); a private key of 32 octets lies on the right of its field, or fills it.
pub fn read_envelope(blob: &[u8]) -> Option<Vec<u8>> {
    let head = blob.get(..ENVELOPE_HEAD)?;
    let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    if (number(0), number(4), number(8)) != (1, super::SM4_ECB, 256) {
        return None;
    }
    let field = &head[12..76];
    let secret = if field[..32] == [0; 32] { &field[32..] } else { field };
    let point = point(&head[76..])?;
    let (wrapped_key, _) = read_cipher(&blob[ENVELOPE_HEAD..])?;
    let algorithm = der::sequence(&[&der::element(0x06, SM4_ECB_OID)]);
    Some(der::sequence(&[&algorithm, &wrapped_key, &der::bit_string(&point), &der::bit_string(secret)]))
}

/// The last 32 octets of a field of 64 whose first are zero.
fn right(field: &[u8]) -> Option<&[u8]> {
    let (zeros, value) = field.split_at_checked(32)?;
    zeros.iter().all(|byte| *byte == 0).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_signatures_survive() {
        let point: Point = std::array::from_fn(|at| if at == 0 { 4 } else { at as u8 });
        assert_eq!(super::point(&public_key(&point)), Some(point));
        assert_eq!(super::point(&[0; PUBLIC_KEY]), None);
        let raw: Vec<u8> = (0..64).collect();
        assert_eq!(raw_signature(&signature(&raw).unwrap()), Some(raw.clone()));
        assert_eq!(signature(&raw[1..]), None);
    }

    /// An SM2Cipher with a short X, and an envelope around one.
    #[test]
    fn ciphers_and_envelopes_survive() {
        let x = [&[0; 2][..], &[0x91; 30]].concat();
        let sm2_cipher = der::sequence(&[
            &der::unsigned(&x),
            &der::unsigned(&[7; 32]),
            &der::element(4, &[9; 32]),
            &der::element(4, b"sixteen octets!!"),
        ]);
        let blob = cipher(&sm2_cipher).unwrap();
        assert_eq!(blob.len(), CIPHER_HEAD + 16);
        assert_eq!(read_cipher(&blob), Some((sm2_cipher.clone(), blob.len())));
        assert_eq!(read_cipher(&blob[..blob.len() - 1]), None);

        let algorithm = der::sequence(&[&der::element(0x06, SM4_ECB_OID)]);
        for length in [32, 64] {
            let (point, secret) = (der::bit_string(&[4; 65]), der::bit_string(&vec![5; length]));
            let enveloped = der::sequence(&[&algorithm, &sm2_cipher, &point, &secret]);
            let blob = envelope(&enveloped, PrivateKeyPlace::Right).unwrap();
            assert_eq!(blob.len(), ENVELOPE_SMALLEST + 16);
            assert_eq!(enveloped_point(&blob), Some([4; 65]));
            assert_eq!(read_envelope(&blob), Some(enveloped));
        }
    }
}
