//! The signature algorithm is the issuer's key's own, in its one form.

use super::{Candidate, Rule};
use crate::algorithm::Algorithm;

pub(super) static RULE: Rule = Rule {
    name: "algorithm",
    citation: "RFC 5280, 4.1.2.3; GM/T 0092-2020 (SM2 without parameters); RFC 5758, 3.2 (ECDSA without); RFC 4055, 5 (RSA with NULL)",
    check,
};

fn check(candidate: &Candidate) -> Result<(), String> {
    let found = &candidate.tbs.signature;
    let wanted = match candidate.issuer {
        Some(issuer) => Algorithm::of_key(issuer.spki()),
        None => Algorithm::of_key(candidate.spki),
    };
    let wanted = wanted.ok_or("the issuer's key signs with none of our algorithms")?.identifier();
    if *found == wanted {
        Ok(())
    } else if found.oid == wanted.oid {
        Err(format!("the parameters of algorithm {} are not as its standard wants them", found.oid))
    } else {
        Err(format!("algorithm {} is not that of the issuer's key, {}", found.oid, wanted.oid))
    }
}

#[cfg(test)]
mod tests {
    use der::asn1::{Any, ObjectIdentifier};

    use crate::lint::specimen::fails;

    #[test]
    fn null_parameters() {
        fails("algorithm", |tbs| tbs.signature.parameters = Some(Any::null()));
    }

    #[test]
    fn ecdsa_with_sha256() {
        fails("algorithm", |tbs| tbs.signature.oid = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"));
    }
}
