//! Owns: the pages, one file or folder each.
//! Never: a rule, a query, a sentence that answers a code (those are in `wording`).
//! Start at: `home.rs`, then `order/mod.rs`.

pub mod agreement;
pub mod apply;
pub mod change_pin;
pub mod home;
pub mod key_doctor;
pub mod key_in;
pub mod lost;
pub mod modification;
pub mod not_found;
pub mod order;
pub mod orders;
pub mod paper;
pub mod phone;
pub mod query;
pub mod renewal;
pub mod replace;
pub mod staff;
pub mod trust;
pub mod unblock;
