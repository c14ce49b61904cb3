//! What the producer's desk asks of a key, as functions: each gives exactly what its verb answers.

use super::{AccessError, Way, exactly_one};
use key::message::{Answer, KeyRef, KeySummary, NameParts, Request};
use std::time::Duration;

/// Looking: a helper that is there answers in milliseconds.
const GLANCE: Duration = Duration::from_secs(8);
/// Writing a few kilobytes, one signature.
const WRITE: Duration = Duration::from_secs(40);
/// Generating a pair on a slow chip.
const GENERATE: Duration = Duration::from_secs(120);

/// The helper of this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Station {
    pub helper_version: String,
    /// SPKI (base64) of its key of now: what is sealed to it only this run of the helper opens.
    pub key: String,
}

pub struct Order {
    pub key: KeyRef,
    pub label: String,
    pub sealed_passcode: String,
    pub subject: NameParts,
    pub nonce: String,
    pub office_key: Option<String>,
}

pub struct Personalised {
    pub serial: String,
    pub request: String,
    pub proof: String,
    pub sealed_admin_pin: Option<String>,
}

pub struct Pair {
    pub sign_certificate: String,
    pub encrypt_certificate: String,
    pub enveloped_key: String,
}

/// # Errors
/// Extension or helper missing, or of another version.
pub async fn hello(way: Way) -> Result<Station, AccessError> {
    match way.ask(Request::Hello {}, GLANCE).await {
        Ok(Answer::Hello { helper_version, station_key }) => Ok(Station { helper_version, key: station_key }),
        // Every version knows its own greeting: who does not know this one is of another.
        Err(AccessError::Key(key::KeyError::Unsupported)) => Err(AccessError::OtherVersion),
        other => Err(unexpected(other)),
    }
}

/// Every key that this way sees.
///
/// # Errors
/// No way to see.
pub async fn keys(way: Way) -> Result<Vec<KeySummary>, AccessError> {
    match way.ask(Request::ListKeys {}, GLANCE).await {
        Ok(Answer::Keys { keys }) => Ok(keys),
        other => Err(unexpected(other)),
    }
}

/// The one key that is inserted (R059).
///
/// # Errors
/// None or several inserted, or no way to see.
pub async fn only_key(way: Way) -> Result<KeySummary, AccessError> {
    exactly_one(keys(way).await?)
}

/// PIN, label and a fresh signing pair (R138). May be repeated until the pair is installed.
///
/// # Errors
/// The key's refusals, or the line's.
pub async fn personalise(way: Way, order: Order) -> Result<Personalised, AccessError> {
    let Order { key, label, sealed_passcode, subject, nonce, office_key } = order;
    let request = Request::Personalise { key, label, sealed_passcode, subject, nonce, office_key };
    match way.ask(request, GENERATE).await {
        Ok(Answer::Personalised { serial, request, proof, sealed_admin_pin }) => {
            Ok(Personalised { serial, request, proof, sealed_admin_pin })
        }
        other => Err(unexpected(other)),
    }
}

/// Opens the key again after a reload, with the same passcode sealed anew.
///
/// # Errors
/// The key's refusals, or the line's.
pub async fn resume(way: Way, key: KeyRef, sealed_passcode: String) -> Result<(), AccessError> {
    match way.ask(Request::Resume { key, sealed_passcode }, WRITE).await {
        Ok(Answer::Verified {}) => Ok(()),
        other => Err(unexpected(other)),
    }
}

/// The enveloped encryption pair (R139) and both certificates. Safe to repeat.
///
/// # Errors
/// The key's refusals, or the line's.
pub async fn install(way: Way, key: KeyRef, pair: Pair) -> Result<(), AccessError> {
    let Pair { sign_certificate, encrypt_certificate, enveloped_key } = pair;
    let request = Request::InstallPair { key, sign_certificate, encrypt_certificate, enveloped_key };
    match way.ask(request, WRITE).await {
        Ok(Answer::Installed {}) => Ok(()),
        other => Err(unexpected(other)),
    }
}

fn unexpected(reply: Result<Answer, AccessError>) -> AccessError {
    reply.err().unwrap_or(AccessError::Unexpected)
}
