//! Owns: who of the staff sits at the desk: names, passwords, one-time codes, roles, sessions, and the demo staff.
//! Never: a cookie or a status line (the entrance's), what a role may do with an order (the rule book's).
//! Start at: `sign_in.rs`, then `session.rs`.

mod demo;
mod one_time_code;
mod password;
mod role;
mod session;
mod sign_in;
mod softlock;
mod step_up;

pub use demo::ensure_demo_staff;
pub use sign_in::SignedIn;

use crate::ground::Ground;
use password::Passwords;
use softlock::Strangers;
use std::sync::Arc;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Staff {
    ground: Ground,
    passwords: Passwords,
    strangers: Arc<Strangers>,
}

impl Staff {
    pub fn new(ground: Ground) -> Staff {
        Staff { ground, passwords: Passwords::default(), strangers: Arc::default() }
    }
}

/// Where an account's authenticator secret is sealed to.
fn totp_place(id: &str) -> String {
    format!("staff.sealed_totp/{id}")
}
