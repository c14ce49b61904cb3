//! The extended usages are exactly the profile's; a profile without any leaves the extension out.

use der::oid::AssociatedOid;
use x509_cert::ext::pkix::ExtendedKeyUsage;

use super::{Candidate, Rule};

pub(super) static RULE: Rule = Rule {
    name: "extended_key_usage",
    citation: "RFC 5280, 4.2.1.12; RFC 6960, 4.2.2.2 (OCSPSigning)",
    check,
};

fn check(candidate: &Candidate) -> Result<(), String> {
    let wanted = candidate.profile.extended_usages;
    if candidate.tbs.find(ExtendedKeyUsage::OID).is_none() {
        return if wanted.is_empty() { Ok(()) } else { Err("there is no extended key usage".into()) };
    }
    let found = candidate.tbs.extension::<ExtendedKeyUsage>(ExtendedKeyUsage::OID);
    let found = found.ok_or("the extended key usage cannot be read")?.0;
    if !found.iter().copied().eq(wanted.iter().map(|usage| usage.oid())) {
        return Err(format!("the extended usages are {found:?}, the profile wants {wanted:?}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use der::oid::AssociatedOid;
    use x509_cert::ext::Extension;
    use x509_cert::ext::pkix::ExtendedKeyUsage;

    use crate::extension::{self, ExtendedUsage};
    use crate::lint::specimen::{fails, fails_for, remove, replace};
    use crate::profile::{OCSP_RESPONDER, ORGANISATION_P256, STAFF_SIGN_IN};

    fn usage(usages: &[ExtendedUsage]) -> Extension {
        extension::extended_usage(usages).unwrap().unwrap()
    }

    #[test]
    fn a_holder_who_answers_for_the_issuer() {
        fails("extended_key_usage", |tbs| {
            tbs.extensions.as_mut().unwrap().push(usage(&[ExtendedUsage::OcspSigning]));
        });
        fails_for(&STAFF_SIGN_IN, "extended_key_usage", |tbs| {
            replace(tbs, usage(&[ExtendedUsage::ClientAuth, ExtendedUsage::OcspSigning]));
        });
    }

    #[test]
    fn a_responder_without_the_usage() {
        fails_for(&OCSP_RESPONDER, "extended_key_usage", |tbs| remove(tbs, ExtendedKeyUsage::OID));
    }

    #[test]
    fn a_usage_less() {
        fails_for(&ORGANISATION_P256, "extended_key_usage", |tbs| {
            replace(tbs, usage(&[ExtendedUsage::ClientAuth]));
        });
    }
}
