//! Faults a test or a trainer can set on a soft key; they lie in its file, so they reach a key in another process.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Faults {
    /// The key leaves its port instead of answering, once this many more commands were answered.
    pub remove_after: Option<u32>,
    /// Every answer takes this long.
    pub slow_ms: u64,
    /// Nothing more can be written.
    pub full: bool,
}

impl Faults {
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
