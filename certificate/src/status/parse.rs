//! An OCSPResponse taken apart (RFC 6960, 4.2.1).

use der::asn1::{BitStringRef, GeneralizedTime, ObjectIdentifier, OctetStringRef};
use der::{Decode, Header, Reader, SliceReader, Tag, TagMode, TagNumber};
use x509_cert::ext::Extension;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::request::NONCE;
use super::template::BASIC;
use super::{Answer, CertificateId, ResponseError, Standing};
use crate::read::Certificate;
use crate::revocation::Reason;
use crate::wire;

/// BasicOCSPResponse.
pub(super) struct Basic<'a> {
    pub to_be_signed: &'a [u8],
    pub algorithm: AlgorithmIdentifierOwned,
    pub signature: &'a [u8],
    pub certificates: Vec<Certificate>,
}

/// ResponseData.
pub(super) struct Data {
    pub responder: Responder,
    pub produced_at: i64,
    pub answers: Vec<Answer>,
    pub nonce: Option<Vec<u8>>,
}

/// ResponderID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Responder {
    /// DER name.
    Name(Vec<u8>),
    /// SHA-1 of the key.
    Key(Vec<u8>),
}

/// The content of the basic response, or the status that stands in its place.
pub(super) fn response_bytes(der: &[u8]) -> Result<&[u8], ResponseError> {
    let mut reader = SliceReader::new(der)?;
    let bytes = reader.sequence(|reader| {
        match enumerated(reader)? {
            0 => {}
            status => return Err(ResponseError::NoAnswer(status)),
        }
        explicit(reader, 0, |reader| {
            reader.sequence(|reader| {
                if ObjectIdentifier::decode(reader)? != BASIC {
                    return Err(ResponseError::NotDer);
                }
                Ok(<&OctetStringRef>::decode(reader)?.as_bytes())
            })
        })
    })?;
    reader.finish()?;
    Ok(bytes)
}

pub(super) fn basic(der: &[u8]) -> Result<Basic<'_>, ResponseError> {
    let mut reader = SliceReader::new(der)?;
    let basic = reader.sequence(|reader| {
        let to_be_signed = reader.tlv_bytes()?;
        let algorithm = AlgorithmIdentifierOwned::decode(reader)?;
        let signature = BitStringRef::decode(reader)?.as_bytes().ok_or(ResponseError::NotDer)?;
        let mut certificates = Vec::new();
        if !reader.is_finished() {
            explicit(reader, 0, |reader| {
                reader.sequence(|reader| {
                    while !reader.is_finished() {
                        let certificate = Certificate::from_der(reader.tlv_bytes()?);
                        certificates.push(certificate.map_err(|_| ResponseError::NotDer)?);
                    }
                    Ok::<_, ResponseError>(())
                })
            })?;
        }
        Ok::<_, ResponseError>(Basic { to_be_signed, algorithm, signature, certificates })
    })?;
    reader.finish()?;
    Ok(basic)
}

pub(super) fn data(der: &[u8]) -> Result<Data, ResponseError> {
    let mut reader = SliceReader::new(der)?;
    let data = reader.sequence(|reader| {
        if reader.context_specific::<u8>(TagNumber(0), TagMode::Explicit)?.is_some_and(|version| version != 0)
        {
            return Err(ResponseError::NotDer);
        }
        let responder = if wire::comes(reader, wire::field(1)) {
            explicit(reader, 1, |reader| Ok(Responder::Name(reader.tlv_bytes()?.to_vec())))?
        } else {
            let key =
                |reader: &mut SliceReader<'_>| Ok(<&OctetStringRef>::decode(reader)?.as_bytes().to_vec());
            Responder::Key(explicit(reader, 2, key)?)
        };
        let produced_at = generalized(reader)?;
        let answers = reader.sequence(|reader| {
            let mut answers = Vec::new();
            while !reader.is_finished() {
                answers.push(reader.sequence(single)?);
            }
            Ok::<_, ResponseError>(answers)
        })?;
        let nonce = extensions(reader, 1)?;
        Ok(Data { responder, produced_at, answers, nonce })
    })?;
    reader.finish()?;
    Ok(data)
}

/// SingleResponse.
fn single(reader: &mut SliceReader<'_>) -> Result<Answer, ResponseError> {
    let id = CertificateId::read(reader).map_err(|_| ResponseError::NotDer)?;
    let header = Header::decode(reader)?;
    let Tag::ContextSpecific { number, .. } = header.tag() else { return Err(ResponseError::NotDer) };
    let standing = reader.read_nested(header.length(), |reader| match number {
        TagNumber(0) => Ok(Standing::Good),
        TagNumber(1) => {
            let at = generalized(reader)?;
            let reason: Option<u8> =
                if reader.is_finished() { None } else { Some(explicit(reader, 0, enumerated)?) };
            let reason = reason.map_or(Some(Reason::Unspecified), Reason::from_number);
            Ok(Standing::Revoked { at, reason: reason.ok_or(ResponseError::NotDer)? })
        }
        TagNumber(2) => Ok(Standing::Unknown),
        _ => Err(ResponseError::NotDer),
    })?;
    let this_update = generalized(reader)?;
    let next = wire::comes(reader, wire::field(0));
    let next_update = if next { Some(explicit(reader, 0, generalized)?) } else { None };
    extensions(reader, 1)?;
    Ok(Answer { id, standing, this_update, next_update })
}

/// The nonce among the extensions, if there are any. A critical one that is not understood spoils the answer.
fn extensions(reader: &mut SliceReader<'_>, number: u32) -> Result<Option<Vec<u8>>, ResponseError> {
    let found: Option<Vec<Extension>> = reader.context_specific(TagNumber(number), TagMode::Explicit)?;
    let mut nonce = None;
    for extension in found.iter().flatten() {
        if extension.extn_id == NONCE {
            nonce = Some(<&OctetStringRef>::from_der(extension.extn_value.as_bytes())?.as_bytes().to_vec());
        } else if extension.critical {
            return Err(ResponseError::NotUnderstood);
        }
    }
    Ok(nonce)
}

/// What stands within a constructed context-specific tag.
fn explicit<'a, T>(
    reader: &mut SliceReader<'a>,
    number: u32,
    read: impl FnOnce(&mut SliceReader<'a>) -> Result<T, ResponseError>,
) -> Result<T, ResponseError> {
    let header = Header::decode(reader)?;
    if header.tag() != wire::field(number) {
        return Err(ResponseError::NotDer);
    }
    reader.read_nested(header.length(), read)
}

fn generalized(reader: &mut SliceReader<'_>) -> Result<i64, ResponseError> {
    let seconds = GeneralizedTime::decode(reader)?.to_unix_duration().as_secs();
    i64::try_from(seconds).map_err(|_| ResponseError::NotDer)
}

/// A small ENUMERATED.
fn enumerated(reader: &mut SliceReader<'_>) -> Result<u8, ResponseError> {
    match reader.tlv_bytes()? {
        [0x0a, 1, number @ 0..0x80] => Ok(*number),
        _ => Err(ResponseError::NotDer),
    }
}
