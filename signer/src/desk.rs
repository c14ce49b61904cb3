//! What the office asks of whoever holds the keys.

use certificate::digest::spki_digest;
use certificate::{Profile, ToBeSigned};
use serde::{Deserialize, Serialize};

use crate::refusal::SignError;
use crate::token::OrderToken;

/// What may be signed; each is checked again by whoever holds the key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Work {
    /// DER TBSCertificate that an authority issues. The token says for which case; see [`OrderToken`].
    Certificate { profile: String, to_be_signed: Vec<u8>, token: OrderToken },
    /// The same from a draft that was just linted in this process ([`Work::certificate`]): its type proves the lints, so a
    /// keyring in this process does not run them again. It never crosses a border: a remote signer lints again.
    #[serde(skip)]
    Linted(LintedWork),
    /// DER TBSCertList (RFC 5280, 5.1.2) of the authority itself.
    RevocationList { to_be_signed: Vec<u8> },
    /// DER ResponseData (RFC 6960, 4.2.1) of a responder.
    Status { to_be_signed: Vec<u8> },
}

/// What the type of [`ToBeSigned`] proves, kept where nobody can change it.
#[derive(Debug, Clone)]
pub struct LintedWork {
    pub(crate) profile: &'static Profile,
    /// DER of its name and of its SubjectPublicKeyInfo.
    pub(crate) issuer: (Vec<u8>, Vec<u8>),
    pub(crate) spki_digest: [u8; 32],
    pub(crate) to_be_signed: Vec<u8>,
    pub(crate) token: OrderToken,
}

impl Work {
    /// A certificate whose draft is still at hand, not only its recorded bytes.
    pub fn certificate(draft: &ToBeSigned, token: OrderToken) -> Work {
        let (name, spki) = draft.issuer();
        Work::Linted(LintedWork {
            profile: draft.profile(),
            issuer: (name, spki.to_vec()),
            spki_digest: spki_digest(&draft.subject_spki()),
            to_be_signed: draft.bytes().to_vec(),
            token,
        })
    }

    /// What the signer in another process is asked: bytes alone.
    pub(crate) fn bare(self) -> Work {
        match self {
            Work::Linted(LintedWork { profile, to_be_signed, token, .. }) => {
                Work::Certificate { profile: profile.name.to_owned(), to_be_signed, token }
            }
            other => other,
        }
    }

    /// Of a certificate: profile and token.
    pub(crate) fn order(&self) -> Option<(&str, &OrderToken)> {
        match self {
            Work::Certificate { profile, token, .. } => Some((profile, token)),
            Work::Linted(linted) => Some((linted.profile.name, &linted.token)),
            Work::RevocationList { .. } | Work::Status { .. } => None,
        }
    }

    /// The bytes that the signature will cover.
    pub fn to_be_signed(&self) -> &[u8] {
        match self {
            Work::Certificate { to_be_signed, .. }
            | Work::RevocationList { to_be_signed }
            | Work::Status { to_be_signed }
            | Work::Linted(LintedWork { to_be_signed, .. }) => to_be_signed,
        }
    }
}

/// What a key is for. An authority signs certificates and revocation lists, a responder signs status answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    Authority,
    Responder,
}

/// A key as anybody may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyDescription {
    /// As in `authorities.name`: `root`, `issuing`, `issuing_p256`, `responder_issuing` …
    pub name: String,
    pub duty: Duty,
    /// DER.
    pub certificate: Vec<u8>,
    /// Names of the profiles that may be signed under it.
    pub profiles: Vec<String>,
    /// Made for trying out only.
    pub demo: bool,
}

/// Signs what it is given, or says why not.
#[async_trait::async_trait]
pub trait SigningDesk: Send + Sync {
    /// Signs a batch under the key of that name: one answer for each piece of work, in its order. A signature is the
    /// content of signatureValue: DER of r and s for SM2 and ECDSA, the PKCS#1 block for RSA.
    ///
    /// One refused piece does not hold up the others. The same work asked again is signed again.
    async fn sign(&self, key: &str, work: Vec<Work>) -> Vec<Result<Vec<u8>, SignError>>;

    /// Every key, by name.
    ///
    /// # Errors
    /// [`SignError::Unreachable`] when there is nobody to ask.
    async fn list_keys(&self) -> Result<Vec<KeyDescription>, SignError>;
}
