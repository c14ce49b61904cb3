//! Why something was not signed.

use serde::{Deserialize, Serialize};

/// A refusal or a failure of the signer. `code()` is stable; texts are for the operator and name no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum SignError {
    #[error("no key is called {0}")]
    UnknownKey(String),
    #[error("the key {key} may not sign {what}")]
    WrongDuty { key: String, what: String },
    #[error("no profile is called {0}")]
    UnknownProfile(String),
    #[error("the key {key} may not sign the profile {profile}")]
    ProfileNotAllowed { key: String, profile: String },
    #[error("the certificate fails its lints: {}", .0.join("; "))]
    Lint(Vec<String>),
    #[error("the order token was not made by this office")]
    TokenForged,
    #[error("the order token has expired")]
    TokenExpired,
    #[error("the order token is for the issuer {0}")]
    TokenIssuer(String),
    #[error("the order token is for the profile {0}")]
    TokenProfile(String),
    #[error("the order token is for another public key")]
    TokenPublicKey,
    #[error("the order token's slot does not fit the profile")]
    TokenSlot,
    #[error("other bytes were signed before for {case}, {slot}")]
    SignedBefore { case: String, slot: String },
    #[error("these bytes are no revocation list: {0}")]
    NotARevocationList(String),
    #[error("these bytes are no status answer: {0}")]
    NotAStatus(String),
    #[error("the bytes name another issuer or responder than the key's certificate")]
    OtherIssuer,
    #[error("too much at once: {0}")]
    TooMuch(String),
    /// The key's device is away or refuses: worth another try.
    #[error("the key cannot be used now: {0}")]
    KeyUnavailable(String),
    /// Nothing is signed that cannot be written down.
    #[error("the log of acts cannot be written: {0}")]
    Log(String),
    /// Nobody answers, or not as agreed: worth another try.
    #[error("the signer cannot be reached: {0}")]
    Unreachable(String),
}

impl SignError {
    /// The stable reason code.
    pub fn code(&self) -> &'static str {
        match self {
            SignError::UnknownKey(_) => "signer_unknown_key",
            SignError::WrongDuty { .. } => "signer_wrong_duty",
            SignError::UnknownProfile(_) => "signer_unknown_profile",
            SignError::ProfileNotAllowed { .. } => "signer_profile_not_allowed",
            SignError::Lint(_) => "signer_lint",
            SignError::TokenForged => "signer_token_forged",
            SignError::TokenExpired => "signer_token_expired",
            SignError::TokenIssuer(_) => "signer_token_issuer",
            SignError::TokenProfile(_) => "signer_token_profile",
            SignError::TokenPublicKey => "signer_token_public_key",
            SignError::TokenSlot => "signer_token_slot",
            SignError::SignedBefore { .. } => "signer_signed_before",
            SignError::NotARevocationList(_) => "signer_not_a_revocation_list",
            SignError::NotAStatus(_) => "signer_not_a_status",
            SignError::OtherIssuer => "signer_other_issuer",
            SignError::TooMuch(_) => "signer_too_much",
            SignError::KeyUnavailable(_) => "signer_key_unavailable",
            SignError::Log(_) => "signer_log",
            SignError::Unreachable(_) => "signer_unreachable",
        }
    }

    /// Whether the same question may get another answer later: nothing is wrong with the work itself.
    pub fn is_passing(&self) -> bool {
        matches!(self, SignError::KeyUnavailable(_) | SignError::Log(_) | SignError::Unreachable(_))
    }
}
