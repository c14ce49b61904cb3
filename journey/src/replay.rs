//! An order told again from its journal. The row in the store must equal it (house.md).

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    actor::Actor,
    advance::{advance, open},
    calendar::Calendar,
    event::Event,
    moment::Moment,
    order::Order,
    refusal::Refusal,
};

/// One line of the journal: what, by whom, when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub event: Event,
    pub actor: Actor,
    pub at: Moment,
}

/// The journal tells a story that the rules do not allow.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReplayError {
    #[error("the journal is empty")]
    Empty,
    /// `index` counts from 0.
    #[error("entry {index} of the journal is refused: {refusal}")]
    Refused { index: usize, refusal: Refusal },
}

/// Folds the journal from its opening.
///
/// # Errors
/// `Empty`, or the first entry that is refused.
pub fn replay(journal: &[Entry], calendar: &Calendar) -> Result<Order, ReplayError> {
    let (first, rest) = journal.split_first().ok_or(ReplayError::Empty)?;
    let refused = |index| move |refusal| ReplayError::Refused { index, refusal };
    let opened = open(&first.event, &first.actor, first.at).map_err(refused(0))?.order;
    rest.iter().enumerate().try_fold(opened, |order, (index, entry)| {
        let moved = advance(&order, &entry.event, &entry.actor, entry.at, calendar);
        moved.map(|advance| advance.order).map_err(refused(index + 1))
    })
}
