//! Owns: points of a curve y² = x³ − 3x + b and the digits of numbers that multiply them: what `checking` and `secret` have in
//! common.
//! Never: a decision about time: `checking` may take as long as a value wants, `secret` takes the same steps for every value.
//! Start at: [`point`].

pub(crate) mod number;
pub(crate) mod point;
pub(crate) mod sm2_field;
