//! The authority key identifier is the issuer's subject key identifier.

use der::oid::AssociatedOid;
use x509_cert::ext::pkix::AuthorityKeyIdentifier;

use super::subject_key::own_identifier;
use super::{Candidate, Rule};

pub(super) static RULE: Rule = Rule { name: "authority_key", citation: "RFC 5280, 4.2.1.1", check };

fn check(candidate: &Candidate) -> Result<(), String> {
    let named = candidate.tbs.extension::<AuthorityKeyIdentifier>(AuthorityKeyIdentifier::OID);
    let Some(named) = named.and_then(|it| it.key_identifier) else {
        return Err("there is no authority key identifier".into());
    };
    let wanted = match candidate.issuer {
        Some(issuer) => issuer.subject_key_identifier(),
        None => own_identifier(candidate.tbs),
    };
    match wanted {
        Some(wanted) if wanted == named.as_bytes() => Ok(()),
        _ => Err("the authority key identifier is not the issuer's key identifier".into()),
    }
}

#[cfg(test)]
mod tests {
    use der::oid::AssociatedOid;
    use x509_cert::ext::pkix::AuthorityKeyIdentifier;

    use crate::extension;
    use crate::lint::specimen::{authorities, fails, remove, replace};

    #[test]
    fn the_roots_identifier_instead_of_the_issuers() {
        let root = authorities().0.certificate.subject_key_identifier().unwrap();
        fails("authority_key", |tbs| replace(tbs, extension::authority_key(&root).unwrap()));
    }

    #[test]
    fn no_identifier() {
        fails("authority_key", |tbs| remove(tbs, AuthorityKeyIdentifier::OID));
    }
}
