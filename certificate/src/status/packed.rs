//! A signed answer in as few octets as a cache of a million wants: what the [`super::Template`] does not know.

use super::{Answer, Hash, Standing};
use crate::revocation::Reason;

/// Everything of one signed answer about one certificate, without a nonce, that is not the same in all answers:
///
/// | octets | |
/// |---|---|
/// | 1 | hash, 4 if with NULL parameters; upper half: 0 good, 1 revoked, 2 unknown |
/// | 5 5 5 | produced at, this update, next update: seconds since 1970 |
/// | 0 or 6 | revoked at, reason |
/// | 1 + n | serial number |
/// | the rest | signature |
///
/// With a serial number of 16 octets and an SM2 or P-256 signature: 103 or 104 octets when good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed(Box<[u8]>);

/// A packed answer taken apart.
pub(super) struct Parts<'a> {
    pub hash: Hash,
    pub null: bool,
    pub produced_at: i64,
    pub this_update: i64,
    pub next_update: i64,
    pub standing: Standing,
    pub serial: &'a [u8],
    pub signature: &'a [u8],
}

const NULL: u8 = 4;

impl Packed {
    /// Packs an answer that was signed alone and without a nonce; `None` if it has no next update or a time before
    /// 1970, which no cache has a use for.
    pub fn new(produced_at: i64, answer: &Answer, signature: &[u8]) -> Option<Self> {
        let next_update = answer.next_update?;
        let standing = match answer.standing {
            Standing::Good => 0,
            Standing::Revoked { .. } => 1,
            Standing::Unknown => 2,
        };
        let null = if answer.id.null { NULL } else { 0 };
        let mut out = Vec::with_capacity(24 + answer.id.serial.len() + signature.len());
        out.push(answer.id.hash as u8 | null | standing << 4);
        for time in [produced_at, answer.this_update, next_update] {
            put_time(&mut out, time)?;
        }
        if let Standing::Revoked { at, reason } = answer.standing {
            put_time(&mut out, at)?;
            out.push(reason.number());
        }
        out.push(u8::try_from(answer.id.serial.len()).ok()?);
        out.extend_from_slice(&answer.id.serial);
        out.extend_from_slice(signature);
        Some(Packed(out.into_boxed_slice()))
    }

    /// A packed answer that was kept elsewhere. Damage shows when it is unpacked, or as a bad signature.
    pub fn from_bytes(bytes: Box<[u8]>) -> Self {
        Packed(bytes)
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// In what form which serial number (without leading zeros) is asked for; `None` if damaged.
    pub fn key(&self) -> Option<(Hash, bool, &[u8])> {
        self.parts().map(|parts| (parts.hash, parts.null, parts.serial))
    }

    /// This update and next update, Unix seconds; `None` if damaged.
    pub fn times(&self) -> Option<(i64, i64)> {
        self.parts().map(|parts| (parts.this_update, parts.next_update))
    }

    /// Until when the answer may be given out, Unix seconds; `None` if damaged.
    pub fn next_update(&self) -> Option<i64> {
        self.parts().map(|parts| parts.next_update)
    }

    pub fn standing(&self) -> Option<Standing> {
        self.parts().map(|parts| parts.standing)
    }

    /// Whether this is the answer to a question about `serial` (without leading zeros) asked in this form.
    pub fn answers(&self, hash: Hash, null: bool, serial: &[u8]) -> bool {
        self.parts().is_some_and(|parts| (parts.hash, parts.null, parts.serial) == (hash, null, serial))
    }

    pub(super) fn parts(&self) -> Option<Parts<'_>> {
        let (&first, rest) = self.0.split_first()?;
        let hash = *Hash::ALL.get(usize::from(first & 3))?;
        let (produced_at, rest) = time(rest)?;
        let (this_update, rest) = time(rest)?;
        let (next_update, rest) = time(rest)?;
        let (standing, rest) = match first >> 4 {
            0 => (Standing::Good, rest),
            1 => {
                let (at, rest) = time(rest)?;
                let (&reason, rest) = rest.split_first()?;
                (Standing::Revoked { at, reason: Reason::from_number(reason)? }, rest)
            }
            2 => (Standing::Unknown, rest),
            _ => return None,
        };
        let (&length, rest) = rest.split_first()?;
        let (serial, signature) = rest.split_at_checked(usize::from(length))?;
        let null = first & NULL != 0;
        Some(Parts { hash, null, produced_at, this_update, next_update, standing, serial, signature })
    }
}

/// Five octets: enough until the year 36812.
fn put_time(out: &mut Vec<u8>, unix: i64) -> Option<()> {
    let octets = u64::try_from(unix).ok()?.to_be_bytes();
    if octets[..3] != [0; 3] {
        return None;
    }
    out.extend_from_slice(&octets[3..]);
    Some(())
}

fn time(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let (octets, rest) = bytes.split_first_chunk::<5>()?;
    let unix = octets.iter().fold(0, |unix, octet| unix << 8 | i64::from(*octet));
    Some((unix, rest))
}
