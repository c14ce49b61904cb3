//! Policies are identifiers alone, each once, and never anyPolicy for a holder.

use der::asn1::ObjectIdentifier;
use der::oid::AssociatedOid;
use x509_cert::ext::pkix::CertificatePolicies;

use super::{Candidate, Rule};
use crate::profile::Basic;

pub(super) static RULE: Rule = Rule {
    name: "policies",
    citation: "RFC 5280, 4.2.1.4 (no policy twice; identifiers alone are recommended; anyPolicy is for authorities)",
    check,
};

const ANY_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32.0");

fn check(candidate: &Candidate) -> Result<(), String> {
    if candidate.tbs.find(CertificatePolicies::OID).is_none() {
        return Ok(());
    }
    let found = candidate.tbs.extension::<CertificatePolicies>(CertificatePolicies::OID);
    let found = found.ok_or("the policies cannot be read")?.0;
    if found.is_empty() {
        return Err("the policies are empty".into());
    }
    for (at, policy) in found.iter().enumerate() {
        let oid = policy.policy_identifier;
        if found[..at].iter().any(|before| before.policy_identifier == oid) {
            return Err(format!("policy {oid} stands twice"));
        }
        if policy.policy_qualifiers.is_some() {
            return Err(format!("policy {oid} has qualifiers"));
        }
        if oid == ANY_POLICY && candidate.profile.basic == Basic::EndEntity {
            return Err("a holder's certificate claims any policy".into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use der::asn1::OctetString;
    use x509_cert::ext::Extension;

    use crate::extension;
    use crate::lint::specimen::{fails, replace};

    fn policies(oids: &[&str]) -> Extension {
        let oids: Vec<String> = oids.iter().map(|oid| (*oid).to_owned()).collect();
        extension::policies(&oids).unwrap().unwrap()
    }

    #[test]
    fn a_holder_with_any_policy() {
        fails("policies", |tbs| replace(tbs, policies(&["2.5.29.32.0"])));
    }

    #[test]
    fn a_policy_twice() {
        fails("policies", |tbs| replace(tbs, policies(&["1.3.6.1.4.1.32473.1", "1.3.6.1.4.1.32473.1"])));
    }

    #[test]
    fn no_policy_and_a_qualifier() {
        // SEQUENCE {}, and SEQUENCE { SEQUENCE { 1.2.3, SEQUENCE { SEQUENCE { id-qt-cps, IA5String } } } }
        let cps = b"\x30\x15\x30\x13\x06\x02\x2a\x03\x30\x0d\x30\x0b\x06\x08\x2b\x06\x01\x05\x05\x07\x02\x01";
        let cps = [&cps[..], b""].concat();
        let cps =
            [&[0x30, 0x17, 0x30, 0x15], &cps[4..8], &[0x30, 0x0f, 0x30, 0x0d], &cps[12..], b"\x16\x01a"]
                .concat();
        for value in [vec![0x30, 0], cps] {
            let extn_value = OctetString::new(value).unwrap();
            fails("policies", |tbs| replace(tbs, Extension { extn_value, ..policies(&["1.2.3"]) }));
        }
    }
}
