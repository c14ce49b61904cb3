//! Owns: 《个人签章采样表》: the sheet to sign, the marks by which its scan is found again, and the seal cut out of it.
//! Never: whose sheet it is, where the image is kept, whether it is accepted.
//! Start at: `geometry.rs`, then `sheet.rs` and `cut.rs`.

mod blobs;
mod cut;
mod find;
mod geometry;
mod ink;
mod plane;
mod sheet;

#[cfg(test)]
mod tests;

pub use cut::{Cut, cut};
pub use sheet::{Sheet, write};
