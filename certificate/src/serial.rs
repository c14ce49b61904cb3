//! Serial numbers (RFC 5280, 4.1.2.2: positive, at most 20 octets; C07: at least 64 random bits).

use core::fmt;

use rand_core::TryCryptoRng;

use crate::digest::hex;
use crate::sm2::Sm2Error;

/// A positive number of 16 octets, 126 bits of them random.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Serial([u8; 16]);

impl Serial {
    /// Throws a serial. The top bits are fixed to 01, so that the number is positive and its length always 16.
    pub fn generate(dice: &mut impl TryCryptoRng) -> Result<Self, Sm2Error> {
        let mut bytes = [0; 16];
        dice.try_fill_bytes(&mut bytes).map_err(|_| Sm2Error::Dice)?;
        bytes[0] = bytes[0] & 0x3f | 0x40;
        Ok(Serial(bytes))
    }

    /// The number as it was recorded by [`Serial::to_hex`]; `None` for anything else.
    pub fn from_hex(text: &str) -> Option<Self> {
        if text.len() != 32 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; 16];
        for (byte, at) in bytes.iter_mut().zip((0..32).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
        }
        (bytes[0] & 0xc0 == 0x40).then_some(Serial(bytes))
    }

    /// 32 lower-case hexadecimal digits, the form of the store and of [`crate::Certificate::serial_hex`].
    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Serial({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::Serial;
    use crate::dice::Dice;

    #[test]
    fn a_serial_is_positive_and_comes_back_from_its_record() {
        for seed in 0..1000 {
            let serial = Serial::generate(&mut Dice::new(seed)).unwrap();
            assert!((0x40..0x80).contains(&serial.as_bytes()[0]));
            assert_eq!(Serial::from_hex(&serial.to_hex()), Some(serial));
        }
    }

    #[test]
    fn what_is_no_recorded_serial() {
        let good = "40".repeat(16);
        assert!(Serial::from_hex(&good).is_some());
        for wrong in ["", &good[2..], &"80".repeat(16), &"00".repeat(16), &"+1".repeat(16), &"号".repeat(16)]
        {
            assert_eq!(Serial::from_hex(wrong), None, "{wrong}");
        }
    }
}
