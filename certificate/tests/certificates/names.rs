//! Names: order and string kinds on the wire, and what a name cannot carry.

use certificate::name::NameError;
use certificate::{Name, NameParts};

use crate::stage;

#[test]
fn country_stands_first_and_is_printable() {
    let name = stage::name("某某", "某甲");
    // SEQUENCE { SET { SEQUENCE { 2.5.4.6, PrintableString "CN" } } … }
    assert_eq!(&name.der()[2..15], b"\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02CN");
    assert_eq!(name.to_string(), "C=CN, O=某某, CN=某甲");
    assert_eq!(Name::from_der(name.der()).unwrap(), name);
}

#[test]
fn every_part_has_its_place() {
    let name = stage::facts(&stage::key(3)).subject;
    let text = "C=CN, ST=北京市, L=海淀区, O=北京示例科技有限公司, OU=财务部, \
                serialNumber=91110108MA01ABCD2X, CN=北京示例科技有限公司";
    assert_eq!(name.to_string(), text);
    assert_eq!(name.serial_number(), Some("91110108MA01ABCD2X"));
    assert_eq!(name.organisation(), Some("北京示例科技有限公司"));
    assert_eq!((name.country(), name.unit()), (Some("CN"), Some("财务部")));
}

#[test]
fn parts_that_a_name_cannot_carry() {
    let with = |set: fn(&mut NameParts, String), text: &str| {
        let mut parts = NameParts::default();
        set(&mut parts, text.into());
        Name::from_parts(&parts)
    };
    let country = |text| with(|parts, text| parts.country = Some(text), text);
    let common_name = |text: &str| with(|parts, text| parts.common_name = Some(text), text);
    let serial_number = |text| with(|parts, text| parts.serial_number = Some(text), text);
    for wrong in ["cn", "CHN", "中国", "C", ""] {
        assert_eq!(country(wrong), Err(NameError::Part { part: "C", limit: 2 }), "{wrong}");
    }
    for wrong in ["", " 甲", "甲\n乙", "甲\0", &"甲".repeat(65)] {
        assert_eq!(common_name(wrong), Err(NameError::Part { part: "CN", limit: 64 }), "{wrong}");
    }
    assert!(common_name(&"甲".repeat(64)).is_ok(), "the bound counts characters, not octets");
    assert_eq!(serial_number("九一"), Err(NameError::Part { part: "serialNumber", limit: 64 }));
    assert_eq!(Name::from_parts(&NameParts::default()), Err(NameError::Empty));
}

/// Old certificates carry BMPString; a part that is no text prints as digits instead of failing.
#[test]
fn foreign_names_are_readable() {
    let bmp = b"\x30\x0f\x31\x0d\x30\x0b\x06\x03\x55\x04\x03\x1e\x04\x75\x32\x4e\x59";
    assert_eq!(Name::from_der(bmp).unwrap().common_name(), Some("甲乙"));
    let broken = b"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02\xff\xfe";
    assert_eq!(Name::from_der(broken).unwrap().common_name(), Some("#fffe"));
}
