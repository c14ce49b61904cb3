//! What every reader must understand, and nothing more, is critical: key usage and basic constraints.

use der::oid::AssociatedOid;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

use super::{Candidate, Rule};

pub(super) static RULE: Rule = Rule {
    name: "critical",
    citation: "RFC 5280, 4.2 (a reader must reject a critical extension that it does not know), 4.2.1.3, 4.2.1.9; CA/B Forum BR 7.1.2.8 (extended usage not critical)",
    check,
};

const CRITICAL: [der::asn1::ObjectIdentifier; 2] = [KeyUsage::OID, BasicConstraints::OID];

fn check(candidate: &Candidate) -> Result<(), String> {
    for extension in candidate.tbs.extensions.iter().flatten() {
        let wanted = CRITICAL.contains(&extension.extn_id);
        if extension.critical != wanted {
            let word = if wanted { "not critical" } else { "critical" };
            return Err(format!("extension {} is {word}", extension.extn_id));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use x509_cert::ext::Extension;

    use crate::extension;
    use crate::lint::specimen::{fails, replace};
    use crate::profile::{Basic, SIGNING};

    #[test]
    fn a_critical_extension_that_few_understand() {
        fails("critical", |tbs| {
            let places = extension::authority_access(&["http://ocsp.example/".into()], &[]);
            replace(tbs, Extension { critical: true, ..places.unwrap().unwrap() });
        });
    }

    #[test]
    fn a_usage_that_is_not_critical() {
        fails("critical", |tbs| {
            replace(tbs, Extension { critical: false, ..extension::key_usage(SIGNING).unwrap() });
        });
    }

    #[test]
    fn constraints_that_are_not_critical() {
        fails("critical", |tbs| {
            let holder = extension::basic_constraints(Basic::EndEntity).unwrap();
            replace(tbs, Extension { critical: false, ..holder });
        });
    }
}
