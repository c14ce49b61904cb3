//! Encryption pairs of before, as they are asked of a key and brought to it (B02).

use serde::{Deserialize, Serialize};

use crate::{
    KeyError,
    key::{Key, Slot},
    production::check_nonce,
    signing::Point,
    statement,
};

/// Something sealed to one encryption pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedTo {
    /// The pair's public key, 04 ‖ X ‖ Y.
    pub point: String,
    /// SM2Cipher of 32 random bytes, DER.
    pub sealed: String,
}

/// A pair of before on its way to a key: base64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvelopedPast {
    /// Which of the key's places it is sealed to, 04 ‖ X ‖ Y: one of `Answer::PastPrepared`.
    pub to: String,
    /// SM2EnvelopedKey, DER.
    pub enveloped_key: String,
}

pub struct Prepared {
    /// As many as were asked for, or as the key has room for.
    pub places: Vec<Point>,
    /// Signature (DER) by the signing pair in use over `statement::past_prepared`.
    pub signature: Vec<u8>,
}

/// Asks the key for places for so many pairs of before, and has the pair in use say that they are its own. A key without
/// room gives none.
pub async fn prepare_past<K: Key>(key: &mut K, pairs: u8, nonce: &str) -> Result<Prepared, KeyError> {
    check_nonce(nonce)?;
    let serial = key.identify().await?.serial;
    let places = match key.prepare_past(pairs).await {
        Err(KeyError::NoRoom) => Vec::new(),
        given => given?,
    };
    let signature = key.sign(&statement::past_prepared(nonce, &serial, &places)).await?;
    Ok(Prepared { places, signature })
}

/// The slot of the encryption pair with this public key, in use or of before.
pub async fn find_slot<K: Key>(key: &mut K, point: &Point) -> Result<Option<Slot>, KeyError> {
    match key.public_point(Slot::Encrypt).await {
        Ok(held) if held == *point => return Ok(Some(Slot::Encrypt)),
        Ok(_) | Err(KeyError::NotFound) => {}
        Err(other) => return Err(other),
    }
    let past = key.list_past().await?;
    let number = past.iter().position(|held| held == point);
    Ok(number.and_then(|number| u8::try_from(number).ok()).map(Slot::PastEncrypt))
}
