//! RSA public keys: which are strong enough to be certified.
//!
//! Sizes and exponent as CA/B Forum BR 6.1.5 and 6.1.6 and NIST SP 800-89, 5.3.3 want them, at this office even
//! narrower: two sizes, one exponent. Whoever finds these too strict has a key that nobody makes by default.

use der::asn1::UintRef;
use der::{Decode, Sequence};

use crate::key_kind::{KeyError, KeyKind};

/// RFC 8017, A.1.1.
#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

const EXPONENT: [u8; 3] = [1, 0, 1];

/// BR 6.1.6 asks that no prime below 752 divides the modulus.
const SMALLEST_FACTOR: u32 = 752;

const HOW_MANY: usize = 133;
const PRIMES: [u32; HOW_MANY] = primes();

/// The primes for which Infineon's generator leaves a fingerprint (Nemec et al., CCS 2017, 5.2): the modulus is
/// then a power of 65537 modulo each of them.
const ROCA_PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
    107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// The kind of an RSAPublicKey (DER), or why it is refused.
pub(crate) fn kind(der: &[u8]) -> Result<KeyKind, KeyError> {
    let key = RsaPublicKey::from_der(der).map_err(|_| KeyError::Malformed)?;
    let modulus = key.modulus.as_bytes();
    let bits = modulus.len() * 8 - modulus.first().map_or(0, |first| first.leading_zeros() as usize);
    let kind = match bits {
        2048 => KeyKind::Rsa2048,
        3072 => KeyKind::Rsa3072,
        _ => return Err(KeyError::RsaSize(bits)),
    };
    if key.exponent.as_bytes() != EXPONENT {
        return Err(KeyError::RsaExponent);
    }
    if has_small_factor(modulus) {
        return Err(KeyError::RsaModulus);
    }
    if ROCA_PRIMES.iter().all(|prime| is_power_of_65537(remainder(modulus, *prime), *prime)) {
        return Err(KeyError::RsaRoca);
    }
    Ok(kind)
}

/// Divides by several primes at once, as many as one word holds: this runs for every RSA certificate.
fn has_small_factor(modulus: &[u8]) -> bool {
    let mut rest_of_primes = &PRIMES[..];
    while !rest_of_primes.is_empty() {
        let mut product = 1;
        let mut taken = 0;
        for prime in rest_of_primes {
            let Some(larger) = u32::checked_mul(product, *prime) else { break };
            (product, taken) = (larger, taken + 1);
        }
        let (primes, others) = rest_of_primes.split_at(taken);
        let rest = remainder(modulus, product);
        if primes.iter().any(|prime| rest.is_multiple_of(*prime)) {
            return true;
        }
        rest_of_primes = others;
    }
    false
}

/// `number` (big-endian, a multiple of four octets, as both sizes are) modulo `divisor`.
fn remainder(number: &[u8], divisor: u32) -> u32 {
    let words = number.as_chunks::<4>().0.iter().map(|word| u64::from(u32::from_be_bytes(*word)));
    words.fold(0, |rest, word| (rest << 32 | word) % u64::from(divisor)) as u32
}

/// The primes from 2 to 751.
const fn primes() -> [u32; HOW_MANY] {
    let mut primes = [0; HOW_MANY];
    let (mut found, mut number) = (0, 2);
    while number < SMALLEST_FACTOR {
        let mut at = 0;
        while at < found && number % primes[at] != 0 {
            at += 1;
        }
        if at == found {
            primes[found] = number;
            found += 1;
        }
        number += 1;
    }
    assert!(found == HOW_MANY);
    primes
}

fn is_power_of_65537(number: u32, modulus: u32) -> bool {
    let base = 65537 % modulus;
    let mut power = 1;
    for _ in 0..modulus {
        if power == number {
            return true;
        }
        power = power * base % modulus;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// DER RSAPublicKey.
    fn key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
        let modulus = UintRef::new(modulus).unwrap();
        der::Encode::to_der(&RsaPublicKey { modulus, exponent: UintRef::new(exponent).unwrap() }).unwrap()
    }

    /// 2^2047 and a bit: k·M + 1 for the product M of the fingerprint's primes and 2, without a factor below 752.
    /// Nobody has its private key; it only looks as the defective generator's moduli do.
    fn with_the_fingerprint() -> Vec<u8> {
        let hex = "\
            800000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
            000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
            000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
            000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
            00000000000000000000000000000000000000000000000000000000000000000000000006697ebed2c9cb1b81058559\
            3f81da320dfab10bdf2e0f1d9e802fcf";
        (0..512).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    #[test]
    fn the_fingerprint_of_the_defective_generator_is_seen() {
        let mut modulus = with_the_fingerprint();
        assert_eq!(kind(&key(&modulus, &EXPONENT)), Err(KeyError::RsaRoca));
        // Another number of that size, 2 more, has not the fingerprint.
        modulus[255] += 2;
        assert_ne!(kind(&key(&modulus, &EXPONENT)), Err(KeyError::RsaRoca));
    }

    #[test]
    fn sizes_and_exponents_that_are_refused() {
        let of = |octets: usize, exponent: &[u8]| kind(&key(&vec![0xff; octets], exponent));
        for octets in [1, 64, 128, 255, 257, 383, 385, 512] {
            assert_eq!(of(octets, &EXPONENT), Err(KeyError::RsaSize(octets * 8)));
        }
        for exponent in [&[1][..], &[3], &[17], &[1, 0, 0], &[1, 0, 3], &[1, 0, 0, 0, 1]] {
            assert_eq!(of(256, exponent), Err(KeyError::RsaExponent), "{exponent:?}");
        }
        // 2^2048 − 1 and 2^3072 − 1 are divisible by 3.
        assert_eq!(of(256, &EXPONENT), Err(KeyError::RsaModulus));
        assert_eq!(of(384, &EXPONENT), Err(KeyError::RsaModulus));
    }

    /// Every prime is found, whichever others it is divided together with.
    #[test]
    fn every_small_factor_is_found() {
        let mut number = vec![0; 256];
        assert!(!has_small_factor(&with_the_fingerprint()));
        for prime in PRIMES {
            number[252..].copy_from_slice(&prime.to_be_bytes());
            assert!(has_small_factor(&number), "{prime}");
        }
        number[252..].copy_from_slice(&757_u32.to_be_bytes());
        assert!(!has_small_factor(&number), "the first prime above the bound");
    }
}
