//! A page's own station: an SM2 pair made fresh in the page that reaches a key over WebHID or WebUSB, so that what the
//! office releases is bound to this page and dies with it. The helper's is `station`.

use std::collections::HashSet;

use sm2::{SecretKey, elliptic_curve::sec1::ToSec1Point, pke::DecryptingKey};
use zeroize::Zeroizing;

use crate::{KeyError, authorisation::Opener, signing::public_key_info};

pub struct SessionKey {
    secret: SecretKey,
    taken: HashSet<String>,
}

impl SessionKey {
    /// `fill` fills bytes with the platform's randomness.
    ///
    /// # Errors
    /// There is none.
    pub fn start(mut fill: impl FnMut(&mut [u8]) -> Result<(), KeyError>) -> Result<Self, KeyError> {
        let mut drawn = Zeroizing::new([0; 32]);
        loop {
            fill(&mut drawn[..])?;
            // Nought and beyond the order are drawn once in 2^32 at the most.
            if let Ok(secret) = SecretKey::from_slice(&drawn[..]) {
                return Ok(Self { secret, taken: HashSet::new() });
            }
        }
    }
}

impl Opener for SessionKey {
    fn public_key(&self) -> Vec<u8> {
        let point = self.secret.public_key().to_sec1_point(false);
        let mut bytes = [0; 65];
        bytes.copy_from_slice(point.as_bytes());
        public_key_info(&bytes)
    }

    fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let opener = DecryptingKey::new(self.secret.clone());
        opener.decrypt_der(sealed).map(Zeroizing::new).map_err(|_| KeyError::BadSeal)
    }

    fn take_nonce(&mut self, nonce: &str) -> bool {
        self.taken.insert(nonce.to_owned())
    }
}
