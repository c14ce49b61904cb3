//! Owns: the staff's desks: sign-in, the queues, one case of review, one job of production, dispatch.
//! Never: a rule of a journey (the office decides), the key's wire (`key_access`), the passcode in any form.
//! Start at: `frame.rs` (what every desk page stands in), then `review/case.rs` and `production/job.rs`.

mod asked;
pub mod certificates;
pub mod dispatch;
mod filter;
pub mod finance;
mod frame;
pub mod home;
mod idle;
mod one_time_code;
pub mod production;
mod queue;
pub mod recovery;
pub mod review;
mod session;
mod ship_sheet;
mod sign_in;
mod under_way;

pub use session::provide_session;
