//! Owns: the one way in which a page waits for the one key, shows it, watches it, and lets its holder sign in; and the
//! writing of a new generation onto it.
//! Never: which service follows (the pages), a rule (the office), a PIN longer than one question.
//! Start at: `port.rs`, then `card.rs`; `writing.rs` for what comes onto the key.

mod card;
mod fault;
mod gauge;
mod loading;
mod log_in;
mod new_pin;
mod pin;
mod port;
mod test;
mod writing;

pub use card::KeyCard;
pub use fault::{Fault, FaultNotice};
pub use gauge::{FEW, PinGauge};
pub use loading::LoadingStep;
pub use log_in::{KeyLoginStep, SignIn};
pub use new_pin::{NewPin, PinPair};
pub use port::{Inserted, KeyPort};
pub use test::KeyTestCard;
