//! Owns: asking an outside party whether name, number, phone and card belong together.
//! Never: caps, codes, orders; a verdict as a yes or no alone.
//! Start at: `IdentityCheck`.

pub mod tencent;

use crate::outside::CallError;
use async_trait::async_trait;

#[async_trait]
pub trait IdentityCheck: Send + Sync {
    /// Whether the phone is registered to this person.
    async fn phone(&self, person: &Person) -> Result<Verdict, CallError>;

    /// Whether the card is this person's, with this phone reserved at the bank.
    async fn card(&self, person: &Person, card: &str) -> Result<Verdict, CallError>;
}

/// Who is asked about. Never prints itself.
pub struct Person {
    pub name: String,
    pub id_number: String,
    pub phone: String,
}

/// Busy and quota are no mismatch, and no record is neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Match,
    Mismatch,
    /// The party knows nobody and nothing of the kind.
    NoRecord,
    /// One of the values is none: `phone`, `name`, `id_number`, `card`.
    BadInput(&'static str),
    /// Nothing was checked: ask again soon.
    Busy,
    /// Nothing was checked, and nothing will be before tomorrow.
    QuotaReached,
}
