//! Chains: from an authority up to its root.

use super::{Authorities, KnownAuthority};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Authorities {
    /// From this authority up to its root, both included.
    pub fn chain(&self, name: &str) -> Vec<Arc<KnownAuthority>> {
        climb(name, |name| self.find(name))
    }

    /// The same in PEM, encoded once.
    pub fn chain_pem(&self, name: &str) -> Arc<Vec<String>> {
        self.chains.get(name).cloned().unwrap_or_default()
    }
}

fn climb(name: &str, find: impl Fn(&str) -> Option<Arc<KnownAuthority>>) -> Vec<Arc<KnownAuthority>> {
    let mut chain = Vec::new();
    let mut next = find(name);
    while let Some(authority) = next {
        next = authority.issuer.as_deref().and_then(&find);
        chain.push(authority);
    }
    chain
}

pub(super) fn pem_chains(
    known: &BTreeMap<String, Arc<KnownAuthority>>,
) -> BTreeMap<String, Arc<Vec<String>>> {
    let pem = |name: &String| {
        let chain = climb(name, |name| known.get(name).cloned());
        Arc::new(chain.iter().map(|authority| authority.certificate.to_pem()).collect())
    };
    known.keys().map(|name| (name.clone(), pem(name))).collect()
}
