//! CMP, the way to ask another authority for a certificate (RFC 4210 with RFC 9480 and 9481; HTTP by RFC 6712).
//!
//! Owns: the messages that a registration authority needs, their protection, and one transaction as a state machine.
//! Never: a socket, a clock, dice of its own, a decision whether somebody deserves a certificate.
//! Start at: [`exchange`], then [`protection`].

mod answer;
mod crmf;
pub mod exchange;
mod mac;
mod message;
pub mod protection;
mod text;

pub use exchange::{Ask, Certified, Exchange, Next, Outcome};
pub use protection::{Peer, Protection};

/// The content type of requests and answers (RFC 6712, 3.4).
pub const CONTENT_TYPE: &str = "application/pkixcmp";

/// An answer carries a few certificates; more is no answer.
pub const MAX_BYTES: usize = 256 * 1024;

/// Why an exchange ended without what was asked. `code()` is stable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CmpError {
    #[error("the answer is not a CMP message")]
    NotAMessage,
    #[error("the answer belongs to another transaction")]
    OtherTransaction,
    #[error(
        "the answer is not protected as agreed with the authority: check reference and secret, or certificates"
    )]
    Protection,
    #[error("the answer is of another kind ({0}) than was asked for")]
    Unexpected(u8),
    /// What the authority says, for the operator's log.
    #[error("the authority refuses: {0}")]
    Refused(String),
    /// As `Refused`, but nobody proved to have said it: it may be tried again.
    #[error("the authority, or somebody in between, refuses without protection: {0}")]
    RefusedUnprotected(String),
    #[error("the certificate that came is not for the key that was asked for")]
    OtherKey,
    #[error("the authority lets wait more often than agreed")]
    TooManyPolls,
    #[error("the request cannot be encoded: {0}")]
    Encoding(der::Error),
    #[error("the request could not be protected: {0}")]
    Signer(String),
    #[error("the random number generator failed")]
    Dice,
}

impl CmpError {
    pub fn code(&self) -> &'static str {
        match self {
            CmpError::NotAMessage => "cmp_not_a_message",
            CmpError::OtherTransaction => "cmp_other_transaction",
            CmpError::Protection => "cmp_protection",
            CmpError::Unexpected(_) => "cmp_unexpected",
            CmpError::Refused(_) => "cmp_refused",
            CmpError::RefusedUnprotected(_) => "cmp_refused_unprotected",
            CmpError::OtherKey => "cmp_other_key",
            CmpError::TooManyPolls => "cmp_too_many_polls",
            CmpError::Encoding(_) => "cmp_encoding",
            CmpError::Signer(_) => "cmp_signer",
            CmpError::Dice => "cmp_dice",
        }
    }
}

impl From<der::Error> for CmpError {
    fn from(error: der::Error) -> Self {
        CmpError::Encoding(error)
    }
}
