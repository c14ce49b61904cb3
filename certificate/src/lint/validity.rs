//! The certificate's life has an order, a limit, and lies within its issuer's.

use super::{Candidate, Rule};
use crate::read::unix;

pub(super) static RULE: Rule = Rule {
    name: "validity",
    citation: "RFC 5280, 4.1.2.5; X.509, 7.2 shell model as GB/T 25056 has it (a certificate ends with its issuer)",
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
