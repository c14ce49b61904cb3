//! The rule book of the certificate office: which step follows which, which event moves it, who may cause it and what
//! must then be done. Counter and office read the same book.
//!
//! Owns: the rules of every journey, and the values they are made of.
//! Never: a clock, dice, IO, a sentence for a person beyond the words of the manual.
//! Start at: `itinerary.rs`, then `table.rs`, then `advance.rs`.

mod coded;

pub mod actor;
pub mod calendar;
pub mod effect;
pub mod event;
pub mod evidence;
pub mod identity;
pub mod itinerary;
pub mod mask;
pub mod moment;
pub mod money;
pub mod order;
pub mod party;
pub mod refusal;
pub mod route;
pub mod secret;
pub mod service;
pub mod step;

pub use actor::{Actor, Role, StaffId};
pub use calendar::Calendar;
pub use effect::{Effect, Notice};
pub use event::{Channel, Event, EventKind, ReturnItem, ReturnReason, ReturnTarget};
pub use evidence::EvidenceKind;
pub use identity::{IdentityMethod, PasscodeChannel};
pub use itinerary::itinerary;
pub use moment::Moment;
pub use money::Fen;
pub use order::{Order, Standing};
pub use party::Party;
pub use refusal::Refusal;
pub use route::Route;
pub use service::Service;
pub use step::Step;
