//! Basic constraints are the profile's.

use der::oid::AssociatedOid;
use x509_cert::ext::pkix::BasicConstraints;

use super::{Candidate, Rule};
use crate::profile::Basic;

pub(super) static RULE: Rule = Rule { name: "basic_constraints", citation: "RFC 5280, 4.2.1.9", check };

fn check(candidate: &Candidate) -> Result<(), String> {
    let Some(found) = candidate.tbs.extension::<BasicConstraints>(BasicConstraints::OID) else {
        return Err("there are no basic constraints".into());
    };
    let wanted = match candidate.profile.basic {
        Basic::EndEntity => (false, None),
        Basic::Authority { path_length } => (true, path_length),
    };
    if (found.ca, found.path_len_constraint) != wanted {
        return Err(format!(
            "basic constraints are {found:?}, the profile wants {:?}",
            candidate.profile.basic
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::extension;
    use crate::lint::specimen::{fails, remove, replace};
    use crate::profile::Basic;

    use super::{AssociatedOid, BasicConstraints};

    #[test]
    fn a_holder_made_an_authority() {
        let authority = extension::basic_constraints(Basic::Authority { path_length: None }).unwrap();
        fails("basic_constraints", |tbs| replace(tbs, authority));
    }

    #[test]
    fn no_constraints() {
        fails("basic_constraints", |tbs| remove(tbs, BasicConstraints::OID));
    }
}
