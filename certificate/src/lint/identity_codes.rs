//! An extension that no other rule knows is an identity code in one of the standard's forms, or it does not stand.

use der::asn1::{Any, ObjectIdentifier};
use der::oid::AssociatedOid;
use der::{Decode, Tag, Tagged};
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies,
    CrlDistributionPoints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier,
};

use super::{Candidate, Rule};
use crate::extension::NO_CHECK;
use crate::identity::is_code;

pub(super) static RULE: Rule = Rule {
    name: "identity_codes",
    citation: "GM/T 0015 (identity extensions: string kinds, choice of the personal identity code)",
    check,
};

/// Every extension that a rule of its own looks at.
const KNOWN: [ObjectIdentifier; 9] = [
    AuthorityKeyIdentifier::OID,
    SubjectKeyIdentifier::OID,
    KeyUsage::OID,
    BasicConstraints::OID,
    ExtendedKeyUsage::OID,
    CertificatePolicies::OID,
    CrlDistributionPoints::OID,
    AuthorityInfoAccessSyntax::OID,
    NO_CHECK,
];

fn check(candidate: &Candidate) -> Result<(), String> {
    let unknown = candidate.tbs.extensions.iter().flatten().filter(|it| !KNOWN.contains(&it.extn_id));
    for extension in unknown {
        let oid = extension.extn_id;
        if !candidate.profile.identity_codes {
            return Err(format!("the profile has no extension {oid}"));
        }
        if !is_identity_code(extension.extn_value.as_bytes()) {
            return Err(format!("extension {oid} is not an identity code in a form of the standard"));
        }
    }
    Ok(())
}

/// A string of its alphabet, bare or as choice 0 to 2 with an explicit or an implicit tag.
fn is_identity_code(der: &[u8]) -> bool {
    let Ok(value) = Any::from_der(der) else { return false };
    match value.tag() {
        Tag::ContextSpecific { constructed, number } => {
            let tag = match number.value() {
                0 | 2 => Tag::PrintableString,
                1 => Tag::Utf8String,
                _ => return false,
            };
            if !constructed {
                return is_code(tag, value.value());
            }
            Any::from_der(value.value()).is_ok_and(|inner| inner.tag() == tag && is_code(tag, inner.value()))
        }
        tag => is_code(tag, value.value()),
    }
}

#[cfg(test)]
mod tests {
    use der::asn1::OctetString;
    use x509_cert::ext::Extension;

    use crate::identity::{self, Edition, Identity};
    use crate::lint::specimen::{draft, fails, fails_for};
    use crate::profile::{ORGANISATION_SIGNING, STAFF_SIGN_IN};

    fn tax_number() -> Extension {
        let code = Edition::of_2012(false).identity_code(Identity::TaxNumber, "91110108MA01ABCD2X");
        identity::extension(&code.unwrap()).unwrap()
    }

    #[test]
    fn every_form_of_the_edition_passes() {
        for explicit in [true, false] {
            let edition = Edition::of_2012(explicit);
            for identity in Identity::ALL {
                let mut draft = draft(&ORGANISATION_SIGNING, |_| {});
                let code = edition.identity_code(identity, "A1").unwrap();
                draft.edit(|tbs| tbs.extensions.as_mut().unwrap().push(identity::extension(&code).unwrap()));
                draft.lint().unwrap();
            }
        }
    }

    #[test]
    fn a_code_where_the_profile_has_none() {
        fails_for(&STAFF_SIGN_IN, "identity_codes", |tbs| {
            tbs.extensions.as_mut().unwrap().push(tax_number())
        });
    }

    #[test]
    fn codes_in_other_forms() {
        // NULL, an IA5String, an empty string, a line break, a fourth choice, a choice with the wrong string inside.
        let wrong: [&[u8]; 7] = [
            &[5, 0],
            b"\x16\x01a",
            b"\x0c\x00",
            b"\x0c\x01\n",
            b"\x83\x01a",
            b"\xa0\x03\x0c\x01a",
            b"\x0c\x02a",
        ];
        for wrong in wrong {
            let extn_value = OctetString::new(wrong).unwrap();
            fails("identity_codes", |tbs| {
                tbs.extensions.as_mut().unwrap().push(Extension { extn_value, ..tax_number() });
            });
        }
    }
}
