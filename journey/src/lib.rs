//! The rule book of the certificate office: which step follows which, which event moves it, who may cause it and what
//! must then be done. Counter and office read the same book.
//!
//! Owns: the rules of every journey, and the values they are made of.
//! Never: a clock, dice, IO, a sentence for a person beyond the words of the manual.
//! Start at: `itinerary.rs`, then `table.rs`, then `advance.rs`.

mod carry_out;
mod coded;
mod need;
mod record;

pub mod actor;
pub mod advance;
pub mod calendar;
pub mod details;
pub mod docs;
pub mod effect;
pub mod eligibility;
pub mod entry;
pub mod event;
pub mod evidence;
pub mod identity;
pub mod itinerary;
pub mod mask;
pub mod moment;
pub mod money;
pub mod moves;
pub mod order;
pub mod party;
pub mod payment;
pub mod proof;
pub mod refusal;
pub mod registered;
pub mod replay;
pub mod route;
pub mod row;
pub mod secret;
pub mod service;
pub mod step;
pub mod table;

pub use actor::{Actor, Role, StaffId};
pub use advance::{Advance, advance, open};
pub use calendar::Calendar;
pub use effect::{Effect, Notice};
pub use entry::identity_document::IdentityDocument;
pub use event::{Event, EventKind, ReturnItem, ReturnReason, ReturnTarget};
pub use evidence::EvidenceKind;
pub use identity::{IdentityMethod, PasscodeChannel};
pub use itinerary::itinerary;
pub use moment::Moment;
pub use money::Fen;
pub use moves::{Move, open_moves};
pub use order::{Order, Standing};
pub use party::Party;
pub use payment::Channel;
pub use refusal::Refusal;
pub use registered::RegisteredFact;
pub use replay::{Entry, ReplayError, replay};
pub use route::Route;
pub use service::Service;
pub use step::Step;
