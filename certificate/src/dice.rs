//! Dice for tests that always fall the same way: SM3 of a seed and a counter.

use core::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use sm3::{Digest, Sm3};

pub struct Dice {
    seed: u64,
    throw: u64,
}

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice { seed, throw: 0 }
    }
}

impl TryRng for Dice {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(32) {
            let mut hash = Sm3::new();
            hash.update(self.seed.to_be_bytes());
            hash.update(self.throw.to_be_bytes());
            self.throw += 1;
            chunk.copy_from_slice(&hash.finalize()[..chunk.len()]);
        }
        Ok(())
    }
}

/// True only in tests, where the dice are known: never outside them.
impl TryCryptoRng for Dice {}
