//! The key usages are exactly the profile's: an SM2 signing key only signs, an encryption key only encrypts.

use der::oid::AssociatedOid;
use x509_cert::ext::pkix::KeyUsage;

use super::{Candidate, Rule};
use crate::extension::usage_set;

pub(super) static RULE: Rule = Rule {
    name: "key_usage",
    citation: "GM/T 0015 (a signing and an encryption certificate each); RFC 5280, 4.2.1.3; RFC 5480, 3; RFC 3279, 2.3.1",
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
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::extension;
    use crate::lint::specimen::{fails, replace};
    use crate::profile::ENCRYPTION;

    #[test]
    fn an_encryption_keys_usage_on_a_signing_key() {
        fails("key_usage", |tbs| replace(tbs, extension::key_usage(ENCRYPTION).unwrap()));
    }
}
