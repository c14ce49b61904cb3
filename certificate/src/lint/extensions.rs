//! The certificate is version 3, and no extension stands twice.

use x509_cert::certificate::Version;

use super::{Candidate, Rule};

pub(super) static RULE: Rule =
    Rule { name: "extensions", citation: "RFC 5280, 4.1.2.1 and 4.2 (at most one of each)", check };

fn check(candidate: &Candidate) -> Result<(), String> {
    if candidate.tbs.version != Version::V3 {
        return Err("the certificate is not version 3".into());
    }
    let extensions = candidate.tbs.extensions.as_deref().unwrap_or_default();
    for (at, extension) in extensions.iter().enumerate() {
        if extensions[..at].iter().any(|before| before.extn_id == extension.extn_id) {
            return Err(format!("extension {} stands twice", extension.extn_id));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use x509_cert::certificate::Version;

    use crate::identity::{self, Edition, Identity};
    use crate::lint::specimen::fails;

    #[test]
    fn version_one() {
        fails("extensions", |tbs| tbs.version = Version::V1);
    }

    #[test]
    fn one_extension_twice() {
        let code = Edition::of_2012(false).identity_code(Identity::TaxNumber, "91110108MA01ABCD2X").unwrap();
        let code = identity::extension(&code).unwrap();
        fails("extensions", |tbs| tbs.extensions.as_mut().unwrap().extend([code.clone(), code]));
    }
}
