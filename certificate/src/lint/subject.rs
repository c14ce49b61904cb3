//! The subject has a name, its country code is two printable capitals, and no part is too long.

use der::asn1::{Any, ObjectIdentifier, SetOfVec};
use der::{Tag, Tagged};
use x509_cert::attr::AttributeTypeAndValue;

use super::{Candidate, Rule};

pub(super) static RULE: Rule = Rule {
    name: "subject",
    citation: "RFC 5280, 4.1.2.4, 4.1.2.6 and appendix A.1 (upper bounds; country is PrintableString)",
    check,
};

const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// The widest bound of appendix A.1 (locality, province); names from parts are held to their own bounds already.
const WIDEST: usize = 128;

fn check(candidate: &Candidate) -> Result<(), String> {
    let parts: Vec<SetOfVec<AttributeTypeAndValue>> =
        candidate.tbs.subject.decode_as().map_err(|_| "the subject cannot be read")?;
    let parts: Vec<&AttributeTypeAndValue> = parts.iter().flat_map(|set| set.iter()).collect();
    if !parts.iter().any(|part| part.oid == COMMON_NAME) {
        return Err("the subject has no common name".into());
    }
    parts.iter().try_for_each(|part| check_part(part.oid, &part.value))
}

fn check_part(oid: ObjectIdentifier, value: &Any) -> Result<(), String> {
    let text = std::str::from_utf8(value.value()).map_err(|_| format!("part {oid} is not text"))?;
    let printable = value.tag() == Tag::PrintableString;
    if oid == COUNTRY && !(printable && text.len() == 2 && text.bytes().all(|it| it.is_ascii_uppercase())) {
        return Err("the country is not two capital letters in a PrintableString".into());
    }
    if !(printable || value.tag() == Tag::Utf8String) {
        return Err(format!("part {oid} is neither PrintableString nor UTF8String"));
    }
    match text.chars().count() {
        1..=WIDEST if !text.chars().any(char::is_control) => Ok(()),
        _ => Err(format!("part {oid} is empty, too long, or has control characters")),
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
}
