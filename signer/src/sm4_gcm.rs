//! SM4-GCM (GB/T 32907 in the mode of GB/T 36624 and NIST SP 800-38D; RFC 8998), with 96-bit nonces and whole tags.

use aes_gcm::aead::consts::{U12, U16};
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{AesGcm, KeyInit};
use sm4::Sm4;
use zeroize::Zeroizing;

/// `AesGcm` takes any cipher with blocks of 128 bits.
type Sm4Gcm = AesGcm<Sm4, U12, U16>;

/// Ciphertext, then the tag. A nonce is used once under a key.
pub(crate) fn seal(key: &[u8; 16], nonce: &[u8; 12], header: &[u8], clear: &[u8]) -> Vec<u8> {
    let payload = Payload { msg: clear, aad: header };
    Sm4Gcm::new(key.into()).encrypt(nonce.into(), payload).expect("GCM takes messages under 64 GiB")
}

/// `None` for another key, nonce or header, or changed bytes: nothing more can be told.
pub(crate) fn open(
    key: &[u8; 16],
    nonce: &[u8; 12],
    header: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let payload = Payload { msg: sealed, aad: header };
    Sm4Gcm::new(key.into()).decrypt(nonce.into(), payload).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wycheproof() {
        let mut valid = 0;
        let mut invalid = 0;
        for line in include_str!("../tests/vectors/sm4_gcm.txt").lines().filter(|line| !line.starts_with('#'))
        {
            let fields: Vec<&str> = line.split(' ').collect();
            let [number, result, key, nonce, aad, message, ciphertext, tag] = fields[..] else {
                panic!("{line}")
            };
            let bytes = |hex: &str| hex::decode(hex.trim_matches('-')).unwrap();
            let key = bytes(key).try_into().unwrap();
            let nonce = bytes(nonce).try_into().unwrap();
            let sealed = [bytes(ciphertext), bytes(tag)].concat();
            let opened = open(&key, &nonce, &bytes(aad), &sealed);
            if result == "valid" {
                assert_eq!(opened.unwrap().as_slice(), bytes(message), "{number}");
                assert_eq!(seal(&key, &nonce, &bytes(aad), &bytes(message)), sealed, "{number}");
                valid += 1;
            } else {
                assert!(opened.is_none(), "{number}");
                invalid += 1;
            }
        }
        assert_eq!((valid, invalid), (VALID, 65 - VALID));
    }

    const VALID: usize = 38;
}
