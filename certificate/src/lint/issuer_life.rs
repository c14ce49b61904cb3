//! The certificate's life lies within its issuer's.

use super::{Candidate, Rule};
use crate::read::unix;

pub(super) static RULE: Rule = Rule {
    name: "issuer_life",
    citation: "RFC 5280, 6.1.3 (every certificate of a path must be valid at the same moment)",
    check,
};

fn check(candidate: &Candidate) -> Result<(), String> {
    let validity = &candidate.tbs.validity;
    match candidate.issuer {
        Some(issuer) if unix(validity.not_before) < issuer.not_before() => {
            Err("the certificate begins before its issuer".into())
        }
        Some(issuer) if unix(validity.not_after) > issuer.not_after() => {
            Err("the certificate ends after its issuer".into())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::draft::time;
    use crate::lint::specimen::{NOW, fails};

    const DAY: i64 = 24 * 60 * 60;

    #[test]
    fn a_life_that_outlasts_the_issuer() {
        fails("issuer_life", |tbs| {
            tbs.validity.not_before = time(NOW + 3000 * DAY).unwrap();
            tbs.validity.not_after = time(NOW + 3651 * DAY).unwrap();
        });
    }

    #[test]
    fn a_life_that_begins_before_the_issuer() {
        fails("issuer_life", |tbs| tbs.validity.not_before = time(NOW - 1).unwrap());
    }
}
