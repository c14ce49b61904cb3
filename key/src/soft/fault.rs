//! Faults a test or a trainer can set on a soft key; they lie in its file, so they reach a key in another process.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Faults {
    /// The key leaves its port instead of answering, once this many more commands were answered.
    pub remove_after: Option<u32>,
    /// The power goes while a command is carried out, once this many more were answered: nobody hears an answer.
    pub power_cut: Option<PowerCut>,
    /// Every answer takes this long.
    pub slow_ms: u64,
    /// Nothing more can be written.
    pub full: bool,
}

/// When, and whether that command had been done by then: what a key writes in one command is there whole or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PowerCut {
    pub after: u32,
    pub done: bool,
}

impl Faults {
    /// Counts one command; says whether it is the one that the power goes at, and whether it is still done. Falls once.
    pub(super) fn power_goes_now(&mut self) -> Option<bool> {
        let cut = self.power_cut?;
        self.power_cut = cut.after.checked_sub(1).map(|after| PowerCut { after, ..cut });
        self.power_cut.is_none().then_some(cut.done)
    }

    /// Counts one command; true when it is the one that is not answered any more. Falls once.
    pub(super) fn remove_now(&mut self) -> bool {
        match self.remove_after {
            None => false,
            Some(0) => {
                self.remove_after = None;
                true
            }
            Some(more) => {
                self.remove_after = Some(more - 1);
                false
            }
        }
    }
}
