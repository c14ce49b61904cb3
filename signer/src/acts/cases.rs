//! Which bytes were signed for which case.

use std::collections::HashMap;

use certificate::sm3;

use super::line::{Act, Deed, Outcome};

/// For each case and slot (by digest) the bytes signed for it (by digest).
pub(super) type Cases = HashMap<[u8; 16], [u8; 16]>;

pub(super) fn remembered(act: &Act) -> Option<([u8; 16], [u8; 16])> {
    let granted = act.deed == Deed::Certificate && act.outcome == Some(Outcome::Granted);
    let (case, slot) = (act.case.as_ref()?, act.slot.as_ref()?);
    let mut digest = [0; 32];
    hex::decode_to_slice(act.digest.as_ref()?.as_bytes(), &mut digest).ok()?;
    granted.then(|| (case_digest(case, slot), half(&digest)))
}

pub(super) fn case_digest(case: &str, slot: &str) -> [u8; 16] {
    // No slot has a zero byte in it.
    half(&sm3(&[slot.as_bytes(), &[0], case.as_bytes()].concat()))
}

pub(super) fn half(digest: &[u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    half
}
