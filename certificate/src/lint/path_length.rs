//! An authority has fewer authorities below it than its issuer may have.

use der::oid::AssociatedOid;
use x509_cert::ext::pkix::BasicConstraints;

use super::{Candidate, Rule};
use crate::profile::Basic;

pub(super) static RULE: Rule =
    Rule { name: "path_length", citation: "RFC 5280, 4.2.1.9 and 6.1.4 (l, m)", check };

fn check(candidate: &Candidate) -> Result<(), String> {
    if candidate.profile.basic == Basic::EndEntity {
        return Ok(());
    }
    let own = candidate.tbs.extension::<BasicConstraints>(BasicConstraints::OID);
    let limit = candidate.issuer.and_then(|issuer| issuer.path_length());
    match (own, limit) {
        (Some(own), Some(limit)) if own.ca => match own.path_len_constraint {
            _ if limit == 0 => Err("the issuer may have no authority below it".into()),
            Some(below) if below < limit => Ok(()),
            _ => Err(format!(
                "the issuer may have {limit} authorities in a row below it, and this one would add more"
            )),
        },
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::Draft;
    use crate::lint::specimen;
    use crate::profile::{Basic, ISSUING_AUTHORITY, Profile, ROOT};

    #[test]
    fn an_authority_below_path_length_zero() {
        let (_, issuing) = specimen::authorities();
        let facts = specimen::facts(&ISSUING_AUTHORITY);
        let draft = Draft::new(&ISSUING_AUTHORITY, &issuing.certificate, &Default::default(), &facts);
        let findings = draft.unwrap().lint().unwrap_err();
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].detail, "the issuer may have no authority below it");
    }

    #[test]
    fn an_authority_with_as_many_below_as_its_issuer() {
        static TWO: Profile = Profile { basic: Basic::Authority { path_length: Some(2) }, ..narrow() };
        let root = specimen::self_signed(&TWO);
        for (profile, good) in [(&TWO, false), (&ROOT, false), (&ISSUING_AUTHORITY, true)] {
            let facts = specimen::facts(profile);
            let findings = Draft::new(profile, &root, &Default::default(), &facts).unwrap().lint();
            let found: Vec<_> = findings.err().unwrap_or_default().iter().map(|it| it.rule).collect();
            assert_eq!(found, if good { vec![] } else { vec!["path_length"] }, "{profile:?}");
        }
    }

    const fn narrow() -> Profile {
        Profile {
            name: "narrow",
            version: 1,
            key_kinds: &[crate::KeyKind::Sm2],
            key_usages: crate::profile::AUTHORITY,
            extended_usages: &[],
            basic: Basic::EndEntity,
            status: crate::profile::Status::Published,
            max_days: 365,
            identity_codes: false,
        }
    }
}
