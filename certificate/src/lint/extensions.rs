//! The certificate is version 3, no extension stands twice, and only known ones are critical.

use std::collections::BTreeSet;

use der::oid::AssociatedOid;
use x509_cert::certificate::Version;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

use super::{Candidate, Rule};

pub(super) static RULE: Rule =
    Rule { name: "extensions", citation: "RFC 5280, 4.1.2.1 and 4.2 (at most one of each)", check };

fn check(candidate: &Candidate) -> Result<(), String> {
    if candidate.tbs.version != Version::V3 {
        return Err("the certificate is not version 3".into());
    }
    let mut seen = BTreeSet::new();
    for extension in candidate.tbs.extensions.iter().flatten() {
        if !seen.insert(extension.extn_id) {
            return Err(format!("extension {} stands twice", extension.extn_id));
        }
        if extension.critical && ![KeyUsage::OID, BasicConstraints::OID].contains(&extension.extn_id) {
            return Err(format!("extension {} is critical", extension.extn_id));
        }
    }
    Ok(())
}
