//! Owns: 挂失: who may see a holder's certificates without the key, putting them on hold at any hour, and taking that back
//! after an identity check (B01).
//! Never: a replacement (补办 begins at its own desk); how identity is checked; a certificate's life beyond hold.
//! Start at: `ask.rs`, then `hold.rs`, then `found.rs`.

mod ask;
mod found;
mod hold;

use crate::codes::PerAddressHour;
use crate::ground::Ground;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Lost {
    ground: Ground,
    codes: PerAddressHour,
}

impl Lost {
    pub fn new(ground: Ground, codes: PerAddressHour) -> Lost {
        Lost { ground, codes }
    }
}
