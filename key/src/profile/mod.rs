//! Owns: the numbers of each command set: instructions, references, object tags.
//! Never: sends anything, or knows a transport.
//! Start at: `iso7816.rs`, our own set, which `ApduKey` speaks. `gmt0017.rs` is the standard's, as far as it is public:
//! nothing speaks it yet, keys that follow it are reached by their makers' SKF libraries.

pub mod gmt0017;
pub mod iso7816;
