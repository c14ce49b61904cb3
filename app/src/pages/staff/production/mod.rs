//! Owns: 制证: the queue, and one job as a guided line from the blank key to the verified one.
//! Never: the passcode (it passes sealed to the helper), a raw command of a key, a decision of the office.
//! Start at: `job.rs`, then `run.rs` (what happens in which order).

pub mod job;
mod key_watch;
mod line;
pub mod list;
mod run;
mod workbench;
