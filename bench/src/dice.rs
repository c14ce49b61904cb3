//! Dice from the operating system.

use certificate::rand_core::{TryCryptoRng, TryRng};
use ring::rand::{SecureRandom, SystemRandom};

pub struct Dice(SystemRandom);

impl Default for Dice {
    fn default() -> Dice {
        Dice(SystemRandom::new())
    }
}

#[derive(Debug)]
pub struct NoDice;

impl std::fmt::Display for NoDice {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("the operating system gives no random bytes")
    }
}

impl std::error::Error for NoDice {}

impl TryRng for Dice {
    type Error = NoDice;

    fn try_next_u32(&mut self) -> Result<u32, NoDice> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_ne_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, NoDice> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_ne_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), NoDice> {
        self.0.fill(out).map_err(|_| NoDice)
    }
}

impl TryCryptoRng for Dice {}
