//! A question from anybody: read within bounds, and nothing in it trusted.

use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{Decode, Reader, SliceReader, TagMode, TagNumber};
use x509_cert::ext::Extension;

use super::{CertificateId, NoAnswer};
use crate::wire::{self, OCTET_STRING, OID, SEQUENCE, context, wrap};

/// Octets of a request. One id has about 80, a signed request with its chain some thousands.
pub const MAX_REQUEST: usize = 16 * 1024;

/// Certificates in one request.
pub const MAX_IDS: usize = 16;

/// Octets of a nonce that are answered (RFC 9654, 2.1).
pub const MAX_NONCE: usize = 32;

/// Beyond this a nonce is malformed (RFC 9654); between the two it may be, and is, ignored.
const LONGEST_NONCE: usize = 128;

/// id-pkix-ocsp-nonce.
pub(super) const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2");

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusRequest {
    /// At least one, at most [`MAX_IDS`].
    pub ids: Vec<CertificateId>,
    /// 1 to [`MAX_NONCE`] octets, to be sent back.
    pub nonce: Option<Vec<u8>>,
}

/// Why a question is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefusal {
    #[error("this is not a DER OCSP request of version 1")]
    Malformed,
    #[error("the request asks for too many certificates")]
    TooMany,
    #[error("the request has a critical extension that is not understood")]
    Critical,
    #[error("the request names its issuer by a hash other than SHA-1, SHA-256 and SM3")]
    Hash,
    #[error("the nonce is empty or too long")]
    Nonce,
}

impl RequestRefusal {
    /// What to send: [`super::error_response`] of this.
    pub fn answer(self) -> NoAnswer {
        match self {
            RequestRefusal::Hash => NoAnswer::Unauthorized,
            _ => NoAnswer::MalformedRequest,
        }
    }
}

impl From<der::Error> for RequestRefusal {
    fn from(_: der::Error) -> Self {
        RequestRefusal::Malformed
    }
}

impl StatusRequest {
    /// Reads a DER OCSPRequest. A requestor's name and signature are allowed and not looked at: everybody may ask.
    pub fn parse(der: &[u8]) -> Result<Self, RequestRefusal> {
        if der.len() > MAX_REQUEST {
            return Err(RequestRefusal::Malformed);
        }
        let mut reader = SliceReader::new(der)?;
        let request = reader.sequence(|reader| {
            let request = reader.sequence(read_tbs)?;
            skip(reader, 0)?;
            Ok::<_, RequestRefusal>(request)
        })?;
        reader.finish()?;
        Ok(request)
    }

    /// The question as a client asks it, unsigned; DER.
    pub fn to_der(&self) -> Vec<u8> {
        let mut list = Vec::new();
        for id in &self.ids {
            let mut one = Vec::new();
            id.put(&mut one);
            list.extend_from_slice(&wrap(SEQUENCE, &[&one]));
        }
        let list = wrap(SEQUENCE, &[&list]);
        let nonce = self.nonce.as_ref().map(|nonce| wrap(context(2), &[&nonce_extensions(nonce)]));
        wrap(SEQUENCE, &[&wrap(SEQUENCE, &[&list, &nonce.unwrap_or_default()])])
    }
}

/// Extensions with the nonce alone, not critical.
pub(super) fn nonce_extensions(nonce: &[u8]) -> Vec<u8> {
    let value = wrap(OCTET_STRING, &[&wrap(OCTET_STRING, &[nonce])]);
    wrap(SEQUENCE, &[&wrap(SEQUENCE, &[&wrap(OID, &[NONCE.as_bytes()]), &value])])
}

/// TBSRequest.
fn read_tbs(reader: &mut SliceReader<'_>) -> Result<StatusRequest, RequestRefusal> {
    if reader.context_specific::<u8>(TagNumber(0), TagMode::Explicit)?.is_some_and(|version| version != 0) {
        return Err(RequestRefusal::Malformed);
    }
    skip(reader, 1)?;
    let ids = reader.sequence(read_list)?;
    let extensions: Option<Vec<Extension>> = reader.context_specific(TagNumber(2), TagMode::Explicit)?;
    let nonce = read_extensions(&extensions.unwrap_or_default())?;
    Ok(StatusRequest { ids, nonce })
}

fn read_list(reader: &mut SliceReader<'_>) -> Result<Vec<CertificateId>, RequestRefusal> {
    let mut ids = Vec::with_capacity(1);
    while !reader.is_finished() {
        if ids.len() == MAX_IDS {
            return Err(RequestRefusal::TooMany);
        }
        ids.push(reader.sequence(|reader| {
            let id = CertificateId::read(reader)?;
            let extensions: Option<Vec<Extension>> =
                reader.context_specific(TagNumber(0), TagMode::Explicit)?;
            let critical = extensions.iter().flatten().any(|extension| extension.critical);
            if critical { Err(RequestRefusal::Critical) } else { Ok(id) }
        })?);
    }
    if ids.is_empty() { Err(RequestRefusal::Malformed) } else { Ok(ids) }
}

/// The nonce. Other extensions (accepted response types, a service locator) are wishes; a critical one is a demand.
fn read_extensions(extensions: &[Extension]) -> Result<Option<Vec<u8>>, RequestRefusal> {
    let mut nonce = None;
    for extension in extensions {
        if extension.extn_id != NONCE {
            if extension.critical {
                return Err(RequestRefusal::Critical);
            }
            continue;
        }
        let octets = <&OctetStringRef>::from_der(extension.extn_value.as_bytes())?.as_bytes();
        if nonce.is_some() || !(1..=LONGEST_NONCE).contains(&octets.len()) {
            return Err(RequestRefusal::Nonce);
        }
        nonce = Some(octets.to_vec());
    }
    Ok(nonce.filter(|nonce| nonce.len() <= MAX_NONCE))
}

/// Steps over an optional explicit field.
fn skip(reader: &mut SliceReader<'_>, number: u32) -> der::Result<()> {
    if wire::comes(reader, wire::field(number)) {
        reader.tlv_bytes()?;
    }
    Ok(())
}
