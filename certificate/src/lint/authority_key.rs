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
