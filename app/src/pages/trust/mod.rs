//! Owns: 信任中心: the authorities and what they publish, the practice statement, and the checker.
//! Never: anything of a person beyond the certificate that was shown; a button without a plain form behind it.
//! Start at: `centre.rs`, then `check.rs`.

pub mod centre;
mod chain;
pub mod check;
mod copy;
mod result;
pub mod statement;
mod status;
