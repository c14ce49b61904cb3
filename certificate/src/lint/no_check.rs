//! id-pkix-ocsp-nocheck stands in a responder's certificate, as NULL, and in no other.

use super::{Candidate, Rule};
use crate::extension::NO_CHECK;
use crate::profile::Status;

pub(super) static RULE: Rule = Rule {
    name: "no_check",
    citation: "RFC 6960, 4.2.2.2.1 (the value is NULL); CA/B Forum BR 7.1.2.8",
    check,
};

const NULL: [u8; 2] = [5, 0];

fn check(candidate: &Candidate) -> Result<(), String> {
    match (candidate.profile.status, candidate.tbs.find(NO_CHECK)) {
        (Status::Published, None) => Ok(()),
        (Status::Published, Some(_)) => Err("the certificate says that nobody checks it".into()),
        (Status::NeverChecked, None) => Err("the responder's certificate would have to be checked".into()),
        (Status::NeverChecked, Some(found)) if found.extn_value.as_bytes() == NULL => Ok(()),
        (Status::NeverChecked, Some(_)) => Err("id-pkix-ocsp-nocheck is not NULL".into()),
    }
}

#[cfg(test)]
mod tests {
    use der::asn1::OctetString;
    use x509_cert::ext::Extension;

    use super::NO_CHECK;
    use crate::extension;
    use crate::lint::specimen::{fails, fails_for, remove, replace};
    use crate::profile::OCSP_RESPONDER;

    #[test]
    fn a_holder_whom_nobody_checks() {
        fails("no_check", |tbs| tbs.extensions.as_mut().unwrap().push(extension::no_check().unwrap()));
    }

    #[test]
    fn a_responder_without_it() {
        fails_for(&OCSP_RESPONDER, "no_check", |tbs| remove(tbs, NO_CHECK));
    }

    #[test]
    fn another_value() {
        let extn_value = OctetString::new(*b"\x01\x01\xff").unwrap();
        fails_for(&OCSP_RESPONDER, "no_check", |tbs| {
            replace(tbs, Extension { extn_value, ..extension::no_check().unwrap() });
        });
    }
}
