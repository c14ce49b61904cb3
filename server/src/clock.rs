//! Time and dice, handed in: nothing below `main` reads a clock or throws a die of its own.

use journey::moment::Moment;
use ring::rand::SecureRandom;
use std::sync::Arc;

pub trait Clock: Send + Sync {
    fn now(&self) -> Moment;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Moment::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Where unpredictable bytes come from.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
pub struct SystemEntropy(ring::rand::SystemRandom);

impl Default for SystemEntropy {
    fn default() -> Self {
        SystemEntropy(ring::rand::SystemRandom::new())
    }
}

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness nothing this office makes is safe: stopping is the only right answer.
        self.0.fill(bytes).expect("the operating system gives random bytes");
    }
}

/// Dice with faces: ids, tokens, codes, passcodes.
#[derive(Clone)]
pub struct Dice(Arc<dyn Entropy>);

impl Dice {
    pub fn new(entropy: Arc<dyn Entropy>) -> Dice {
        Dice(entropy)
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes);
        bytes
    }

    /// 128 random bits in hex: an id that nobody guesses.
    pub fn id(&self) -> String {
        hex::encode(self.bytes::<16>())
    }

    /// A session token, 256 bits in hex.
    pub fn token(&self) -> String {
        hex::encode(self.bytes::<32>())
    }

    /// `count` decimal digits, each equally likely.
    pub fn digits(&self, count: usize) -> String {
        let mut digits = String::with_capacity(count);
        while digits.len() < count {
            // 250 and above would favour small digits.
            if let [byte @ 0..250] = self.bytes::<1>() {
                digits.push(char::from(b'0' + byte % 10));
            }
        }
        digits
    }
}

/// The dice as the certificate crate wants them.
impl certificate::rand_core::TryRng for Dice {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(u32::from_le_bytes(self.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(u64::from_le_bytes(self.bytes()))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(out);
        Ok(())
    }
}

/// The entropy behind them is the operating system's, or a test's.
impl certificate::rand_core::TryCryptoRng for Dice {}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(std::sync::atomic::AtomicU8);
    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn digits_are_uniform() {
        let dice = Dice::new(Arc::new(Counting(0.into())));
        let digits = dice.digits(250);
        for face in b'0'..=b'9' {
            assert_eq!(digits.bytes().filter(|d| *d == face).count(), 25);
        }
    }
}
