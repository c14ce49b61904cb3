//! Owns: running errands: claimed under a lease, given to their desk, finished in one transaction with their effect.
//! Never: the doing itself (the desks'), a rule of a journey.
//! Start at: `runner.rs`, then `hand_out.rs`.

mod hand_out;
mod runner;

pub use hand_out::Desks;
pub use runner::run;
