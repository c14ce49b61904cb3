//! Owns: 挂失: who may see a holder's certificates without the key, and putting them on hold at any hour (B01).
//! Never: an order (补办 begins at the replacement desk), a certificate's life beyond hold.
//! Start at: `ask.rs`, then `hold.rs`.

mod ask;
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
