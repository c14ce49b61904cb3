//! A revocation list: a whole TBSCertList, and the authority's own. What is on it is the office's business.

use der::asn1::{AnyRef, ObjectIdentifier, UintRef};
use der::{Decode, ErrorKind, Reader, SliceReader, Tag};

use crate::keyring::Held;
use crate::refusal::SignError;

pub(super) fn check(held: &Held, to_be_signed: &[u8]) -> Result<(), SignError> {
    let issuer = issuer(to_be_signed).map_err(|e| SignError::NotARevocationList(e.to_string()))?;
    if issuer == held.certificate.subject().der() { Ok(()) } else { Err(SignError::OtherIssuer) }
}

/// Walks the structure of RFC 5280, 5.1.2; a TBSCertificate or a ResponseData does not pass.
fn issuer(der: &[u8]) -> der::Result<&[u8]> {
    let mut reader = SliceReader::new(der)?;
    let issuer = reader.sequence(|reader| {
        // v2 has the number 1; a list without a version is v1 and not ours.
        if u8::decode(reader)? != 1 {
            return Err(der::Error::from(Tag::Integer.value_error()));
        }
        reader.sequence(|reader| {
            let _: ObjectIdentifier = ObjectIdentifier::decode(reader)?;
            while !reader.is_finished() {
                reader.tlv_bytes()?;
            }
            der::Result::Ok(())
        })?;
        let issuer = expect(reader, Tag::Sequence)?;
        time(reader)?;
        if comes(reader, Tag::UtcTime) || comes(reader, Tag::GeneralizedTime) {
            time(reader)?;
        }
        if comes(reader, Tag::Sequence) {
            entries(AnyRef::decode(reader)?.value())?;
        }
        // crlExtensions [0]; a list without a number is none.
        match reader.tlv_bytes()?.first() {
            Some(0xa0) => Ok(issuer),
            _ => Err(Tag::Sequence.value_error().into()),
        }
    })?;
    reader.finish()?;
    Ok(issuer)
}

/// Each entry begins with a serial and a date.
fn entries(der: &[u8]) -> der::Result<()> {
    let mut reader = SliceReader::new(der)?;
    while !reader.is_finished() {
        reader.sequence(|reader| {
            UintRef::decode(reader)?;
            time(reader)?;
            if !reader.is_finished() {
                expect(reader, Tag::Sequence)?;
            }
            der::Result::Ok(())
        })?;
    }
    Ok(())
}

fn time(reader: &mut SliceReader<'_>) -> der::Result<()> {
    x509_cert::time::Time::decode(reader).map(|_| ())
}

fn comes(reader: &SliceReader<'_>, tag: Tag) -> bool {
    Tag::peek(reader).is_ok_and(|next| next == tag)
}

fn expect<'a>(reader: &mut SliceReader<'a>, tag: Tag) -> der::Result<&'a [u8]> {
    if comes(reader, tag) {
        reader.tlv_bytes()
    } else {
        Err(ErrorKind::TagUnexpected { expected: Some(tag), actual: Tag::peek(reader)? }.into())
    }
}
