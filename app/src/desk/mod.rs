//! Owns: what counter and office say to each other: the server functions, their arguments and answers, and the ports
//! (one trait a desk) that the office implements.
//! Never: a rule of a journey, a query, a sentence for people.
//! Start at: `orders.rs`, then `error.rs`.

pub mod agreements;
pub mod error;
pub mod evidence;
pub mod finance;
pub mod follow_up;
pub mod hand_over;
pub mod held;
pub mod identity;
pub mod loading;
pub mod lost;
pub mod mandates;
pub mod orders;
pub mod parcels;
pub mod payments;
pub mod phone;
pub mod privacy;
pub mod production;
pub mod query;
pub mod query_link;
pub mod recovery;
pub mod registrar;
pub mod replacement;
pub mod review;
pub mod staff;
pub mod trust;
pub mod unblock;

pub use error::DeskError;

#[cfg(feature = "ssr")]
mod port;
#[cfg(feature = "ssr")]
pub use port::{Caller, Desks, PhoneCaller, StaffMember};
