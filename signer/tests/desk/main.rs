//! The signing desk as the office meets it. `openssl` and `softhsm2-util` must be there: without them the tests fail.
#![allow(clippy::unwrap_used)]

mod chain;
mod device;
mod house;
mod issue;
mod log;
mod process;
mod standing;
