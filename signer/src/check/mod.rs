//! Owns: what must be true of a piece of work before a key touches it.
//! Never: signs, or takes the office's word for what it can see itself.
//! Start at: `check`, then one file for each kind of work.

mod issue;
mod revocation_list;
mod status;

use crate::desk::{Duty, Work};
use crate::keyring::Held;
use crate::refusal::SignError;
use crate::token::TokenMaker;

pub(crate) fn check(held: &Held, work: &Work, tokens: &TokenMaker, now: i64) -> Result<(), SignError> {
    match work {
        Work::Certificate { profile, to_be_signed, token } => {
            serves(held, Duty::Authority, "certificates")?;
            issue::check(held, profile, to_be_signed, token, tokens, now)
        }
        Work::Linted(linted) => {
            serves(held, Duty::Authority, "certificates")?;
            issue::check_linted(held, linted, tokens, now)
        }
        Work::RevocationList { to_be_signed } => {
            serves(held, Duty::Authority, "revocation lists")?;
            revocation_list::check(held, to_be_signed)
        }
        Work::Status { to_be_signed } => {
            serves(held, Duty::Responder, "status answers")?;
            status::check(held, to_be_signed)
        }
    }
}

fn serves(held: &Held, duty: Duty, what: &str) -> Result<(), SignError> {
    if held.duty == duty {
        return Ok(());
    }
    Err(SignError::WrongDuty { key: held.name.clone(), what: what.to_owned() })
}
