//! Owns: the authorities by name, their certificates and chains, and the way to what signs for them.
//! Never: a key in the database, a decision what may be signed.
//! Start at: [`Authorities`], then `open.rs`.

mod open;
mod places;

pub use open::DEMO_MARK;

use super::wrong;
use crate::fault::Fault;
use crate::store::authorities::Purpose;
use certificate::extension::Places;
use certificate::{Certificate, Signer};
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

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

/// All authorities of the office. Certificates of responders come and go while it runs.
pub struct Authorities {
    known: RwLock<BTreeMap<String, Arc<KnownAuthority>>>,
    keys: BTreeMap<String, Arc<dyn Signer>>,
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

    /// From this authority up to its root, both included.
    pub fn chain(&self, name: &str) -> Vec<Arc<KnownAuthority>> {
        let mut chain = Vec::new();
        let mut next = self.find(name);
        while let Some(authority) = next {
            next = authority.issuer.as_deref().and_then(|issuer| self.find(issuer));
            chain.push(authority);
        }
        chain
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
        self.key(issuer)?.sign(&to_be_signed).map_err(wrong)
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
        let sign = |bytes: &Vec<u8>| self.key(responder)?.sign(bytes).map_err(wrong);
        to_be_signed.iter().map(sign).collect()
    }

    pub(super) fn key(&self, name: &str) -> Result<&dyn Signer, Fault> {
        let key = self.keys.get(name).ok_or_else(|| wrong(format!("no key for the authority {name}")))?;
        Ok(&**key)
    }
}
