//! Owns: the talk between office and signer over a socket file: proof of both, frames, the remote desk, the server.
//! Never: a network, a secret on the wire, work of its own.
//! Start at: [`frame`], then [`proof`], [`remote`] and [`serve`].
//!
//! Nothing here is secret (to-be-signed bytes become public), so frames are authenticated and not encrypted.

mod frame;
mod proof;
mod remote;
mod serve;

use serde::{Deserialize, Serialize};

use crate::desk::{KeyDescription, Work};
use crate::refusal::SignError;

pub use remote::Remote;
pub use serve::{Listening, listen};

#[derive(Serialize, Deserialize)]
enum Question {
    ListKeys,
    Sign { key: String, work: Vec<Work> },
}

#[derive(Serialize, Deserialize)]
enum Answer {
    Keys(Vec<KeyDescription>),
    Signed(Vec<Result<Vec<u8>, SignError>>),
}

/// Why a link ended.
#[derive(Debug, thiserror::Error)]
enum LinkError {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("the other side does not know the shared secret")]
    Proof,
    #[error("a frame was changed, repeated or left out")]
    Frame,
    #[error("a frame of {0} bytes is too long")]
    TooLong(usize),
    #[error("the other side speaks another language: {0}")]
    Language(String),
    #[error("the other side takes too long")]
    Slow,
}

#[cfg(test)]
mod tests;
