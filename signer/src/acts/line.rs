//! One act as one line of JSON, and how lines hang together.
//!
//! ```text
//! {"n":7,"at":1790000000,"deed":"certificate",…,"digest":"<SM3 of the signed bytes>","chain":"<64 hexadecimal digits>"}
//! ```
//! `chain` is SM3 of the chain before (32 bytes; zeros at first) and of the line up to `,"chain"`. A `seal` line carries a
//! signature over the chain before it, so whoever recomputes a changed chain lacks the signature.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use sm3::{Digest, Sm3};

/// What was done or asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// The signer began to serve.
    Start,
    /// The signer ended in good order.
    Stop,
    /// A key or an authority was made.
    Ceremony,
    Certificate,
    RevocationList,
    /// Status answers: a batch is one act.
    Status,
    /// Somebody came with a wrong proof.
    Stranger,
    /// A signature over all lines before.
    Seal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Checked; the signature follows.
    Granted,
    Refused,
    /// It was granted, but the key did not sign.
    Failed,
}

/// One act. No personal data, no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act<'a> {
    /// The line's number, from 0; given by the log.
    pub n: u64,
    /// Unix seconds.
    pub at: i64,
    pub deed: Deed,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Cow<'a, str>>,
    /// How many pieces of work the act covers, where not one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    /// [`crate::SignError::code`] of a refusal or failure.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Cow<'a, str>>,
    /// For people.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Cow<'a, str>>,
    /// SM3 of the bytes to be signed, hexadecimal.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Cow<'a, str>>,
}

impl Act<'_> {
    pub fn new(deed: Deed, at: i64) -> Self {
        Act {
            n: 0,
            at,
            deed,
            key: None,
            outcome: None,
            profile: None,
            case: None,
            slot: None,
            count: None,
            code: None,
            note: None,
            digest: None,
            signature: None,
        }
    }
}

/// `,"chain":"` … `"}`
const CHAIN: &str = ",\"chain\":\"";
const TAIL: usize = CHAIN.len() + 64 + 2;

/// Adds the line to `lines` and gives the chain after it.
pub(super) fn append(lines: &mut Vec<u8>, act: &Act, chain: &[u8; 32]) -> [u8; 32] {
    let start = lines.len();
    serde_json::to_writer(&mut *lines, act).expect("texts and numbers always encode");
    lines.pop();
    let chain = link(chain, &lines[start..]);
    lines.extend_from_slice(CHAIN.as_bytes());
    lines.extend_from_slice(hex::encode(chain).as_bytes());
    lines.extend_from_slice(b"\"}\n");
    chain
}

/// Splits a line without its end into body and chain.
pub(super) fn split(line: &[u8]) -> Option<(&[u8], [u8; 32])> {
    let (body, tail) = line.split_at_checked(line.len().checked_sub(TAIL)?)?;
    let digits = tail.strip_prefix(CHAIN.as_bytes())?.strip_suffix(b"\"}")?;
    let mut chain = [0; 32];
    hex::decode_to_slice(digits, &mut chain).ok()?;
    Some((body, chain))
}

pub(super) fn link(chain: &[u8; 32], body: &[u8]) -> [u8; 32] {
    let mut hash = Sm3::new();
    hash.update(chain);
    hash.update(body);
    hash.finalize().into()
}

/// What a seal signs.
pub(super) fn sealed_message(chain: &[u8; 32]) -> Vec<u8> {
    [b"certhall log of acts 1".as_slice(), chain].concat()
}
