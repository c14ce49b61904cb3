//! The subject's parts are ones that we know, each once, in its string kind and not too long; one of them is the name.

use der::asn1::{Any, ObjectIdentifier, SetOfVec};
use der::{Tag, Tagged};
use x509_cert::attr::AttributeTypeAndValue;

use super::{Candidate, Rule};
use crate::name::{KINDS, is_printable};

pub(super) static RULE: Rule = Rule {
    name: "subject",
    citation: "RFC 5280, 4.1.2.4, 4.1.2.6 and appendix A.1 (upper bounds; country and serialNumber are PrintableString)",
    check,
};

const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

fn check(candidate: &Candidate) -> Result<(), String> {
    let sets: Vec<SetOfVec<AttributeTypeAndValue>> =
        candidate.tbs.subject.decode_as().map_err(|_| "the subject cannot be read")?;
    if sets.iter().any(|set| set.len() != 1) {
        return Err("a part of the subject has not exactly one value".into());
    }
    let parts: Vec<&AttributeTypeAndValue> = sets.iter().flat_map(|set| set.iter()).collect();
    if !parts.iter().any(|part| part.oid == COMMON_NAME) {
        return Err("the subject has no common name".into());
    }
    for (at, part) in parts.iter().enumerate() {
        if parts[..at].iter().any(|before| before.oid == part.oid) {
            return Err(format!("part {} stands twice", part.oid));
        }
        check_part(part.oid, &part.value)?;
    }
    Ok(())
}

fn check_part(oid: ObjectIdentifier, value: &Any) -> Result<(), String> {
    let kind = KINDS.iter().find(|kind| kind.oid == oid).ok_or_else(|| format!("part {oid} is unknown"))?;
    let label = kind.label;
    let text = std::str::from_utf8(value.value()).map_err(|_| format!("{label} is not text"))?;
    match value.tag() {
        Tag::PrintableString if text.bytes().all(is_printable) => {}
        Tag::PrintableString => return Err(format!("{label} has characters that a PrintableString has not")),
        Tag::Utf8String if !kind.printable => {}
        other => return Err(format!("{label} is a {other}")),
    }
    if oid == COUNTRY && !(text.len() == 2 && text.bytes().all(|it| it.is_ascii_uppercase())) {
        return Err("the country is not two capital letters".into());
    }
    match text.chars().count() {
        0 => Err(format!("{label} is empty")),
        length if length > kind.limit => {
            Err(format!("{label} has {length} characters, {} at most", kind.limit))
        }
        _ if text.chars().any(char::is_control) => Err(format!("{label} has control characters")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use der::asn1::Any;
    use der::{Decode, Encode, Tag};
    use x509_cert::attr::AttributeTypeAndValue;

    use super::{COMMON_NAME, COUNTRY, ObjectIdentifier, SetOfVec};
    use crate::lint::specimen::fails;
    use crate::tbs::Tbs;

    fn name(parts: &[(ObjectIdentifier, Tag, &str)], tbs: &mut Tbs) {
        let set = |(oid, tag, text): &(ObjectIdentifier, Tag, &str)| {
            let value = Any::new(*tag, text.as_bytes()).unwrap();
            SetOfVec::try_from(vec![AttributeTypeAndValue { oid: *oid, value }]).unwrap()
        };
        let sets: Vec<_> = parts.iter().map(set).collect();
        tbs.subject = Any::from_der(&sets.to_der().unwrap()).unwrap();
    }

    #[test]
    fn no_name_at_all() {
        fails("subject", |tbs| name(&[], tbs));
    }

    #[test]
    fn a_country_in_utf8() {
        let country = (COUNTRY, Tag::Utf8String, "CN");
        fails("subject", |tbs| name(&[country, (COMMON_NAME, Tag::Utf8String, "甲")], tbs));
    }

    #[test]
    fn a_name_in_ia5() {
        fails("subject", |tbs| name(&[(COMMON_NAME, Tag::Ia5String, "a")], tbs));
    }

    #[test]
    fn a_line_break() {
        fails("subject", |tbs| name(&[(COMMON_NAME, Tag::Utf8String, "甲\n乙")], tbs));
    }

    #[test]
    fn parts_that_are_too_long_twice_or_unknown() {
        const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
        const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");
        const TITLE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.12");
        let long = "甲".repeat(65);
        for wrong in [
            &[(ORGANISATION, Tag::Utf8String, long.as_str())][..],
            &[(ORGANISATION, Tag::Utf8String, "")],
            &[(ORGANISATION, Tag::Utf8String, "甲"), (ORGANISATION, Tag::Utf8String, "乙")],
            &[(ORGANISATION, Tag::PrintableString, "a_b")],
            &[(SERIAL_NUMBER, Tag::Utf8String, "91110108MA01ABCD2X")],
            &[(TITLE, Tag::Utf8String, "甲")],
        ] {
            fails("subject", |tbs| name(&[wrong, &[(COMMON_NAME, Tag::Utf8String, "甲")]].concat(), tbs));
        }
    }

    #[test]
    fn a_part_with_two_values() {
        fails("subject", |tbs| {
            let part = |text: &str| AttributeTypeAndValue {
                oid: COMMON_NAME,
                value: Any::new(Tag::Utf8String, text.as_bytes()).unwrap(),
            };
            let sets = vec![SetOfVec::try_from(vec![part("a"), part("b")]).unwrap()];
            tbs.subject = Any::from_der(&sets.to_der().unwrap()).unwrap();
        });
    }
}
