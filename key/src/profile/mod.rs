//! Owns: the numbers of each command set: instructions, references, object tags.
//! Never: sends anything, or knows a transport.
//! Start at: `iso7816.rs`, our own set; a vendor's set is a sibling file.

pub mod iso7816;
