//! The subject key identifier is there and is made from the certified key.

use der::oid::AssociatedOid;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use super::{Candidate, Rule};
use crate::digest::key_identifier;
use crate::tbs::Tbs;

pub(super) static RULE: Rule = Rule {
    name: "subject_key",
    citation: "RFC 5280, 4.2.1.2; RFC 7093, 2 (method 1, with SM3 for SM2 keys)",
    check,
};

fn check(candidate: &Candidate) -> Result<(), String> {
    let Some(named) = own_identifier(candidate.tbs) else {
        return Err("there is no subject key identifier".into());
    };
    match key_identifier(candidate.spki) {
        Ok(own) if named == own => Ok(()),
        _ => Err("the subject key identifier is of another key".into()),
    }
}

pub(super) fn own_identifier(tbs: &Tbs) -> Option<Vec<u8>> {
    let identifier = tbs.extension::<SubjectKeyIdentifier>(SubjectKeyIdentifier::OID)?;
    Some(identifier.0.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use der::oid::AssociatedOid;
    use x509_cert::ext::pkix::SubjectKeyIdentifier;

    use crate::extension;
    use crate::lint::specimen::{fails, remove, replace};

    #[test]
    fn the_identifier_of_another_key() {
        fails("subject_key", |tbs| replace(tbs, extension::subject_key(&[7; 20]).unwrap()));
    }

    #[test]
    fn no_identifier() {
        fails("subject_key", |tbs| remove(tbs, SubjectKeyIdentifier::OID));
    }
}
