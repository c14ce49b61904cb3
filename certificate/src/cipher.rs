//! SM2 public-key encryption in the form of GM/T 0009-2012, 7.2:
//! `SM2Cipher ::= SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING (32), cipher OCTET STRING }`.
//!
//! For short secrets: a passcode sealed to a station, a symmetric key in an envelope.

use ::sm2::pke::{DecryptingKey, EncryptingKey};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use crate::sm2::{KeyPair, PublicKey, Sm2Error};

/// No secret that we seal is longer; a limit keeps foreign input from making us work.
pub const MAX_MESSAGE: usize = 4096;

/// Encrypts 1 to [`MAX_MESSAGE`] bytes to `key`; DER SM2Cipher.
pub fn encrypt(key: &PublicKey, message: &[u8], dice: &mut impl TryCryptoRng) -> Result<Vec<u8>, Sm2Error> {
    if message.is_empty() || message.len() > MAX_MESSAGE {
        return Err(Sm2Error::Message);
    }
    EncryptingKey::new(key.key).encrypt_der(dice, message).map_err(|_| Sm2Error::Dice)
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
