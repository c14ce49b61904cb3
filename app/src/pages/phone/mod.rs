//! Owns: what the phone shows while it is the second screen of an order (B26).
//! Never: a move of the order; it takes photos, the desktop goes on.
//! Start at: `page.rs`.

pub mod page;
pub mod pixels;
mod shot;
