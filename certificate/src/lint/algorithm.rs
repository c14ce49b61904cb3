//! The signature algorithm is SM2-with-SM3 without parameters.

use super::{Candidate, Rule};
use crate::tbs::sm2_with_sm3;

pub(super) static RULE: Rule = Rule {
    name: "algorithm",
    citation: "GM/T 0092-2020 (no parameters); GB/T 33560-2017, annex A; RFC 5280, 4.1.2.3",
    check,
};

fn check(candidate: &Candidate) -> Result<(), String> {
    let algorithm = &candidate.tbs.signature;
    match (*algorithm == sm2_with_sm3(), &algorithm.parameters) {
        (true, _) => Ok(()),
        (false, Some(_)) => Err(format!("algorithm {} carries parameters", algorithm.oid)),
        (false, None) => Err(format!("algorithm {} is not SM2-with-SM3", algorithm.oid)),
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
