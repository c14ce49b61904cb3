//! Owns: the authorities by name, their certificates and chains, and the way to what signs for them.
//! Never: a key in the database, a key in clear, a decision what may be signed.
//! Start at: [`Authorities`], then `open.rs` and `keys.rs`.

mod chain;
mod keys;
mod open;
mod places;
mod responder;

pub use keys::DEMO_MARK;

use super::identities::Identities;
use super::port::{Case, Meant};
use super::wrong;
use crate::clock::Clock;
use crate::fault::Fault;
use crate::outside::CallError;
use crate::store::authorities::{AuthorityRow, Purpose, UPSTREAM};
use certificate::extension::Places;
use certificate::{Certificate, KeyKind};
use signer::{Grant, OrderToken, SignError, SigningDesk, TokenMaker, Work};
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

/// A signer of its own may be slow; a token that leaks is soon worth nothing.
const TOKEN_SECONDS: i64 = 300;

/// One authority as everybody may know it: no key.
#[derive(Debug)]
pub struct KnownAuthority {
    /// `root`, `issuing`, `root_p256`, `responder_issuing` …
    pub name: String,
    pub purpose: Purpose,
    /// The authority that signed it; `None` for a root.
    pub issuer: Option<String>,
    pub certificate: Certificate,
    /// What goes into the certificates that it signs.
    pub places: Places,
    /// Made here for trying out.
    pub demo: bool,
}

impl KnownAuthority {
    fn row(&self) -> AuthorityRow {
        AuthorityRow {
            name: self.name.clone(),
            purpose: self.purpose,
            issuer: self.issuer.clone(),
            certificate: self.certificate.der().to_vec(),
            sealed_key: None,
            demo: self.demo,
        }
    }
}

/// All authorities of the office. Certificates of responders come and go while it runs.
pub struct Authorities {
    known: RwLock<BTreeMap<String, Arc<KnownAuthority>>>,
    /// For each issuer: PEM up to the root.
    chains: BTreeMap<String, Arc<Vec<String>>>,
    /// What the authority upstream issues.
    upstream: Vec<String>,
    /// What may name the holder in a certificate.
    identities: Identities,
    desk: Arc<dyn SigningDesk>,
    tokens: TokenMaker,
    clock: Arc<dyn Clock>,
}

impl Authorities {
    pub fn find(&self, name: &str) -> Option<Arc<KnownAuthority>> {
        self.known.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(name).cloned()
    }

    /// # Errors
    /// No authority has this name.
    pub fn load(&self, name: &str) -> Result<Arc<KnownAuthority>, Fault> {
        self.find(name).ok_or_else(|| wrong(format!("no authority is called {name}")))
    }

    /// Who signs what is asked for under this name, for a key of this kind: old systems that cannot read SM2 get a chain
    /// without it.
    pub fn issuer_for(&self, product: &str, kind: KeyKind) -> &'static str {
        match kind {
            _ if self.is_upstream(product) => UPSTREAM,
            KeyKind::Sm2 => "issuing",
            KeyKind::P256 => "issuing_p256",
            KeyKind::Rsa2048 | KeyKind::Rsa3072 => "issuing_rsa",
        }
    }

    /// Whether what is asked for under this name is issued upstream.
    pub fn is_upstream(&self, product: &str) -> bool {
        self.upstream.iter().any(|name| name == product)
    }

    /// What may name the holder in a certificate, beside its subject.
    pub(super) fn identities(&self) -> &Identities {
        &self.identities
    }

    /// Everybody, by name.
    pub fn list(&self) -> Vec<Arc<KnownAuthority>> {
        self.known.read().unwrap_or_else(|poisoned| poisoned.into_inner()).values().cloned().collect()
    }

    /// Those who sign holders' certificates, and therefore publish revocation lists.
    pub fn issuers(&self) -> Vec<Arc<KnownAuthority>> {
        let mut all = self.list();
        all.retain(|authority| authority.purpose == Purpose::Issuing);
        all
    }

    /// Whether somebody signs here who was made for trying out.
    pub fn is_demo(&self) -> bool {
        self.list().iter().any(|authority| authority.demo)
    }

    /// Signs a revocation list of this authority.
    ///
    /// # Errors
    /// The signer's fault.
    pub async fn sign_revocation_list(&self, issuer: &str, to_be_signed: Vec<u8>) -> Result<Vec<u8>, Fault> {
        let signed = self.desk.sign(issuer, vec![Work::RevocationList { to_be_signed }]).await.pop();
        signed.ok_or_else(|| wrong("the signer gave nothing"))?.map_err(away)
    }

    /// Signs OCSP answers of this responder, many at once.
    ///
    /// # Errors
    /// The signer's fault, for each.
    pub async fn sign_status(
        &self,
        responder: &str,
        to_be_signed: Vec<Vec<u8>>,
    ) -> Vec<Result<Vec<u8>, Fault>> {
        let work = to_be_signed.into_iter().map(|to_be_signed| Work::Status { to_be_signed }).collect();
        let signed = self.desk.sign(responder, work).await;
        signed.into_iter().map(|signature| signature.map_err(away)).collect()
    }

    /// Signs certificates under one issuer, each with the office's word that a case stands behind it.
    pub(super) async fn sign_certificates(
        &self,
        issuer: &str,
        meant: &[&Meant],
    ) -> Vec<Result<Vec<u8>, Fault>> {
        let work = meant.iter().map(|meant| match &meant.ready {
            Some(ready) => Work::certificate(ready, self.token(meant)),
            None => Work::Certificate {
                profile: meant.profile.name.to_owned(),
                to_be_signed: meant.to_be_signed.clone(),
                token: self.token(meant),
            },
        });
        let mut signed = self.desk.sign(issuer, work.collect()).await;
        signed.truncate(meant.len());
        let missing = || Err(SignError::Unreachable("fewer answers than questions".to_owned()));
        signed.resize_with(meant.len(), missing);
        signed.into_iter().map(|signature| signature.map_err(away)).collect()
    }

    fn token(&self, meant: &Meant) -> OrderToken {
        self.tokens.make(Grant {
            issuer: meant.issuer.clone(),
            profile: meant.profile.name.to_owned(),
            spki_digest: meant.spki_digest,
            case: match &meant.case {
                Case::House { .. } => format!("{} {}", meant.case, meant.serial),
                case => case.to_string(),
            },
            slot: meant.case.slot().into(),
            expires_at: self.clock.now().millis() / 1000 + TOKEN_SECONDS,
        })
    }
}

/// A signer that is away comes back, and one that was set up wrongly is mended by the operator; what it refuses of the
/// work itself stays refused.
fn away(error: SignError) -> Fault {
    let error = match error {
        passing if passing.is_passing() => CallError::Again(passing.to_string()),
        setup @ (SignError::UnknownKey(_)
        | SignError::WrongDuty { .. }
        | SignError::ProfileNotAllowed { .. }
        | SignError::TokenForged
        | SignError::TokenExpired) => CallError::Config(format!("{}: {setup}", setup.code())),
        refused => return wrong(format!("{}: {refused}", refused.code())),
    };
    Fault::Partner { partner: "signer", error }
}
