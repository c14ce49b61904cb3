//! A status answer: a whole ResponseData (RFC 6960, 4.2.1) that names this responder.

use certificate::Certificate;
use der::asn1::{AnyRef, GeneralizedTime, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tag};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use x509_cert::spki::SubjectPublicKeyInfoRef;

use crate::keyring::Held;
use crate::refusal::SignError;

const VERSION: u8 = 0xa0;
const BY_NAME: u8 = 0xa1;
const BY_KEY: u8 = 0xa2;
const EXTENSIONS: u8 = 0xa1;

pub(super) fn check(held: &Held, to_be_signed: &[u8]) -> Result<(), SignError> {
    let responder = responder(to_be_signed).map_err(|e| SignError::NotAStatus(e.to_string()))?;
    let ours = match responder {
        Responder::Name(name) => name == held.certificate.subject().der(),
        Responder::Key(hash) => key_hash(&held.certificate).is_some_and(|own| own == hash),
    };
    if ours { Ok(()) } else { Err(SignError::OtherIssuer) }
}

enum Responder<'a> {
    Name(&'a [u8]),
    /// SHA-1 of the key's bits.
    Key(&'a [u8]),
}

fn responder(der: &[u8]) -> der::Result<Responder<'_>> {
    let mut reader = SliceReader::new(der)?;
    let responder = reader.sequence(|reader| {
        if reader.peek_byte() == Some(VERSION) {
            reader.tlv_bytes()?;
        }
        let how = reader.peek_byte();
        let inner = AnyRef::decode(reader)?.value();
        let responder = match how {
            Some(BY_NAME) => Responder::Name(inner),
            Some(BY_KEY) => Responder::Key(<&OctetStringRef>::from_der(inner)?.as_bytes()),
            _ => return Err(der::Error::from(Tag::Sequence.value_error())),
        };
        GeneralizedTime::decode(reader)?;
        answers(AnyRef::decode(reader)?)?;
        if reader.peek_byte() == Some(EXTENSIONS) {
            reader.tlv_bytes()?;
        }
        Ok(responder)
    })?;
    reader.finish()?;
    Ok(responder)
}

/// At least one SingleResponse: each begins with a CertID.
fn answers(list: AnyRef<'_>) -> der::Result<()> {
    der::Tagged::tag(&list).assert_eq(Tag::Sequence)?;
    let mut reader = SliceReader::new(list.value())?;
    loop {
        reader.sequence(|reader| {
            AnyRef::decode(reader)?.sequence(|id| {
                while !id.is_finished() {
                    id.tlv_bytes()?;
                }
                der::Result::Ok(())
            })?;
            while !reader.is_finished() {
                reader.tlv_bytes()?;
            }
            der::Result::Ok(())
        })?;
        if reader.is_finished() {
            return Ok(());
        }
    }
}

fn key_hash(certificate: &Certificate) -> Option<Vec<u8>> {
    let info = SubjectPublicKeyInfoRef::from_der(certificate.spki()).ok()?;
    Some(digest(&SHA1_FOR_LEGACY_USE_ONLY, info.subject_public_key.as_bytes()?).as_ref().to_vec())
}
