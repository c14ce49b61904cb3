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
