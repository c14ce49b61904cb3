//! Commands and answers of ISO 7816-4, both ways: the session writes and reads them, and so does the soft key.

use std::fmt;

use zeroize::Zeroizing;

use crate::KeyError;

/// What one exchange carries at most; a certificate of 4 KiB and its wrapping fit with room to spare.
pub const MAX_DATA: usize = 8 * 1024;

/// One command. The data may be a PIN: it is wiped when dropped and `Debug` shows the header only (R129).
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    pub class: u8,
    pub instruction: u8,
    pub p1: u8,
    pub p2: u8,
    pub data: Zeroizing<Vec<u8>>,
    /// Bytes expected at most; 0 for none.
    pub expected: u32,
}

impl Command {
    pub fn new(instruction: u8, p1: u8, p2: u8) -> Self {
        Self { class: 0, instruction, p1, p2, data: Zeroizing::default(), expected: 0 }
    }

    pub fn data(mut self, data: impl Into<Vec<u8>>) -> Self {
        self.data = Zeroizing::new(data.into());
        self
    }

    /// Wants an answer of any length the key can give.
    pub fn answer(mut self) -> Self {
        self.expected = 0x1_0000;
        self
    }

    /// Extended lengths, always: one form to test, and the one that carries a certificate.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(self.data.len() + 9));
        out.extend_from_slice(&[self.class, self.instruction, self.p1, self.p2]);
        if self.data.is_empty() && self.expected == 0 {
            return out;
        }
        out.push(0);
        if !self.data.is_empty() {
            out.extend_from_slice(&(self.data.len() as u16).to_be_bytes());
            out.extend_from_slice(&self.data);
        }
        if self.expected != 0 {
            out.extend_from_slice(&(self.expected as u16).to_be_bytes()); // 65536 is written 0000
        }
        out
    }

    /// Reads short and extended forms; `None` if the lengths do not add up.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (&[class, instruction, p1, p2], body) = bytes.split_first_chunk::<4>()?;
        let whole = |expected: u32, zero: u32| if expected == 0 { zero } else { expected };
        let (data, expected): (&[u8], u32) = match body {
            [] => (&[], 0),
            [le] => (&[], whole((*le).into(), 0x100)),
            [0, hi, lo] => (&[], whole(u16::from_be_bytes([*hi, *lo]).into(), 0x1_0000)),
            [0, hi, lo, rest @ ..] => {
                let (data, tail) = rest.split_at_checked(u16::from_be_bytes([*hi, *lo]).into())?;
                match tail {
                    [] => (data, 0),
                    [hi, lo] => (data, whole(u16::from_be_bytes([*hi, *lo]).into(), 0x1_0000)),
                    _ => return None,
                }
            }
            [lc, rest @ ..] => {
                let (data, tail) = rest.split_at_checked((*lc).into())?;
                match tail {
                    [] => (data, 0),
                    [le] => (data, whole((*le).into(), 0x100)),
                    _ => return None,
                }
            }
        };
        let data = Zeroizing::new(data.to_vec());
        Some(Self { class, instruction, p1, p2, data, expected })
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { class, instruction, p1, p2, .. } = self;
        write!(f, "{class:02X} {instruction:02X} {p1:02X} {p2:02X} lc={}", self.data.len())
    }
}

/// What came back: data and the status word.
pub struct Answer {
    pub data: Vec<u8>,
    pub status: u16,
}

impl Answer {
    pub fn decode(mut bytes: Vec<u8>) -> Result<Self, KeyError> {
        let Some(&[hi, lo]) = bytes.last_chunk::<2>() else {
            return Err(KeyError::Transport("an answer without a status word".into()));
        };
        bytes.truncate(bytes.len() - 2);
        Ok(Self { data: bytes, status: u16::from_be_bytes([hi, lo]) })
    }

    pub fn encode(&self) -> Vec<u8> {
        [&self.data[..], &self.status.to_be_bytes()].concat()
    }
}
