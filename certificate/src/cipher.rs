//! SM2 public-key encryption in the form of GM/T 0009-2012, 7.2:
//! `SM2Cipher ::= SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING (32), cipher OCTET STRING }`.
//!
//! For short secrets: a passcode sealed to a station, a symmetric key in an envelope.

use ::sm2::NonZeroScalar;
use ::sm2::elliptic_curve::{Generate, PrimeField};
use ::sm2::pke::DecryptingKey;
use der::asn1::{OctetStringRef, UintRef};
use der::{Encode, Sequence};
use rand_core::TryCryptoRng;
use zeroize::{Zeroize, Zeroizing};

use crate::curve::point::{Affine, normalise};
use crate::curve::sm2_field::{Element, coordinates};
use crate::digest::sm3;
use crate::secret::multiple;
use crate::sm2::{KeyPair, PublicKey, Sm2Error};

/// No secret that we seal is longer; a limit keeps foreign input from making us work.
pub const MAX_MESSAGE: usize = 4096;

/// GM/T 0009-2012, 7.2.
#[derive(Sequence)]
pub(crate) struct Sm2Cipher<'a> {
    pub(crate) x: UintRef<'a>,
    pub(crate) y: UintRef<'a>,
    pub(crate) hash: &'a OctetStringRef,
    pub(crate) cipher: &'a OctetStringRef,
}

/// Encrypts 1 to [`MAX_MESSAGE`] bytes to `key`; DER SM2Cipher.
///
/// The library's own encryption multiplies the key by the cofactor first, which is 1, as if it were any number; without
/// that it takes half the time. The two multiplications left are `secret`'s, in constant time.
pub fn encrypt(key: &PublicKey, message: &[u8], dice: &mut impl TryCryptoRng) -> Result<Vec<u8>, Sm2Error> {
    encrypt_all(&[(key, message)], dice)?.pop().ok_or(Sm2Error::Message)
}

/// As [`encrypt`], many messages in their order: each costs less than one alone, since all points come into affine form
/// together.
pub fn encrypt_all(
    messages: &[(&PublicKey, &[u8])],
    dice: &mut impl TryCryptoRng,
) -> Result<Vec<Vec<u8>>, Sm2Error> {
    if messages.iter().any(|(_, message)| message.is_empty() || message.len() > MAX_MESSAGE) {
        return Err(Sm2Error::Message);
    }
    let mut sealed: Vec<Option<Vec<u8>>> = vec![None; messages.len()];
    // Once for nearly all; whose key stream is all zeros draws another nonce.
    loop {
        let open: Vec<usize> = (0..messages.len()).filter(|at| sealed[*at].is_none()).collect();
        if open.is_empty() {
            return Ok(sealed.into_iter().flatten().collect());
        }
        // A1
        let draw = |_| NonZeroScalar::try_generate_from_rng(dice).map_err(|_| Sm2Error::Dice);
        let mut nonces = open.iter().map(draw).collect::<Result<Vec<_>, _>>()?;
        let mine: Vec<_> = open.iter().map(|at| messages[*at]).collect();
        let made = encrypt_with(&nonces, &mine);
        nonces.iter_mut().for_each(Zeroize::zeroize);
        for (at, made) in open.into_iter().zip(made) {
            sealed[at] = made.transpose().map_err(|_| Sm2Error::Message)?;
        }
    }
}

/// Steps of GB/T 32918.4, 6.1; `None` where the key stream is all zeros and another nonce is to be drawn.
fn encrypt_with(
    nonces: &[NonZeroScalar],
    messages: &[(&PublicKey, &[u8])],
) -> Vec<Option<der::Result<Vec<u8>>>> {
    // A2 and A4; A3 asks whether the key is the point at infinity, which no `PublicKey` is.
    let points = nonces.iter().zip(messages).flat_map(|(nonce, (key, _))| {
        let k = Zeroizing::new(nonce.to_repr().into());
        [multiple::of_base(&k), multiple::of(&coordinates(key.key.as_affine()), &k)]
    });
    let points = Zeroizing::new(points.collect::<Vec<_>>());
    let points = Zeroizing::new(normalise(&points));
    let (pairs, _) = points.as_chunks::<2>();
    let one = |([public, shared], (_, message)): (&[Affine<Element>; 2], &(_, &[u8]))| {
        seal(public, shared, message)
    };
    pairs.iter().zip(messages).map(one).collect()
}

/// What is left once the points are known.
fn seal(public: &Affine<Element>, shared: &Affine<Element>, message: &[u8]) -> Option<der::Result<Vec<u8>>> {
    let (x, y) = (Zeroizing::new(bytes(&shared.x)), Zeroizing::new(bytes(&shared.y)));
    // A5, A6
    let stream = key_stream(&x, &y, message.len());
    if stream.iter().all(|byte| *byte == 0) {
        return None;
    }
    let cipher: Vec<u8> = stream.iter().zip(message).map(|(key, byte)| key ^ byte).collect();
    // A7
    let hash = sm3(&Zeroizing::new([x.as_slice(), message, y.as_slice()].concat()));
    Some(encode(public, &hash, &cipher))
}

/// KDF of GB/T 32918.4, 5.4.3: SM3 over the coordinates and a counter from 1.
fn key_stream(x: &[u8; 32], y: &[u8; 32], length: usize) -> Zeroizing<Vec<u8>> {
    let mut input = Zeroizing::new([x.as_slice(), y, &[0; 4]].concat());
    let mut stream = Zeroizing::new(Vec::with_capacity(length.next_multiple_of(32)));
    for counter in 1..=length.div_ceil(32) as u32 {
        input[64..].copy_from_slice(&counter.to_be_bytes());
        stream.extend_from_slice(Zeroizing::new(sm3(&input)).as_slice());
    }
    stream.truncate(length);
    stream
}

fn encode(public: &Affine<Element>, hash: &[u8; 32], cipher: &[u8]) -> der::Result<Vec<u8>> {
    let (x, y) = (bytes(&public.x), bytes(&public.y));
    let (x, y) = (UintRef::new(&x)?, UintRef::new(&y)?);
    Sm2Cipher { x, y, hash: OctetStringRef::new(hash)?, cipher: OctetStringRef::new(cipher)? }.to_der()
}

fn bytes(element: &Element) -> [u8; 32] {
    element.to_repr().into()
}

/// Opens a DER SM2Cipher. Every failure is the same [`Sm2Error::Ciphertext`].
pub fn decrypt(key: &KeyPair, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Sm2Error> {
    if ciphertext.len() > MAX_MESSAGE + 256 {
        return Err(Sm2Error::Ciphertext);
    }
    // `DecryptingKey` is not wiped on drop and has no way to be; it lives for this call only.
    let opener = DecryptingKey::new(key.secret());
    let message = opener.decrypt_der(ciphertext).map_err(|_| Sm2Error::Ciphertext)?;
    if message.is_empty() { Err(Sm2Error::Ciphertext) } else { Ok(Zeroizing::new(message)) }
}

#[cfg(test)]
mod tests {
    use ::sm2::SecretKey;
    use ::sm2::pke::EncryptingKey;

    use super::*;
    use crate::dice::Dice;

    fn unhex<const N: usize>(hex: &str) -> [u8; N] {
        std::array::from_fn(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
    }

    /// GB/T 32918.5-2017, annex B.2: with the standard's nonce the standard's ciphertext.
    #[test]
    fn the_standards_ciphertext() {
        let d: [u8; 32] = unhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");
        let nonce: [u8; 32] = unhex("59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21");
        let nonce = SecretKey::from_slice(&nonce).unwrap().to_nonzero_scalar();
        let key = KeyPair::from_bytes(&d).unwrap().public_key();
        let sealed = encrypt_with(&[nonce], &[(&key, b"encryption standard".as_slice())]).pop();
        let der = sealed.flatten().unwrap().unwrap();
        let x: [u8; 32] = unhex("04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73");
        let hash: [u8; 32] = unhex("59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766");
        let cipher: [u8; 19] = unhex("21886CA989CA9C7D58087307CA93092D651EFA");
        let holds = |part: &[u8]| der.windows(part.len()).any(|window| window == part);
        assert!(holds(&x) && holds(&hash) && holds(&cipher));
    }

    /// The library is the judge: same nonce, same bytes, for every length around the blocks of the key stream.
    #[test]
    fn the_librarys_ciphertext() {
        let pair = KeyPair::generate(&mut Dice::new(1)).unwrap();
        let library = EncryptingKey::new(pair.public_key().key);
        for length in (1..100).chain([255, 256, 1000, MAX_MESSAGE]) {
            let message = vec![0x5a; length];
            let ours = encrypt(&pair.public_key(), &message, &mut Dice::new(length as u64)).unwrap();
            assert_eq!(ours, library.encrypt_der(&mut Dice::new(length as u64), &message).unwrap());
            assert_eq!(decrypt(&pair, &ours).unwrap().as_slice(), message);
        }
        assert_eq!(encrypt(&pair.public_key(), b"", &mut Dice::new(1)), Err(Sm2Error::Message));
    }

    /// Messages of one byte: of so many some draw a second nonce.
    #[test]
    fn many_together_open_each() {
        let mut dice = Dice::new(3);
        let pairs = KeyPair::generate_many(3, &mut dice).unwrap();
        let keys: Vec<PublicKey> = pairs.iter().map(KeyPair::public_key).collect();
        let texts: Vec<[u8; 1]> = (0..=255).chain(0..=255).map(|byte| [byte]).collect();
        let messages: Vec<(&PublicKey, &[u8])> =
            texts.iter().enumerate().map(|(at, text)| (&keys[at % 3], text.as_slice())).collect();
        let sealed = encrypt_all(&messages, &mut dice).unwrap();
        assert_eq!(sealed.len(), texts.len());
        for (at, (sealed, text)) in sealed.iter().zip(&texts).enumerate() {
            assert_eq!(decrypt(&pairs[at % 3], sealed).unwrap().as_slice(), text);
        }
        assert!(encrypt_all(&[], &mut dice).unwrap().is_empty());
    }
}
