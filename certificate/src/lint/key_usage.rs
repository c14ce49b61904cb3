//! The key usages are exactly the profile's: a signing key only signs, an encryption key only encrypts.

use der::oid::AssociatedOid;
use x509_cert::ext::pkix::KeyUsage;

use super::{Candidate, Rule};
use crate::extension::usage_set;

pub(super) static RULE: Rule = Rule {
    name: "key_usage",
    citation: "GM/T 0015 (a signing and an encryption certificate each); RFC 5280, 4.2.1.3 (critical)",
    check,
};

fn check(candidate: &Candidate) -> Result<(), String> {
    let Some(found) = candidate.tbs.extension::<KeyUsage>(KeyUsage::OID) else {
        return Err("there is no key usage".into());
    };
    let wanted = usage_set(candidate.profile.key_usages);
    if found.0 != wanted {
        return Err(format!("the key usages are {:?}, the profile wants {wanted:?}", found.0));
    }
    let extensions = candidate.tbs.extensions.iter().flatten();
    let critical = extensions.filter(|it| it.extn_id == KeyUsage::OID).all(|it| it.critical);
    if critical { Ok(()) } else { Err("key usage is not critical".into()) }
}

#[cfg(test)]
mod tests {
    use crate::extension;
    use crate::lint::specimen::{fails, replace};
    use crate::profile::{ENCRYPTION, SIGNING};

    #[test]
    fn an_encryption_keys_usage_on_a_signing_key() {
        fails("key_usage", |tbs| replace(tbs, extension::key_usage(ENCRYPTION).unwrap()));
    }

    #[test]
    fn a_usage_that_is_not_critical() {
        fails("key_usage", |tbs| {
            let usage = extension::key_usage(SIGNING).unwrap();
            replace(tbs, x509_cert::ext::Extension { critical: false, ..usage });
        });
    }
}
