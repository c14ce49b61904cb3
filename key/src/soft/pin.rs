//! PIN records: a salted hash and a counter that only a right PIN, or the admin, sets back.

use certificate::rand_core::TryCryptoRng;
use serde::{Deserialize, Serialize};
use sm3::{Digest, Sm3};

use super::card::Refusal;
use crate::{profile::iso7816::PIN_BYTES, secret::PIN_LENGTH, status};

/// Decision A30: locked after ten wrong PINs.
pub const MAX_TRIES: u8 = 10;

const ROUNDS: u32 = 2_000;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinRecord {
    salt: String,
    hash: String,
    pub left: u8,
    pub max: u8,
}

impl PinRecord {
    /// From the padded form on the wire; `WRONG_DATA` if it is no PIN.
    pub fn new(padded: &[u8], dice: &mut impl TryCryptoRng) -> Result<Self, Refusal> {
        let length = padded.iter().take_while(|byte| byte.is_ascii_graphic()).count();
        let filled = padded[length..].iter().all(|byte| *byte == 0xFF);
        if padded.len() != PIN_BYTES || !PIN_LENGTH.contains(&length) || !filled {
            return Err(status::WRONG_DATA);
        }
        let mut salt = [0; 16];
        dice.try_fill_bytes(&mut salt).map_err(|_| status::BROKEN)?;
        Ok(Self { hash: digest(&salt, padded), salt: hex::encode(salt), left: MAX_TRIES, max: MAX_TRIES })
    }

    /// A right PIN restores the tries, a wrong one costs one; a locked record does not even look.
    pub fn check(&mut self, padded: &[u8]) -> Result<(), Refusal> {
        if self.left == 0 {
            return Err(status::LOCKED);
        }
        if padded.len() != PIN_BYTES {
            return Err(status::WRONG_LENGTH);
        }
        let salt = hex::decode(&self.salt).map_err(|_| status::BROKEN)?;
        // The comparison is of hashes under a salt nobody outside knows: its time says nothing about the PIN.
        if digest(&salt, padded) == self.hash {
            self.left = self.max;
            return Ok(());
        }
        self.left -= 1;
        Err(status::wrong(self.left))
    }
}

fn digest(salt: &[u8], padded: &[u8]) -> String {
    let mut hash: [u8; 32] = Sm3::new().chain_update(salt).chain_update(padded).finalize().into();
    for _ in 1..ROUNDS {
        hash = Sm3::new().chain_update(salt).chain_update(hash).finalize().into();
    }
    hex::encode(hash)
}
