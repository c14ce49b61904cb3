//! Responder and issuer are found at http URLs, by the two methods that readers know.

use der::oid::AssociatedOid;
use x509_cert::ext::pkix::AuthorityInfoAccessSyntax;

use super::crl_places::http;
use super::{Candidate, Rule};
use crate::extension::{CA_ISSUERS, OCSP};
use crate::profile::Status;

pub(super) static RULE: Rule = Rule {
    name: "authority_access",
    citation: "RFC 5280, 4.2.2.1; RFC 6960, 3.1; CA/B Forum BR 7.1.2.7.7 (http, these two methods)",
    check,
};

fn check(candidate: &Candidate) -> Result<(), String> {
    if candidate.tbs.find(AuthorityInfoAccessSyntax::OID).is_none() {
        return Ok(());
    }
    let found = candidate.tbs.extension::<AuthorityInfoAccessSyntax>(AuthorityInfoAccessSyntax::OID);
    let found = found.ok_or("the authority's access cannot be read")?.0;
    if found.is_empty() {
        return Err("the authority's access is empty".into());
    }
    for access in &found {
        match access.access_method {
            OCSP if candidate.profile.status == Status::NeverChecked => {
                return Err("who is never checked names a responder".into());
            }
            OCSP | CA_ISSUERS => http(&access.access_location)?,
            other => return Err(format!("access method {other} is unknown")),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use der::asn1::OctetString;
    use x509_cert::ext::Extension;

    use crate::extension;
    use crate::lint::specimen::{fails, fails_for, replace};
    use crate::profile::OCSP_RESPONDER;

    fn responder(url: &str) -> Extension {
        extension::authority_access(&[url.to_owned()], &[]).unwrap().unwrap()
    }

    #[test]
    fn a_responder_over_tls() {
        fails("authority_access", |tbs| replace(tbs, responder("https://ocsp.example/")));
    }

    #[test]
    fn an_unknown_method_and_no_method() {
        // SEQUENCE { SEQUENCE { 1.2.3, [6] "http://a/" } } and SEQUENCE {}
        for value in [&b"\x30\x11\x30\x0f\x06\x02\x2a\x03\x86\x09http://a/"[..], b"\x30\x00"] {
            let extn_value = OctetString::new(value).unwrap();
            fails("authority_access", |tbs| replace(tbs, Extension { extn_value, ..responder("http://a/") }));
        }
    }

    #[test]
    fn a_responder_that_asks_itself() {
        fails_for(&OCSP_RESPONDER, "authority_access", |tbs| replace(tbs, responder("http://ocsp.example/")));
    }
}
