//! What the laws ask a page for, and what it says: one JSON a line.

use key::KeyError;
use key::remote::{Said, Verb};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// How many devices this page is given to see.
    Count,
    /// A session on the one that it sees.
    Open,
    /// The session ends as a page ends it that leaves.
    Close,
    Ask(Verb),
    /// These, the one after the other, and how long they took.
    Turn(Vec<Verb>),
    /// The commands of the last turn again, bare.
    Again,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    Seen(usize),
    Done,
    Said(Said),
    /// Microseconds.
    Took(u64),
    Failed(KeyError),
}
