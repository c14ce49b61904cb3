//! Order tokens: the office's word, for one certificate, that a case stands behind it.
//!
//! The signer knows no orders. What it can check is that whoever asks could make this token: the office's process holds
//! the shared secret, a page, a database row or a stray call of a function does not.

use serde::{Deserialize, Serialize};

use crate::refusal::SignError;
use crate::secret::{MacKey, SharedSecret};

/// Longest case that a token may name, in bytes.
pub const MAX_CASE: usize = 200;

/// Which certificate of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    Sign,
    Encrypt,
    /// One certificate for both uses, or a certificate of the house itself.
    Single,
}

impl Slot {
    pub fn code(self) -> &'static str {
        match self {
            Slot::Sign => "sign",
            Slot::Encrypt => "encrypt",
            Slot::Single => "single",
        }
    }
}

/// What one token allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Name of the key that signs.
    pub issuer: String,
    pub profile: String,
    /// [`certificate::digest::spki_digest`] of the public key to be certified.
    pub spki_digest: [u8; 32],
    /// What stands behind the certificate: an order's id and its try, or a partner and the partner's number. Stands in
    /// the log: no personal data.
    pub case: String,
    pub slot: Slot,
    /// Unix seconds; the last good one. Minutes, not days: after a crash the office makes a new one.
    pub expires_at: i64,
}

/// A grant with the office's proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderToken {
    pub grant: Grant,
    mac: [u8; 32],
}

/// The office's half: makes tokens.
#[derive(Clone)]
pub struct TokenMaker(MacKey);

impl TokenMaker {
    pub fn new(secret: &SharedSecret) -> Self {
        TokenMaker(secret.key_for(&[b"certhall order token 1"]))
    }

    pub fn make(&self, grant: Grant) -> OrderToken {
        let mac = self.0.code(&[&encode(&grant)]);
        OrderToken { grant, mac }
    }

    /// The signer's half: whether the token is the office's, and still good at `now` (Unix seconds).
    pub(crate) fn check(&self, token: &OrderToken, now: i64) -> Result<(), SignError> {
        if token.grant.case.len() > MAX_CASE || !self.0.matches(&[&encode(&token.grant)], &token.mac) {
            return Err(SignError::TokenForged);
        }
        if now > token.grant.expires_at {
            return Err(SignError::TokenExpired);
        }
        Ok(())
    }
}

/// Every part with its length before it, so that no two grants have the same bytes.
fn encode(grant: &Grant) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(160);
    for part in [&grant.issuer, &grant.profile, &grant.case] {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes.extend_from_slice(&grant.spki_digest);
    bytes.push(grant.slot as u8);
    bytes.extend_from_slice(&grant.expires_at.to_be_bytes());
    bytes
}
