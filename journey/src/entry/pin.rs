//! A PIN that a person chooses: 6 to 16 characters and not one that everybody tries first (A30).

use super::{EntryError, length_between, only};
use crate::secret::Pin;

/// Printable ASCII without blanks; exactly as typed.
///
/// # Errors
/// `empty`, `too_short`, `too_long`, `forbidden_character`, `weak_pin`.
pub fn parse(text: &str) -> Result<Pin, EntryError> {
    length_between(text, 6, 16)?;
    only(text, |character| character.is_ascii_graphic())?;
    if is_weak(text.as_bytes()) {
        return Err(EntryError::new("weak_pin"));
    }
    Ok(Pin::new(text))
}

/// One character over and over, or a run up or down (123456, fedcba), or a short block repeated (121212, 123123).
fn is_weak(pin: &[u8]) -> bool {
    let steps: Vec<i16> = pin.windows(2).map(|pair| i16::from(pair[1]) - i16::from(pair[0])).collect();
    let run = [-1, 0, 1].iter().any(|step| steps.iter().all(|found| found == step));
    let repeats = |block: usize| {
        pin.len().is_multiple_of(block) && pin.chunks(block).all(|chunk| chunk == &pin[..block])
    };
    run || (1..=pin.len() / 2).any(repeats)
}
