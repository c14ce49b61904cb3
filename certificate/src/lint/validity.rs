//! The certificate's life has an order, a limit, and lies within its issuer's.

use super::{Candidate, Rule};
use crate::read::unix;

pub(super) static RULE: Rule = Rule {
    name: "validity",
    citation: "RFC 5280, 4.1.2.5 and 6.1.3 (every certificate of a path must be valid at the same moment)",
    check,
};

const DAY: i64 = 24 * 60 * 60;

fn check(candidate: &Candidate) -> Result<(), String> {
    let from = unix(candidate.tbs.validity.not_before);
    let to = unix(candidate.tbs.validity.not_after);
    if to <= from {
        return Err("the certificate ends before it begins".into());
    }
    let limit = candidate.profile.max_days;
    if to - from > i64::from(limit) * DAY {
        return Err(format!("the certificate lives longer than the profile's {limit} days"));
    }
    match candidate.issuer {
        Some(issuer) if from < issuer.not_before() => Err("the certificate begins before its issuer".into()),
        Some(issuer) if to > issuer.not_after() => Err("the certificate ends after its issuer".into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::draft::time;
    use crate::lint::specimen::{NOW, fails};

    const DAY: i64 = super::DAY;

    #[test]
    fn an_end_before_the_beginning() {
        fails("validity", |tbs| tbs.validity.not_after = time(NOW - DAY).unwrap());
    }

    #[test]
    fn a_life_longer_than_the_profiles() {
        fails("validity", |tbs| tbs.validity.not_after = time(NOW + 1831 * DAY).unwrap());
    }

    #[test]
    fn a_life_that_outlasts_the_issuer() {
        fails("validity", |tbs| {
            tbs.validity.not_before = time(NOW + 3000 * DAY).unwrap();
            tbs.validity.not_after = time(NOW + 3651 * DAY).unwrap();
        });
    }

    #[test]
    fn a_life_that_begins_before_the_issuer() {
        fails("validity", |tbs| tbs.validity.not_before = time(NOW - 1).unwrap());
    }
}
