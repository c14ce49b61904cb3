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

#[cfg(test)]
mod tests {
    use x509_cert::certificate::Version;

    use crate::extension::{self, Places};
    use crate::lint::specimen::fails;

    #[test]
    fn version_one() {
        fails("extensions", |tbs| tbs.version = Version::V1);
    }

    fn access() -> x509_cert::ext::Extension {
        let places = Places { ocsp_urls: vec!["http://ocsp.example/".into()], ..Default::default() };
        extension::authority_access(&places).unwrap().unwrap()
    }

    #[test]
    fn one_extension_twice() {
        fails("extensions", |tbs| tbs.extensions.as_mut().unwrap().extend([access(), access()]));
    }

    #[test]
    fn a_critical_extension_that_few_understand() {
        fails("extensions", |tbs| {
            let critical = x509_cert::ext::Extension { critical: true, ..access() };
            tbs.extensions.as_mut().unwrap().push(critical);
        });
    }
}
