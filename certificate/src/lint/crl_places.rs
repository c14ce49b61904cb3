//! The places of the revocation list are http URLs of one distribution point.

use der::oid::AssociatedOid;
use x509_cert::ext::pkix::CrlDistributionPoints;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};

use super::{Candidate, Rule};
use crate::profile::Status;

pub(super) static RULE: Rule = Rule {
    name: "crl_places",
    citation: "RFC 5280, 4.2.1.13 (full name, all reasons); CA/B Forum BR 7.1.2.11.2 (http: https would need a certificate to be checked first)",
    check,
};

fn check(candidate: &Candidate) -> Result<(), String> {
    if candidate.tbs.find(CrlDistributionPoints::OID).is_none() {
        return Ok(());
    }
    if candidate.profile.status == Status::NeverChecked {
        return Err("who is never checked names a place to check".into());
    }
    let found = candidate.tbs.extension::<CrlDistributionPoints>(CrlDistributionPoints::OID);
    let points = found.ok_or("the distribution points cannot be read")?.0;
    let [point] = points.as_slice() else {
        return Err(format!("there are {} distribution points, one is wanted", points.len()));
    };
    if point.reasons.is_some() || point.crl_issuer.is_some() {
        return Err("the distribution point is for some reasons or of another issuer".into());
    }
    match &point.distribution_point {
        Some(DistributionPointName::FullName(names)) if !names.is_empty() => names.iter().try_for_each(http),
        _ => Err("the distribution point has no full name".into()),
    }
}

/// An http URL with a host.
pub(super) fn http(place: &GeneralName) -> Result<(), String> {
    let GeneralName::UniformResourceIdentifier(url) = place else {
        return Err("a place is not a URL".into());
    };
    let host = url.as_str().strip_prefix("http://").and_then(|rest| rest.split('/').next());
    let legible = url.as_str().bytes().all(|byte| byte.is_ascii_graphic());
    match host {
        Some(host) if !host.is_empty() && legible => Ok(()),
        _ => Err(format!("{} is not an http URL", url.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use der::asn1::OctetString;
    use x509_cert::ext::Extension;

    use crate::extension;
    use crate::lint::specimen::{fails, fails_for, replace};
    use crate::profile::OCSP_RESPONDER;

    fn places(url: &str) -> Extension {
        extension::crl_places(&[url.to_owned()]).unwrap().unwrap()
    }

    #[test]
    fn places_that_nobody_can_fetch() {
        for url in
            ["https://crl.example/a.crl", "ldap://crl.example/a", "http:///a.crl", "http://crl.example/a b"]
        {
            fails("crl_places", |tbs| replace(tbs, places(url)));
        }
    }

    #[test]
    fn a_list_for_some_reasons_and_no_list() {
        // SEQUENCE { SEQUENCE { [1] reasons } }, SEQUENCE { SEQUENCE {} }, SEQUENCE {}
        for value in [&b"\x30\x06\x30\x04\x81\x02\x06\x40"[..], b"\x30\x02\x30\x00", b"\x30\x00"] {
            let extn_value = OctetString::new(value).unwrap();
            fails("crl_places", |tbs| replace(tbs, Extension { extn_value, ..places("http://a/") }));
        }
    }

    #[test]
    fn a_responder_that_would_have_to_be_checked() {
        fails_for(&OCSP_RESPONDER, "crl_places", |tbs| {
            tbs.extensions.as_mut().unwrap().push(places("http://crl.example/a.crl"));
        });
    }
}
