//! The laws of a key, over every way by which this computer reaches one. Each way's other end is the soft key, so that
//! nothing but the way differs; what a way needs of the system (`cargo xtask test` installs it) must be there.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

mod card;
mod drawer_stand;
mod hid;
#[path = "../../../key/tests/laws/mod.rs"]
mod laws;
#[allow(dead_code, reason = "the office of the other tests can do more")]
#[path = "../../../key/tests/soft_key/office.rs"]
mod office;
mod pkcs11;
mod program;
mod soft_skf;
