//! Owns: 财务: the designated account's statement, the match of a credit to an order, and money that goes back by the bank.
//! Never: payments by a provider (the till's), a verdict on an application.
//! Start at: `settle.rs`, then `show.rs`.

mod ended;
mod enter;
mod settle;
mod show;

use crate::ground::Ground;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Finance {
    ground: Ground,
}

impl Finance {
    pub fn new(ground: Ground) -> Finance {
        Finance { ground }
    }
}
