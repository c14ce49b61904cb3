//! Owns: uploads: what a file is by its content, cleaned, sealed, kept beside the database, shown to who may see it.
//! Never: whether the picture proves anything (the review's), another desk.
//! Start at: `desk.rs`, then `picture.rs`.

mod desk;
mod picture;
mod seal;
mod sheet;

pub use desk::{Evidence, Looker, Shown};
pub use picture::{Picture, clean};
pub use sheet::SheetTerms;
