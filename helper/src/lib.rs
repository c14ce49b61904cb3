//! How this computer reaches its keys. The program `certhall-helper` is built on it, and so are the tests and the bench.
//!
//! Start at `ring` (every key in a port, whatever reaches it), then `library` (makers' libraries, in a process of their own).

pub mod library;
pub mod pipe;
pub mod ring;
