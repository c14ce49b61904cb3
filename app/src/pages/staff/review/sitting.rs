//! What a reviewer has done on one case so far. It outlives a reload of the case (a claim, the full data, a refusal), so
//! that no mark and no message is lost.

use super::marks::Marks;
use crate::desk::DeskError;
use leptos::prelude::*;

#[derive(Clone, Copy)]
pub struct Sitting {
    pub marks: Marks,
    /// The ids of the files that were on the screen.
    pub seen: RwSignal<Vec<String>>,
    /// The place of the picture that is large.
    pub chosen: RwSignal<usize>,
    /// Why the last claim or verdict did not stand.
    pub trouble: RwSignal<Option<DeskError>>,
}

impl Sitting {
    pub fn new() -> Sitting {
        Sitting {
            marks: Marks::new(),
            seen: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(0),
            trouble: RwSignal::new(None),
        }
    }
}
