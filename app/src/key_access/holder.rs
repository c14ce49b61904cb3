//! What a holder's page asks of the holder's own key, as functions: each gives exactly what its verb answers.

use super::{AccessError, Way};
use crate::desk::held::LoginProof;
use crate::desk::loading::{NextPaper, NextRequest, SwitchedProof};
use crate::desk::production::{IssuedPair, PreparedPast, ReadBackProof};
use crate::desk::unblock::UnblockProof;
use key::Pin;
use key::message::{Answer, EnvelopedPast, Generation, KeyRef, Request, SealedTo};
use std::time::Duration;

/// Looking: a helper that is there answers in milliseconds.
const GLANCE: Duration = Duration::from_secs(8);
/// Writing a few kilobytes, one signature; a person at the helper's own window, perhaps.
const WRITE: Duration = Duration::from_secs(60);
/// A person chooses a PIN in the helper's window, and types it twice.
const TYPING: Duration = Duration::from_secs(300);
/// Generating a pair on a slow chip.
const GENERATE: Duration = Duration::from_secs(120);

/// Base64 DER of the signing certificate; empty where there is none. Needs no PIN.
///
/// # Errors
/// The key's refusals, or the line's.
pub async fn certificate(way: Way, key: KeyRef) -> Result<String, AccessError> {
    match way.ask(Request::Identify { key }, GLANCE).await {
        Ok(Answer::Identified { sign_certificate, .. }) => Ok(sign_certificate.unwrap_or_default()),
        other => Err(unexpected(other)),
    }
}

/// Verifies the PIN (`None`: the helper asks for it itself) and signs the office's challenge; the key stays open for this page.
///
/// # Errors
/// `PinWrong` with the tries left, `PinLocked`; the key's other refusals, or the line's.
pub async fn log_in(
    way: Way,
    key: KeyRef,
    pin: Option<Pin>,
    challenge: String,
) -> Result<LoginProof, AccessError> {
    let request = Request::Login { key, pin, challenge };
    match way.ask(request, WRITE).await {
        Ok(Answer::LoggedIn { serial, sign_certificate, signature }) => {
            Ok(LoginProof { key_serial: serial, sign_certificate, signature })
        }
        other => Err(unexpected(other)),
    }
}

/// Opens the key again after it was pulled or the helper went.
///
/// # Errors
/// As [`log_in`].
pub async fn verify_pin(way: Way, key: KeyRef, pin: Option<Pin>) -> Result<(), AccessError> {
    match way.ask(Request::VerifyPin { key, pin }, WRITE).await {
        Ok(Answer::Verified {}) => Ok(()),
        other => Err(unexpected(other)),
    }
}

/// A next pair beside the one in use, and its request.
///
/// # Errors
/// The key's refusals, or the line's.
pub async fn make_next(way: Way, key: KeyRef, paper: NextPaper) -> Result<NextRequest, AccessError> {
    let request = Request::MakeNext { key, subject: paper.subject, nonce: paper.nonce };
    match way.ask(request, GENERATE).await {
        Ok(Answer::NextMade { request, proof, endorsement, .. }) => {
            Ok(NextRequest { request, proof, endorsement })
        }
        other => Err(unexpected(other)),
    }
}

/// Both certificates and the encryption pair of the next generation. Safe to repeat.
///
/// # Errors
/// `NotFound`: the key has lost the pair that was certified. The key's other refusals, or the line's.
pub async fn install_next(way: Way, key: KeyRef, pair: &IssuedPair) -> Result<(), AccessError> {
    let request = Request::InstallNext {
        key,
        sign_certificate: pair.sign_certificate.clone(),
        encrypt_certificate: pair.encrypt_certificate.clone(),
        enveloped_key: pair.enveloped_key.clone(),
    };
    match way.ask(request, WRITE).await {
        Ok(Answer::Installed {}) => Ok(()),
        other => Err(unexpected(other)),
    }
}

/// The next generation becomes the one in use. Safe to repeat.
///
/// # Errors
/// The key's refusals, or the line's.
pub async fn switch(way: Way, key: KeyRef, pair: &IssuedPair) -> Result<(), AccessError> {
    let (sign_certificate, encrypt_certificate) =
        (pair.sign_certificate.clone(), pair.encrypt_certificate.clone());
    match way.ask(Request::Switch { key, sign_certificate, encrypt_certificate }, WRITE).await {
        Ok(Answer::Switched {}) => Ok(()),
        other => Err(unexpected(other)),
    }
}

/// Places for so many pairs of before that the key does not hold.
///
/// # Errors
/// The key's refusals, or the line's.
pub async fn prepare_past(
    way: Way,
    key: KeyRef,
    pairs: u8,
    nonce: String,
) -> Result<PreparedPast, AccessError> {
    match way.ask(Request::PreparePast { key, pairs, nonce }, GENERATE).await {
        Ok(Answer::PastPrepared { places, signature }) => Ok(PreparedPast { places, signature }),
        other => Err(unexpected(other)),
    }
}

/// Pairs of before, into the places that the key prepared. Safe to repeat.
///
/// # Errors
/// The key's refusals, or the line's.
pub async fn install_past(way: Way, key: KeyRef, pairs: Vec<EnvelopedPast>) -> Result<(), AccessError> {
    match way.ask(Request::InstallPast { key, pairs }, WRITE).await {
        Ok(Answer::Installed {}) => Ok(()),
        other => Err(unexpected(other)),
    }
}

/// What lies on the key in this generation, its private keys' proofs, and what of before it still opens.
///
/// # Errors
/// The key's refusals, or the line's.
pub async fn read_back(
    way: Way,
    key: KeyRef,
    generation: Generation,
    nonce: String,
    sealed_challenge: Option<String>,
    past: Vec<SealedTo>,
) -> Result<SwitchedProof, AccessError> {
    match way.ask(Request::ReadBack { key, nonce, sealed_challenge, generation, past }, WRITE).await {
        Ok(Answer::ReadBack {
            serial,
            sign_certificate,
            encrypt_certificate,
            signature,
            encryption_proof,
            past_proofs,
        }) => Ok(SwitchedProof {
            read: ReadBackProof {
                key_serial: serial,
                sign_certificate,
                encrypt_certificate,
                signature,
                encryption_proof,
                past_proofs: Vec::new(),
            },
            past_proofs,
            prepared: None,
        }),
        other => Err(unexpected(other)),
    }
}

/// A new PIN on the office's release; `pin` is `None` where the station asks for it itself.
///
/// # Errors
/// The key's refusals, or the line's.
pub async fn unblock(
    way: Way,
    key: KeyRef,
    sealed_authorisation: String,
    pin: Option<Pin>,
) -> Result<UnblockProof, AccessError> {
    match way.ask(Request::Unblock { key, sealed_authorisation, pin }, TYPING).await {
        Ok(Answer::Unblocked { serial, signature }) => Ok(UnblockProof { key_serial: serial, signature }),
        other => Err(unexpected(other)),
    }
}

/// Another PIN; `typed` is the old and the new one, or `None` where the station asks for them itself.
///
/// # Errors
/// The key's refusals, or the line's.
pub async fn change_pin(way: Way, key: KeyRef, typed: Option<(Pin, Pin)>) -> Result<(), AccessError> {
    let (old, new) = typed.unzip();
    match way.ask(Request::ChangePin { key, old, new }, TYPING).await {
        Ok(Answer::PinChanged {}) => Ok(()),
        other => Err(unexpected(other)),
    }
}

fn unexpected(reply: Result<Answer, AccessError>) -> AccessError {
    reply.err().unwrap_or(AccessError::Unexpected)
}
