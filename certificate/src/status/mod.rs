//! Asking and answering for the standing of a certificate: OCSP by RFC 6960.
//!
//! Owns: requests read within bounds, answers built, packed small for a cache, and read again.
//! Never: which certificate stands how, HTTP and its base64, the decision to answer from a cache: the office's.
//! Start at: [`StatusRequest::parse`], then [`Template`], which holds all that an issuer's answers have in common.

mod id;
mod packed;
mod parse;
mod request;
mod response;
mod template;

pub use id::{CertificateId, Hash};
pub use packed::Packed;
pub use request::{MAX_IDS, MAX_NONCE, MAX_REQUEST, RequestRefusal, StatusRequest};
pub use response::{ResponseError, StatusResponse};
pub use template::{Template, assemble, to_be_signed};

use crate::revocation::Reason;

/// How a certificate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Good,
    /// Revoked since, Unix seconds; on hold with [`Reason::CertificateHold`].
    Revoked {
        at: i64,
        reason: Reason,
    },
    /// Not one that this responder knows.
    Unknown,
}

/// What is said about one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub id: CertificateId,
    pub standing: Standing,
    /// Known to be right at, Unix seconds.
    pub this_update: i64,
    /// Newer information comes by then; `None`: it is to be had at any time.
    pub next_update: Option<i64>,
}

/// An answer without a signature (OCSPResponseStatus, RFC 6960, 4.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    MalformedRequest = 1,
    InternalError = 2,
    TryLater = 3,
    SignatureRequired = 5,
    /// Also: nothing that this responder could speak about (RFC 5019, 2.2.3).
    Unauthorized = 6,
}

/// The whole DER OCSPResponse.
pub fn error_response(kind: NoAnswer) -> &'static [u8] {
    match kind {
        NoAnswer::MalformedRequest => &[0x30, 3, 0x0a, 1, 1],
        NoAnswer::InternalError => &[0x30, 3, 0x0a, 1, 2],
        NoAnswer::TryLater => &[0x30, 3, 0x0a, 1, 3],
        NoAnswer::SignatureRequired => &[0x30, 3, 0x0a, 1, 5],
        NoAnswer::Unauthorized => &[0x30, 3, 0x0a, 1, 6],
    }
}
