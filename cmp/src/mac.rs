//! Password-based MAC (RFC 4210, 5.1.3.1; algorithms by RFC 9481, 6.1.1, and HMAC-SM3 as GM/T practice has it).

use der::asn1::{Int, ObjectIdentifier, OctetString};
use der::{Decode, Encode, Sequence};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use sm3::Sm3;
use x509_cert::spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use crate::CmpError;

/// id-PasswordBasedMac.
const PASSWORD_BASED_MAC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113533.7.66.13");

const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.401");

const HMAC_SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.8.1.2");
const HMAC_WITH_SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.7");
const HMAC_WITH_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.9");
const HMAC_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.401.2");

/// RFC 9481 recommends 1,048,576 for weak secrets; ours are 128 random bits, so this only slows a thief of the wire.
const ITERATIONS: u32 = 10_000;
/// An answer that wants more work than this is an attack on the reader.
const MOST_ITERATIONS: u32 = 2_000_000;

#[derive(Clone, Debug, Sequence)]
struct Parameters {
    salt: OctetString,
    one_way: AlgorithmIdentifierOwned,
    iterations: Int,
    mac: AlgorithmIdentifierOwned,
}

/// The algorithm that our requests name: SHA-256 throughout, which every peer has.
pub(crate) fn algorithm(salt: &[u8; 16]) -> Result<AlgorithmIdentifierOwned, CmpError> {
    let bare = |oid| AlgorithmIdentifierOwned { oid, parameters: None };
    let parameters = Parameters {
        salt: OctetString::new(salt.as_slice())?,
        one_way: bare(SHA_256),
        iterations: Int::new(&ITERATIONS.to_be_bytes()[2..])?,
        mac: bare(HMAC_WITH_SHA_256),
    };
    let parameters = der::asn1::Any::from_der(&parameters.to_der()?)?;
    Ok(AlgorithmIdentifierOwned { oid: PASSWORD_BASED_MAC, parameters: Some(parameters) })
}

pub(crate) fn make(
    algorithm: &AlgorithmIdentifierOwned,
    secret: &[u8],
    message: &[u8],
) -> Result<Vec<u8>, CmpError> {
    let (key, mac) = key(algorithm, secret).ok_or(CmpError::Protection)?;
    Ok(mac.make(&key, message))
}

/// Checks in constant time; an algorithm that is not known does not verify.
pub(crate) fn check(
    algorithm: &AlgorithmIdentifierOwned,
    secret: &[u8],
    message: &[u8],
    given: &[u8],
) -> Result<(), CmpError> {
    let (key, mac) = key(algorithm, secret).ok_or(CmpError::Protection)?;
    if mac.check(&key, message, given) { Ok(()) } else { Err(CmpError::Protection) }
}

enum Which {
    Sha1,
    Sha256,
    Sm3,
}

impl Which {
    fn make(&self, key: &[u8], message: &[u8]) -> Vec<u8> {
        match self {
            Which::Sha1 => keyed::<Hmac<Sha1>>(key, message).finalize().into_bytes().to_vec(),
            Which::Sha256 => keyed::<Hmac<Sha256>>(key, message).finalize().into_bytes().to_vec(),
            Which::Sm3 => keyed::<Hmac<Sm3>>(key, message).finalize().into_bytes().to_vec(),
        }
    }

    fn check(&self, key: &[u8], message: &[u8], given: &[u8]) -> bool {
        match self {
            Which::Sha1 => keyed::<Hmac<Sha1>>(key, message).verify_slice(given).is_ok(),
            Which::Sha256 => keyed::<Hmac<Sha256>>(key, message).verify_slice(given).is_ok(),
            Which::Sm3 => keyed::<Hmac<Sm3>>(key, message).verify_slice(given).is_ok(),
        }
    }
}

fn keyed<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> M {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    mac
}

/// The key that secret, salt and iterations give, and the MAC to use it with.
fn key(algorithm: &AlgorithmIdentifierOwned, secret: &[u8]) -> Option<(Zeroizing<Vec<u8>>, Which)> {
    if algorithm.oid != PASSWORD_BASED_MAC {
        return None;
    }
    let parameters: Parameters = algorithm.parameters.as_ref()?.decode_as().ok()?;
    let iterations = match parameters.iterations.as_bytes() {
        [first, ..] if *first >= 0x80 => return None,
        bytes if bytes.len() <= 4 => bytes.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)),
        _ => return None,
    };
    if !(1..=MOST_ITERATIONS).contains(&iterations) {
        return None;
    }
    let salt = parameters.salt.as_bytes();
    let key = match parameters.one_way.oid {
        SHA_1 => stretched::<Sha1>(secret, salt, iterations),
        SHA_256 => stretched::<Sha256>(secret, salt, iterations),
        SM3 => stretched::<Sm3>(secret, salt, iterations),
        _ => return None,
    };
    let mac = match parameters.mac.oid {
        HMAC_SHA_1 | HMAC_WITH_SHA_1 => Which::Sha1,
        HMAC_WITH_SHA_256 => Which::Sha256,
        HMAC_SM3 => Which::Sm3,
        _ => return None,
    };
    Some((key, mac))
}

fn stretched<D: Digest>(secret: &[u8], salt: &[u8], iterations: u32) -> Zeroizing<Vec<u8>> {
    let mut hash = D::new();
    hash.update(secret);
    hash.update(salt);
    let mut key = Zeroizing::new(hash.finalize().to_vec());
    for _ in 1..iterations {
        let next = D::digest(key.as_slice());
        key.copy_from_slice(&next);
    }
    key
}
