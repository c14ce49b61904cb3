//! A detached signature as SignedData (GB/T 35275-2017, 6.2; RFC 5652, 5), with the time of signing under the signature:
//!
//! ```text
//! ContentInfo { 1.2.156.10197.6.1.4.2.2, [0] SEQUENCE {
//!     version 1,
//!     digestAlgorithms SET { SM3 },
//!     contentInfo          { data },
//!     certificates [0] the signer's, then its authorities',
//!     signerInfos      SET { { 1, issuer and serial number, SM3,
//!                              [0] { content type, signing time, SM3 of the content }, SM2-1, signature } } } }
//! ```

use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{DateTime, Decode, Reader, SliceReader, Tag};

use super::signed_and_enveloped::{DATA, SM2_SIGNATURE, SM2_WITH_SM3, SM3};
use super::signed_and_enveloped::{Sender, algorithm, name, one_of, read_name, version};
use super::{DeliveryError, MAX_BYTES, certificate_set, read_certificates, set_of, within, within_the};
use crate::digest::sm3;
use crate::read::Certificate;
use crate::wire::{self, INTEGER, OCTET_STRING, OID, SEQUENCE, SET, context, wrap};

const SIGNED: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.6.1.4.2.2");
/// PKCS#9: content type, message digest, signing time.
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");

/// Signs `content` at this Unix second; `chain` are the authorities above the signer.
///
/// # Errors
/// The signer did not sign; a second that no ASN.1 time has.
pub fn sign(
    content: &[u8],
    at: i64,
    from: Sender<'_>,
    chain: &[Certificate],
) -> Result<Vec<u8>, DeliveryError> {
    let mut time = Vec::new();
    wire::time(&mut time, at).map_err(|_| DeliveryError::NotDer)?;
    let attribute = |kind: ObjectIdentifier, value: &[u8]| {
        wrap(SEQUENCE, &[&wrap(OID, &[kind.as_bytes()]), &wrap(SET, &[value])])
    };
    let attributes = set_of(&[
        &attribute(CONTENT_TYPE, &wrap(OID, &[DATA.as_bytes()])),
        &attribute(SIGNING_TIME, &time),
        &attribute(MESSAGE_DIGEST, &wrap(OCTET_STRING, &[&sm3(content)])),
    ]);
    let signature = from.key.sign(&wrap(SET, &[&attributes]))?;
    let number = wrap(INTEGER, &[&[1]]);
    let signer = wrap(
        SEQUENCE,
        &[
            &number,
            &name(from.certificate),
            &algorithm(SM3),
            &wrap(context(0), &[&attributes]),
            &algorithm(SM2_SIGNATURE),
            &wrap(OCTET_STRING, &[&signature]),
        ],
    );
    let mut certificates = vec![from.certificate.clone()];
    certificates.extend_from_slice(chain);
    let whole = wrap(
        SEQUENCE,
        &[
            &number,
            &wrap(SET, &[&algorithm(SM3)]),
            &wrap(SEQUENCE, &[&wrap(OID, &[DATA.as_bytes()])]),
            &wrap(context(0), &[&certificate_set(&certificates)]),
            &wrap(SET, &[&signer]),
        ],
    );
    Ok(wrap(SEQUENCE, &[&wrap(OID, &[SIGNED.as_bytes()]), &wrap(context(0), &[&whole])]))
}

/// Who signed `content`, and at which Unix second: the signature holds, the certificate itself is not judged.
///
/// # Errors
/// Another content, another signer, or no such structure. Octets after it are not looked at.
pub fn verify(der: &[u8], content: &[u8]) -> Result<(Certificate, i64), DeliveryError> {
    if der.len() > MAX_BYTES {
        return Err(DeliveryError::NotDer);
    }
    let mut reader = SliceReader::new(der)?;
    let whole = reader.tlv_bytes()?;
    let mut reader = SliceReader::new(whole)?;
    let signed = within_the(&mut reader, Tag::Sequence, |reader| {
        if ObjectIdentifier::decode(reader)? != SIGNED {
            return Err(DeliveryError::NotDer);
        }
        within_the(reader, wire::field(0), |reader| within_the(reader, Tag::Sequence, SignerInfo::read))
    })?;
    if signed.digest != sm3(content) {
        return Err(DeliveryError::Signature);
    }
    let signer = signed.certificates.into_iter().find(|one| name(one) == signed.by);
    let signer = signer.ok_or(DeliveryError::Signature)?;
    let key = signer.public_key().map_err(|_| DeliveryError::Signature)?;
    let attributes = wrap(SET, &[&signed.attributes]);
    key.verify(&attributes, &signed.signature).map_err(|_| DeliveryError::Signature)?;
    Ok((signer, signed.at))
}

/// What matters of the structure.
struct SignerInfo {
    certificates: Vec<Certificate>,
    by: Vec<u8>,
    /// The content of the SET that is signed.
    attributes: Vec<u8>,
    at: i64,
    digest: Vec<u8>,
    signature: Vec<u8>,
}

impl SignerInfo {
    fn read(reader: &mut SliceReader<'_>) -> Result<SignerInfo, DeliveryError> {
        version(reader)?;
        within_the(reader, Tag::Set, |reader| one_of(reader, &[SM3]))?;
        within_the(reader, Tag::Sequence, |reader| {
            if ObjectIdentifier::decode(reader)? == DATA { Ok(()) } else { Err(DeliveryError::NotDer) }
        })?;
        let certificates = within(reader, wire::field(0), read_certificates)?.unwrap_or_default();
        within_the(reader, Tag::Set, |reader| {
            within_the(reader, Tag::Sequence, |reader| {
                version(reader)?;
                let by = read_name(reader)?;
                one_of(reader, &[SM3])?;
                let attributes = wire::content(reader.tlv_bytes()?)?.to_vec();
                one_of(reader, &[SM2_SIGNATURE, SM2_WITH_SM3])?;
                let signature = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
                let (at, digest) = facts(&attributes)?;
                Ok(SignerInfo { certificates, by, attributes, at, digest, signature })
            })
        })
    }
}

/// The time and the digest among the attributes.
fn facts(attributes: &[u8]) -> Result<(i64, Vec<u8>), DeliveryError> {
    let mut reader = SliceReader::new(attributes)?;
    let (mut at, mut digest) = (None, None);
    while !reader.is_finished() {
        within_the(&mut reader, Tag::Sequence, |reader| {
            let kind = ObjectIdentifier::decode(reader)?;
            within_the(reader, Tag::Set, |reader| {
                let value = reader.tlv_bytes()?;
                if kind == SIGNING_TIME {
                    at = Some(seconds(value)?);
                } else if kind == MESSAGE_DIGEST {
                    digest = Some(wire::content(value)?.to_vec());
                }
                Ok(())
            })
        })?;
    }
    Ok((at.ok_or(DeliveryError::NotDer)?, digest.ok_or(DeliveryError::NotDer)?))
}

fn seconds(der: &[u8]) -> Result<i64, DeliveryError> {
    let time = x509_cert::time::Time::from_der(der)?;
    let time: DateTime = time.to_date_time();
    i64::try_from(time.unix_duration().as_secs()).map_err(|_| DeliveryError::NotDer)
}
