//! The envelope in which an encryption key travels to a UKEY: SM2EnvelopedKey (GM/T 0009-2012, 7.4; GB/T 35276, 7.4).
//!
//! ```text
//! SM2EnvelopedKey ::= SEQUENCE {
//!     symAlgID               AlgorithmIdentifier,   -- SM4 in ECB
//!     symEncryptedKey        SM2Cipher,             -- the SM4 key, to the signing key of the receiver
//!     sm2PublicKey           BIT STRING,            -- 04‖X‖Y of the pair inside
//!     sm2EncryptedPrivateKey BIT STRING }           -- d under SM4
//! ```
//! ECB is the standard's choice; it hides one key that is itself random, under a key used once. Nothing in the
//! envelope authenticates d, so opening always checks that d·G is the public key that came along.

use der::asn1::{Any, BitString, ObjectIdentifier};
use der::{Decode, Encode, Sequence};
use rand_core::TryCryptoRng;
use sm4::Sm4;
use sm4::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use x509_cert::spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use crate::cipher;
use crate::sm2::{KeyPair, PublicKey, Sm2Error};

/// SM4, and SM4 in ECB (GB/T 33560-2017, annex A). Some authorities name only the first.
pub(crate) const SM4_PLAIN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.104");
pub(crate) const SM4_ECB: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.104.1");

/// An envelope is about 300 bytes.
const MAX_BYTES: usize = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    #[error("this is not an SM2EnvelopedKey")]
    NotAnEnvelope,
    #[error("the envelope uses a cipher other than SM4 in ECB")]
    Cipher,
    #[error("the envelope was sealed for another key, or was damaged")]
    NotForThisKey,
    #[error("the private key in the envelope does not belong to its public key")]
    WrongPair,
    #[error("the envelope could not be sealed: {0}")]
    Seal(Sm2Error),
}

/// How d is laid out before SM4: UKEY makers differ (key field of 32 or of 64 bytes, right-aligned).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// The 32 bytes of d.
    #[default]
    Bytes32,
    /// 32 zero bytes and d, encrypted as a whole: the `cbEncryptedPriKey[64]` of GM/T 0016.
    Bytes64,
}

#[derive(Clone, Debug, Sequence)]
pub(crate) struct Enveloped {
    pub algorithm: AlgorithmIdentifierOwned,
    pub sealed_key: Any,
    pub public_key: BitString,
    pub private_key: BitString,
}

/// Seals `encryption` for the holder of the private key to `signing`; DER.
pub fn seal(
    encryption: &KeyPair,
    signing: &PublicKey,
    layout: Layout,
    dice: &mut impl TryCryptoRng,
) -> Result<Vec<u8>, EnvelopeError> {
    let sealed = seal_all(&[(encryption, signing, layout)], dice)?;
    sealed.into_iter().next().ok_or(EnvelopeError::NotAnEnvelope)
}

/// As [`seal`], many in their order: each costs less than one alone.
pub fn seal_all(
    pairs: &[(&KeyPair, &PublicKey, Layout)],
    dice: &mut impl TryCryptoRng,
) -> Result<Vec<Vec<u8>>, EnvelopeError> {
    let mut keys = Zeroizing::new(vec![[0; 16]; pairs.len()]);
    for key in keys.iter_mut() {
        dice.try_fill_bytes(key).map_err(|_| EnvelopeError::Seal(Sm2Error::Dice))?;
    }
    let messages: Vec<(&PublicKey, &[u8])> =
        pairs.iter().zip(keys.iter()).map(|((_, signing, _), key)| (*signing, key.as_slice())).collect();
    let sealed_keys = cipher::encrypt_all(&messages, dice).map_err(EnvelopeError::Seal)?;
    let parts = pairs.iter().zip(keys.iter()).zip(sealed_keys);
    let one = |(((encryption, _, layout), key), sealed_key): ((&(&KeyPair, _, _), _), Vec<u8>)| {
        let mut private_key = private_field(encryption, *layout);
        sm4_ecb_encrypt(key, &mut private_key);
        let envelope = Enveloped {
            algorithm: sm4_ecb(),
            sealed_key: Any::from_der(&sealed_key)?,
            public_key: BitString::from_bytes(&encryption.public_key().to_point())?,
            private_key: BitString::from_bytes(&private_key)?,
        };
        envelope.to_der()
    };
    parts.map(one).collect::<der::Result<_>>().map_err(|_| EnvelopeError::NotAnEnvelope)
}

/// Opens an envelope of either layout with the receiver's signing key. What a UKEY does inside.
pub fn open(der: &[u8], signing: &KeyPair) -> Result<KeyPair, EnvelopeError> {
    let envelope = read(der)?;
    let sealed_key = envelope.sealed_key.to_der().map_err(|_| EnvelopeError::NotAnEnvelope)?;
    let key = cipher::decrypt(signing, &sealed_key).map_err(|_| EnvelopeError::NotForThisKey)?;
    let key: &[u8; 16] = key.as_slice().try_into().map_err(|_| EnvelopeError::NotForThisKey)?;
    let field = envelope.private_key.as_bytes().ok_or(EnvelopeError::NotAnEnvelope)?;
    let mut field = Zeroizing::new(field.to_vec());
    sm4_ecb_decrypt(key, &mut field);
    let pair = read_private_field(&field)?;
    if pair.public_key() == point(&envelope)? { Ok(pair) } else { Err(EnvelopeError::WrongPair) }
}

/// d laid out for encryption.
pub(crate) fn private_field(pair: &KeyPair, layout: Layout) -> Zeroizing<Vec<u8>> {
    let zeros = match layout {
        Layout::Bytes32 => 0,
        Layout::Bytes64 => 32,
    };
    let mut field = Zeroizing::new(Vec::with_capacity(64));
    field.resize(zeros, 0);
    field.extend_from_slice(pair.to_bytes().as_ref());
    field
}

/// d from either layout. Damaged octets, and those of another key, are hardly ever 32 zeros.
pub(crate) fn read_private_field(field: &[u8]) -> Result<KeyPair, EnvelopeError> {
    let d = match field.len() {
        32 => field,
        64 if field[..32].iter().all(|byte| *byte == 0) => &field[32..],
        64 => return Err(EnvelopeError::WrongPair),
        _ => return Err(EnvelopeError::NotAnEnvelope),
    };
    KeyPair::from_bytes(d).map_err(|_| EnvelopeError::WrongPair)
}

pub(crate) fn sm4_ecb() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: SM4_ECB, parameters: None }
}

/// The public key that an envelope announces, readable by everyone; only [`open`] proves it.
pub fn public_key(der: &[u8]) -> Result<PublicKey, EnvelopeError> {
    point(&read(der)?)
}

fn point(envelope: &Enveloped) -> Result<PublicKey, EnvelopeError> {
    let point = envelope.public_key.as_bytes().ok_or(EnvelopeError::NotAnEnvelope)?;
    PublicKey::from_point(point).map_err(|_| EnvelopeError::NotAnEnvelope)
}

pub(crate) fn read(der: &[u8]) -> Result<Enveloped, EnvelopeError> {
    if der.len() > MAX_BYTES {
        return Err(EnvelopeError::NotAnEnvelope);
    }
    let envelope = Enveloped::from_der(der).map_err(|_| EnvelopeError::NotAnEnvelope)?;
    let bare = envelope.algorithm.parameters.as_ref().is_none_or(Any::is_null);
    let known = [SM4_ECB, SM4_PLAIN].contains(&envelope.algorithm.oid);
    if bare && known { Ok(envelope) } else { Err(EnvelopeError::Cipher) }
}

/// Whole blocks only; the callers' fields are 32 or 64 bytes.
pub(crate) fn sm4_ecb_encrypt(key: &[u8; 16], data: &mut [u8]) {
    let sm4 = Sm4::new(key.into());
    for block in data.as_chunks_mut::<16>().0 {
        sm4.encrypt_block(block.into());
    }
}

pub(crate) fn sm4_ecb_decrypt(key: &[u8; 16], data: &mut [u8]) {
    let sm4 = Sm4::new(key.into());
    for block in data.as_chunks_mut::<16>().0 {
        sm4.decrypt_block(block.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 16] = 0x0123456789abcdeffedcba9876543210_u128.to_be_bytes();

    /// GB/T 32907-2016, annex A.1: one block.
    #[test]
    fn sm4_encrypts_the_standards_block() {
        let mut block = KEY;
        sm4_ecb_encrypt(&KEY, &mut block);
        assert_eq!(block, 0x681edf34d206965e86b3e94f536e4246_u128.to_be_bytes());
        sm4_ecb_decrypt(&KEY, &mut block);
        assert_eq!(block, KEY);
    }

    /// GB/T 32907-2016, annex A.2: the same, a million times over.
    #[test]
    fn sm4_encrypts_the_standards_million() {
        let mut block = KEY;
        let sm4 = Sm4::new(&KEY.into());
        for _ in 0..1_000_000 {
            sm4.encrypt_block((&mut block).into());
        }
        assert_eq!(block, 0x595298c7c6fd271f0402f804c33d3f66_u128.to_be_bytes());
    }
}
