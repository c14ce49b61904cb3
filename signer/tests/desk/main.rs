//! The signing desk as the office meets it.

mod chain;
mod house;
mod issue;
mod log;
