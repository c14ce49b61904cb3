//! The issuer is an authority and is named exactly.

use der::Encode;

use super::{Candidate, Rule};
use crate::extension::KeyUsages;

pub(super) static RULE: Rule = Rule {
    name: "issuer",
    citation: "RFC 5280, 4.1.2.4 and 6.1.3 (name), 4.2.1.3 (keyCertSign), 4.2.1.9 (cA)",
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
    Ok(())
}

#[cfg(test)]
mod tests {
    use der::asn1::Any;
    use der::{Decode, Encode};

    use crate::Draft;
    use crate::lint::specimen::{self, fails};
    use crate::profile::{ISSUING_AUTHORITY, ORGANISATION_SIGNING, ROOT};

    #[test]
    fn another_issuers_name() {
        fails("issuer", |tbs| tbs.issuer = Any::from_der(&tbs.subject.to_der().unwrap()).unwrap());
    }

    #[test]
    fn a_root_that_names_another_issuer() {
        let (root, issuing) = specimen::authorities();
        let bytes = issuing.certificate.tbs_der().to_vec();
        // The issuing authority's bytes, passed off as those of a certificate that signs itself.
        let findings = Draft { profile: &ISSUING_AUTHORITY, issuer: None, bytes }.lint().unwrap_err();
        assert_eq!(findings[0].rule, "issuer", "{findings:?}");
        let bytes = root.certificate.tbs_der().to_vec();
        Draft { profile: &ROOT, issuer: None, bytes }.lint().unwrap();
    }

    #[test]
    fn an_issuer_that_is_a_holder() {
        let (_, issuing) = specimen::authorities();
        let draft = |issuer| {
            Draft::new(
                &ORGANISATION_SIGNING,
                issuer,
                &Default::default(),
                &specimen::facts(&ORGANISATION_SIGNING),
            )
        };
        let signed = draft(&issuing.certificate).unwrap().lint().unwrap().to_be_signed().sign(&*issuing.key);
        let holder = signed.unwrap().into_certificate();
        let findings = draft(&holder).unwrap().lint().unwrap_err();
        assert_eq!(findings[0].detail, "the issuer may not sign certificates");
    }
}
