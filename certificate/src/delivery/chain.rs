//! A chain as one file: PKCS#7 SignedData without a signature (RFC 2315, 9.1, "degenerate"), known as P7B.

use der::asn1::ObjectIdentifier;
use der::{Decode, Reader, SliceReader, Tag};

use super::{DeliveryError, MAX_BYTES, certificate_set, read_certificates, within, within_the};
use crate::read::Certificate;
use crate::wire::{self, INTEGER, OID, SEQUENCE, SET, context, wrap};

/// pkcs7-signedData. China's own arc names the same structure; every program reads this one.
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
/// GB/T 35275, 6.1: read, not written.
const SM2_SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.6.1.4.2.2");

/// The certificates as a P7B file; DER. A SET has no order.
pub fn to_der(certificates: &[Certificate]) -> Vec<u8> {
    let data = wrap(SEQUENCE, &[&wrap(OID, &[DATA.as_bytes()])]);
    let certificates = wrap(context(0), &[&certificate_set(certificates)]);
    let empty = wrap(SET, &[]);
    let signed = wrap(SEQUENCE, &[&wrap(INTEGER, &[&[1]]), &empty, &data, &certificates, &empty]);
    wrap(SEQUENCE, &[&wrap(OID, &[SIGNED_DATA.as_bytes()]), &wrap(context(0), &[&signed])])
}

/// The certificates of a P7B file, in the file's order, none of them verified.
pub fn from_der(der: &[u8]) -> Result<Vec<Certificate>, DeliveryError> {
    if der.len() > MAX_BYTES {
        return Err(DeliveryError::NotDer);
    }
    let mut reader = SliceReader::new(der)?;
    let certificates = within_the(&mut reader, Tag::Sequence, |reader| {
        if ![SIGNED_DATA, SM2_SIGNED_DATA].contains(&ObjectIdentifier::decode(reader)?) {
            return Err(DeliveryError::NotDer);
        }
        within_the(reader, wire::field(0), |reader| {
            within_the(reader, Tag::Sequence, |reader| {
                // Version, digest algorithms and content do not matter: nothing is signed by them.
                u8::decode(reader)?;
                reader.tlv_bytes()?;
                reader.tlv_bytes()?;
                let certificates = within(reader, wire::field(0), read_certificates)?;
                while !reader.is_finished() {
                    reader.tlv_bytes()?;
                }
                certificates.ok_or(DeliveryError::Certificates)
            })
        })
    })?;
    reader.finish()?;
    Ok(certificates)
}
