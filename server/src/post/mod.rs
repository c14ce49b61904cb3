//! Owns: what leaves the office for a person: text messages, letters, the transfer's remark, and the passcode's way.
//! Never: a carrier's limits (R125 is `codes.rs`), a step of a journey beyond reporting what happened.
//! Start at: `desk.rs`, then `hand_over.rs`.

mod again;
mod calendar_file;
mod desk;
mod hand_over;
pub mod mail;
pub mod message;
mod reminder;
pub mod sms;
pub mod transfer;
pub mod words;

pub use desk::Post;
pub use reminder::ReminderSettings;
