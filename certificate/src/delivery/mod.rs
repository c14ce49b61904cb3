//! How certificates and an encryption pair travel to their holder, in the forms that devices and programs want.
//!
//! Owns: the answer to a request (GM/T 0092), the signed and enveloped key (GB/T 35275), a chain as PKCS#7, a
//!       detached signature with its time, and the
//!       blobs of a UKEY's SKF library (GM/T 0016).
//! Never: sealing by itself: the pair is sealed as in [`crate::envelope`]; issuing, storing.
//! Start at: [`CsrResponse`]; [`signed_and_enveloped`] is the second form; [`skf`] is what a device imports.

pub mod chain;
mod csr_response;
pub mod signed_and_enveloped;
pub mod signed_data;
pub mod skf;

pub use csr_response::CsrResponse;

use der::{Reader, SliceReader, Tag};

use crate::envelope::EnvelopeError;
use crate::read::Certificate;
use crate::sign::SignerError;
use crate::sm2::Sm2Error;
use crate::wire;

/// Two chains and an envelope have some kilobytes.
const MAX_BYTES: usize = 64 * 1024;

/// Certificates in one set: two chains of an authority have six.
const MAX_CERTIFICATES: usize = 16;

/// Why something delivered is not taken, or cannot be put together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    #[error("this is not the DER of such a delivery")]
    NotDer,
    #[error("a certificate in it cannot be read, or there are too many")]
    Certificates,
    #[error("an algorithm in it is not the one that the standard names")]
    Algorithm,
    #[error("nothing in it is for this key")]
    NotForThisKey,
    #[error("the private key in it does not belong to the encryption certificate")]
    WrongPair,
    #[error("the sender's signature does not verify")]
    Signature,
    #[error("there is no sealed key in it")]
    NoKey,
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    #[error("the key could not be sealed: {0}")]
    Seal(Sm2Error),
    #[error(transparent)]
    Signer(#[from] SignerError),
}

impl From<der::Error> for DeliveryError {
    fn from(_: der::Error) -> Self {
        DeliveryError::NotDer
    }
}

/// A SET OF in DER: sorted by the octets of its members, each once (X.690, 11.6).
fn set_of(members: &[&[u8]]) -> Vec<u8> {
    let mut sorted = members.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.concat()
}

/// The content of a CertificateSet.
fn certificate_set(certificates: &[Certificate]) -> Vec<u8> {
    set_of(&certificates.iter().map(Certificate::der).collect::<Vec<_>>())
}

/// Reads the content of a CertificateSet, in any order.
fn read_certificates(reader: &mut SliceReader<'_>) -> Result<Vec<Certificate>, DeliveryError> {
    let mut certificates = Vec::new();
    while !reader.is_finished() {
        if certificates.len() == MAX_CERTIFICATES {
            return Err(DeliveryError::Certificates);
        }
        let certificate = Certificate::from_der(reader.tlv_bytes()?);
        certificates.push(certificate.map_err(|_| DeliveryError::Certificates)?);
    }
    Ok(certificates)
}

/// What stands within the value that comes next, if that has this tag.
fn within<'a, T>(
    reader: &mut SliceReader<'a>,
    tag: Tag,
    read: impl FnOnce(&mut SliceReader<'a>) -> Result<T, DeliveryError>,
) -> Result<Option<T>, DeliveryError> {
    if !wire::comes(reader, tag) {
        return Ok(None);
    }
    let mut inner = SliceReader::new(wire::content(reader.tlv_bytes()?)?)?;
    let value = read(&mut inner)?;
    inner.finish()?;
    Ok(Some(value))
}

/// As [`within`], where it must come.
fn within_the<'a, T>(
    reader: &mut SliceReader<'a>,
    tag: Tag,
    read: impl FnOnce(&mut SliceReader<'a>) -> Result<T, DeliveryError>,
) -> Result<T, DeliveryError> {
    within(reader, tag, read)?.ok_or(DeliveryError::NotDer)
}
