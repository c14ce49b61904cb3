//! PKCS#10 (GM/T 0092) in two halves, because the signature between them is made by the key.

use crate::{
    der,
    message::NameParts,
    signing::{Point, public_key_info},
};

/// CertificationRequestInfo: the bytes the key signs. Attributes are empty.
pub fn to_be_signed(subject: &NameParts, point: &Point) -> Vec<u8> {
    der::sequence(&[&der::unsigned(&[0]), &name(subject), &public_key_info(point), &der::element(0xA0, &[])])
}

/// The whole request, from its first half and a DER signature (SM2 with SM3, no parameters).
pub fn assemble(to_be_signed: &[u8], signature: &[u8]) -> Vec<u8> {
    let algorithm = der::element(0x06, &[0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x83, 0x75]);
    der::sequence(&[to_be_signed, &der::sequence(&[&algorithm]), &der::bit_string(signature)])
}

/// C, O, OU, serialNumber, CN, each in its own set; C and serialNumber are PrintableString, the others UTF8String.
fn name(parts: &NameParts) -> Vec<u8> {
    const PRINTABLE: u8 = 0x13;
    const UTF8: u8 = 0x0C;
    let attributes = [
        (0x06, PRINTABLE, Some(&parts.country)),
        (0x0A, UTF8, parts.organisation.as_ref()),
        (0x0B, UTF8, parts.unit.as_ref()),
        (0x05, PRINTABLE, parts.serial_number.as_ref()),
        (0x03, UTF8, Some(&parts.common_name)),
    ];
    let sets: Vec<Vec<u8>> = attributes
        .into_iter()
        .filter_map(|(last, kind, value)| value.map(|value| (last, kind, value)))
        .map(|(last, kind, value)| {
            let oid = der::element(0x06, &[0x55, 0x04, last]);
            der::element(0x31, &der::sequence(&[&oid, &der::element(kind, value.as_bytes())]))
        })
        .collect();
    der::element(0x30, &sets.concat())
}
