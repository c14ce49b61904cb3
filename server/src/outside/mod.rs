//! Owns: what every client of an outside party shares: its surroundings, one HTTP call, its key files, and how a call fails.
//! Never: a party's own protocol; an order; the store.
//! Start at: `CallError`, then `http.rs`.

pub mod http;
pub mod key_file;
pub mod quote;
pub mod rsa;
pub mod tencent_cloud;
pub mod tencent_signature;
#[cfg(test)]
pub mod testing;

use crate::clock::{Clock, Dice};
use journey::Moment;
use std::sync::Arc;

/// What a client is given from outside: it reads no clock and throws no dice of its own. Cheap to clone.
#[derive(Clone)]
pub struct Surroundings {
    clock: Arc<dyn Clock>,
    dice: Dice,
    http: http::Http,
}

impl Surroundings {
    /// # Errors
    /// The HTTP client cannot be built (no TLS roots).
    pub fn new(clock: Arc<dyn Clock>, dice: Dice) -> Result<Surroundings, SetupError> {
        Ok(Surroundings { clock, dice, http: http::Http::new()? })
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// 32 letters and digits that were never used before.
    pub fn nonce(&self) -> String {
        self.dice.id()
    }

    pub fn http(&self) -> &http::Http {
        &self.http
    }
}

/// Why a call to an outside party gave no answer that we may act on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Nothing happened there: the same call may be made again later.
    #[error("not done, may be tried again: {0}")]
    Again(String),
    /// It was sent and may have been done: ask before doing it again, or repeat it with the same number.
    #[error("sent, outcome unknown: {0}")]
    Unknown(String),
    /// The party understood and said no. The code is the party's own.
    #[error("refused: {code} {message}")]
    Refused { code: String, message: String },
    /// An answer without the party's signature is no answer: the outcome is as unknown as without it.
    #[error("answer not signed by the party: {0}")]
    Untrusted(String),
    /// Our keys, ids or contract are wrong; a person must mend the settings.
    #[error("settings: {0}")]
    Config(String),
}

impl CallError {
    /// Worth another try with the same numbers. Wrong settings too: once a person has mended them, it goes through.
    pub fn again(&self) -> bool {
        !matches!(self, CallError::Refused { .. })
    }

    pub(crate) fn refused(code: impl Into<String>, message: impl Into<String>) -> CallError {
        CallError::Refused { code: code.into(), message: message.into() }
    }
}

/// A client that cannot be made from its settings: which file or value, and why. Never holds key material.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {why}")]
pub struct SetupError {
    pub what: String,
    pub why: String,
}

impl SetupError {
    pub fn new(what: impl Into<String>, why: impl ToString) -> SetupError {
        SetupError { what: what.into(), why: why.to_string() }
    }
}
