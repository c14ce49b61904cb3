//! Owns: 证书管理: search, a pair with its life so far, and the dialogs that change it.
//! Never: what may follow what (the office decides), a certificate's key.
//! Start at: `page.rs`, then `act.rs`.

mod act;
pub mod page;
mod pair;
