//! A list's DER taken apart, without copying what can be a million entries.

use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef, UintRef};
use der::oid::AssociatedOid;
use der::{Decode, Reader, SliceReader, Tag, TagMode, TagNumber};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::CrlReason;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

use super::{Entry, Reason};
use crate::read::unix;
use crate::wire;

/// Of CertificateList: the signed part with its header, the algorithm outside, the signature.
pub(super) fn parts(der: &[u8]) -> der::Result<(&[u8], AlgorithmIdentifierOwned, &[u8])> {
    let mut reader = SliceReader::new(der)?;
    let parts = reader.sequence(|reader| {
        let to_be_signed = reader.tlv_bytes()?;
        let algorithm = AlgorithmIdentifierOwned::decode(reader)?;
        let signature = BitStringRef::decode(reader)?;
        let signature = signature.as_bytes().ok_or(Tag::BitString.value_error())?;
        der::Result::Ok((to_be_signed, algorithm, signature))
    })?;
    reader.finish()?;
    Ok(parts)
}

/// TBSCertList (RFC 5280, 5.1.2).
pub(super) struct Tbs<'a> {
    pub algorithm: AlgorithmIdentifierOwned,
    pub issuer: &'a [u8],
    pub this_update: Time,
    pub next_update: Option<Time>,
    pub entries: &'a [u8],
    pub extensions: Vec<Extension>,
}

impl<'a> Tbs<'a> {
    pub(super) fn from_der(der: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(der)?;
        let tbs = reader.sequence(|reader| {
            if u8::decode(reader)? != 1 {
                return Err(Tag::Integer.value_error().into());
            }
            let algorithm = AlgorithmIdentifierOwned::decode(reader)?;
            let issuer = reader.tlv_bytes()?;
            let this_update = Time::decode(reader)?;
            let next = [Tag::UtcTime, Tag::GeneralizedTime].into_iter().any(|tag| wire::comes(reader, tag));
            let next_update = if next { Some(Time::decode(reader)?) } else { None };
            let entries =
                if wire::comes(reader, Tag::Sequence) { AnyRef::decode(reader)?.value() } else { &[] };
            let extensions = reader.context_specific(TagNumber(0), TagMode::Explicit)?;
            let extensions = extensions.unwrap_or_default();
            Ok(Tbs { algorithm, issuer, this_update, next_update, entries, extensions })
        });
        reader.finish()?;
        tbs
    }
}

/// One entry. A critical extension is refused, since it may say that the entry is another issuer's.
pub(super) fn read_entry(reader: &mut SliceReader<'_>) -> der::Result<Entry> {
    reader.sequence(|reader| {
        let serial = UintRef::decode(reader)?.as_bytes().to_vec();
        let at = unix(Time::decode(reader)?);
        let mut reason = Reason::Unspecified;
        if !reader.is_finished() {
            reader.sequence(|reader| {
                while !reader.is_finished() {
                    reason = read_extension(reader)?.unwrap_or(reason);
                }
                der::Result::Ok(())
            })?;
        }
        Ok(Entry { serial, at, reason })
    })
}

fn read_extension(reader: &mut SliceReader<'_>) -> der::Result<Option<Reason>> {
    reader.sequence(|reader| {
        let oid = ObjectIdentifier::decode(reader)?;
        let critical = wire::comes(reader, Tag::Boolean) && bool::decode(reader)?;
        let value = <&OctetStringRef>::decode(reader)?.as_bytes();
        if oid == CrlReason::OID {
            let reason = CrlReason::from_der(value)?;
            return Ok(Reason::from_number(reason as u8));
        }
        if critical { Err(Tag::Boolean.value_error().into()) } else { Ok(None) }
    })
}
