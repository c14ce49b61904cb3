//! The certificate's life has an order and a limit.

use super::{Candidate, Rule};
use crate::read::unix;

pub(super) static RULE: Rule =
    Rule { name: "validity", citation: "RFC 5280, 4.1.2.5; the profile's longest life", check };

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
    Ok(())
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
}
