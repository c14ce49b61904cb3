//! The kind of a public key in the words that everybody uses, foreign kinds too.

use der::asn1::{Any, BitString, ObjectIdentifier, UintRef};
use der::{Decode, Reader, SliceReader};
use spki::SubjectPublicKeyInfo;

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

const CURVES: [(&str, &str); 6] = [
    ("1.2.156.10197.1.301", "SM2"),
    ("1.2.840.10045.3.1.7", "P-256"),
    ("1.3.132.0.34", "P-384"),
    ("1.3.132.0.35", "P-521"),
    ("1.3.132.0.10", "secp256k1"),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
];

const OTHERS: [(&str, &str); 6] = [
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
    ("1.2.840.113549.1.1.10", "RSA-PSS"),
    ("1.2.840.10040.4.1", "DSA"),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
    ("1.2.156.10197.1.302", "SM9"),
];

/// `SM2`, `P-256`, `RSA-2048`; the dotted identifier where nobody has a word for it.
pub fn of(spki: &[u8]) -> String {
    let Ok(info) = SubjectPublicKeyInfo::<Any, BitString>::from_der(spki) else { return "?".to_owned() };
    let oid = info.algorithm.oid;
    let word = |words: &[(&str, &str)], oid: ObjectIdentifier| {
        let found = words.iter().find(|(dotted, _)| ObjectIdentifier::new_unwrap(dotted) == oid);
        found.map_or_else(|| oid.to_string(), |(_, word)| (*word).to_owned())
    };
    if oid == RSA {
        let bits = info.subject_public_key.as_bytes().and_then(modulus_bits);
        return bits.map_or_else(|| "RSA".to_owned(), |bits| format!("RSA-{bits}"));
    }
    if oid == EC {
        let curve = info.algorithm.parameters.and_then(|curve| curve.decode_as::<ObjectIdentifier>().ok());
        return curve.map_or_else(|| "EC".to_owned(), |curve| word(&CURVES, curve));
    }
    word(&OTHERS, oid)
}

/// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
fn modulus_bits(key: &[u8]) -> Option<usize> {
    let mut reader = SliceReader::new(key).ok()?;
    reader
        .sequence(|inside| {
            let modulus = UintRef::decode(inside)?;
            let _exponent = UintRef::decode(inside)?;
            let bytes = modulus.as_bytes();
            let head = bytes.first().map_or(0, |first| first.leading_zeros() as usize);
            Ok::<_, der::Error>(bytes.len() * 8 - head)
        })
        .ok()
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn curves_and_keys_by_their_words() {
        // SubjectPublicKeyInfo of a P-384 key without a point that matters, and of Ed25519.
        let p384 = hex::decode("3016301006072a8648ce3d020106052b8104002203020004").unwrap();
        assert_eq!(of(&p384), "P-384");
        let ed25519 = hex::decode(
            "302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        );
        assert_eq!(of(&ed25519.unwrap()), "Ed25519");
        assert_eq!(of(b"nonsense"), "?");
    }
}
