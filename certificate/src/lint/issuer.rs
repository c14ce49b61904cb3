//! The issuer is an authority, is named exactly, and has room below it.

use der::Encode;

use super::{Candidate, Rule};
use crate::extension::KeyUsages;
use crate::profile::Basic;

pub(super) static RULE: Rule = Rule {
    name: "issuer",
    citation: "RFC 5280, 4.1.2.4 and 6.1.3 (name), 4.2.1.3 (keyCertSign), 4.2.1.9 (path length)",
    check,
};

fn check(candidate: &Candidate) -> Result<(), String> {
    let name = candidate.tbs.issuer.to_der().map_err(|_| "the issuer's name cannot be read")?;
    let Some(issuer) = candidate.issuer else {
        let own = name == candidate.subject.der();
        return if own { Ok(()) } else { Err("a self-signed certificate names another issuer".into()) };
    };
    if name != issuer.subject().der() {
        return Err(format!("the issuer's certificate is that of {}", issuer.subject()));
    }
    if !issuer.is_authority() || !issuer.has_usage(KeyUsages::KeyCertSign) {
        return Err("the issuer may not sign certificates".into());
    }
    match candidate.profile.basic {
        Basic::Authority { .. } if issuer.path_length() == Some(0) => {
            Err("the issuer may have no authority below it".into())
        }
        _ => Ok(()),
    }
}
