//! The station key: an SM2 pair that a helper makes at its start, so that the office can seal a passcode to this process
//! and nothing between them, the page least of all, can read it (R129).

use std::collections::HashSet;

use certificate::{KeyPair, PublicKey, Sm2Error, cipher};
use getrandom::SysRng;
use zeroize::Zeroizing;

use crate::{KeyError, Pin, authorisation::Opener};

/// Unmistakable characters: no 0 O 1 I l.
const ADMIN_PIN_ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

pub struct Station {
    pair: KeyPair,
    /// Nonces of authorisations that were opened here.
    taken: HashSet<String>,
}

impl Station {
    /// Fresh dice, kept in memory only.
    pub fn start() -> Result<Self, Sm2Error> {
        Ok(Self { pair: KeyPair::generate(&mut SysRng)?, taken: HashSet::new() })
    }

    /// SPKI DER, for `Hello`.
    pub fn public_key(&self) -> Vec<u8> {
        self.pair.public_key().to_spki_der()
    }

    /// Opens a passcode the office sealed to this process; `BadSeal` for any other.
    pub fn open_passcode(&self, sealed: &[u8]) -> Result<Pin, KeyError> {
        let opened = self.open(sealed)?;
        let text = std::str::from_utf8(&opened).map_err(|_| KeyError::PinRule)?;
        Ok(Pin::new(text))
    }
}

impl Opener for Station {
    fn public_key(&self) -> Vec<u8> {
        self.pair.public_key().to_spki_der()
    }

    fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        cipher::decrypt(&self.pair, sealed).map_err(|_| KeyError::BadSeal)
    }

    fn take_nonce(&mut self, nonce: &str) -> bool {
        self.taken.insert(nonce.to_owned())
    }
}

/// A random admin PIN of 80 bits: nobody types it, so it may be as long as a key holds.
pub fn fresh_admin_pin() -> Result<Pin, KeyError> {
    let mut random = zeroize::Zeroizing::new([0; 16]);
    getrandom::fill(&mut random[..]).map_err(|error| KeyError::Transport(error.to_string()))?;
    Ok(Pin::new(
        random.iter().map(|byte| char::from(ADMIN_PIN_ALPHABET[usize::from(byte % 32)])).collect::<String>(),
    ))
}

/// SM2Cipher of a PIN under somebody's SPKI; `Malformed` if that is no SM2 key.
pub fn seal_pin(spki: &[u8], pin: &Pin) -> Result<Vec<u8>, KeyError> {
    let key = PublicKey::from_spki_der(spki).map_err(|error| KeyError::Malformed(error.to_string()))?;
    cipher::encrypt(&key, pin.reveal().as_bytes(), &mut SysRng)
        .map_err(|error| KeyError::Transport(error.to_string()))
}
