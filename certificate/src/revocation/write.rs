//! A list's bytes. A million entries go straight into one vector: no value of ours or of `der` in between.

use der::Encode;
use der::asn1::{OctetString, Uint};
use der::oid::AssociatedOid;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::crl::{BaseCrlNumber, CrlNumber, FreshestCrl, IssuingDistributionPoint};
use x509_cert::ext::pkix::name::DistributionPointName;

use super::{Contents, Entry, ISSUING_DISTRIBUTION_POINT, Reason, RevocationError};
use crate::algorithm::Algorithm;
use crate::extension::{self, KeyUsages};
use crate::read::Certificate;
use crate::wire;

/// DER TBSCertList, sorted by serial number.
///
/// The authority key identifier is the issuer's own subject key identifier: that of the certificate's authority
/// key extension would be the root's, and no reader would find the signer.
pub fn to_be_signed(
    issuer: &Certificate,
    algorithm: Algorithm,
    contents: &Contents,
) -> Result<Vec<u8>, RevocationError> {
    check(issuer, contents)?;
    let mut head = vec![wire::INTEGER, 1, 1]; // version 2
    head.extend_from_slice(&wire::identifier(algorithm));
    head.extend_from_slice(issuer.subject().der());
    wire::time(&mut head, contents.this_update)?;
    wire::time(&mut head, contents.next_update)?;
    let entries = entries(&contents.entries)?;
    if !entries.is_empty() {
        // RFC 5280, 5.1.2.6: with nothing revoked the list is absent, not empty.
        wire::header(&mut head, wire::SEQUENCE, entries.len());
    }
    let extensions = extensions(issuer, contents)?;
    let tail = wire::wrap(wire::context(0), &[&extensions]);
    Ok(wire::wrap(wire::SEQUENCE, &[&head, &entries, &tail]))
}

/// The whole list: the bytes of [`to_be_signed`], the same algorithm and the signature over them.
pub fn assemble(to_be_signed: &[u8], algorithm: Algorithm, signature: &[u8]) -> Vec<u8> {
    let identifier = wire::identifier(algorithm);
    wire::wrap(wire::SEQUENCE, &[to_be_signed, &identifier, &wire::bit_string(signature)])
}

fn check(issuer: &Certificate, contents: &Contents) -> Result<(), RevocationError> {
    let full = contents.base.is_none();
    if !issuer.has_usage(KeyUsages::CRLSign) {
        return Err(RevocationError::NotAnIssuer);
    }
    if contents.next_update <= contents.this_update {
        return Err(RevocationError::Period);
    }
    if contents.base.is_some_and(|base| base >= contents.number) {
        return Err(RevocationError::Base);
    }
    let removes = contents.entries.iter().any(|entry| entry.reason == Reason::RemoveFromCrl);
    if full && removes || !full && !contents.freshest_urls.is_empty() {
        return Err(RevocationError::DeltaOnly);
    }
    Ok(())
}

/// revokedCertificates without its header, by serial number.
fn entries(entries: &[Entry]) -> Result<Vec<u8>, RevocationError> {
    let mut sorted: Vec<(Number, &Entry)> = Vec::with_capacity(entries.len());
    for entry in entries {
        sorted.push((number(entry)?, entry));
    }
    sorted.sort_unstable_by_key(|(number, _)| *number);
    if sorted.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(RevocationError::Twice);
    }
    let mut out = Vec::with_capacity(sorted.len() * 52);
    for (number, entry) in sorted {
        put_entry(&mut out, &number, entry)?;
    }
    Ok(out)
}

/// A serial number with its zeros, so that octets compare as numbers do; by value, since a sort that follows a pointer
/// for each comparison takes several times as long.
type Number = [u8; 20];

fn number(entry: &Entry) -> Result<Number, RevocationError> {
    let octets = wire::without_leading_zeros(&entry.serial);
    if !(1..=20).contains(&octets.len()) {
        return Err(RevocationError::Serial);
    }
    let mut number = [0; 20];
    number[20 - octets.len()..].copy_from_slice(octets);
    Ok(number)
}

/// crlEntryExtensions with reasonCode alone (RFC 5280, 5.3.1); the last octet is the reason.
const REASON: [u8; 14] = [
    wire::SEQUENCE,
    12,
    wire::SEQUENCE,
    10,
    wire::OID,
    3,
    0x55,
    0x1d,
    0x15,
    wire::OCTET_STRING,
    3,
    0x0a,
    1,
    0,
];

fn put_entry(out: &mut Vec<u8>, number: &Number, entry: &Entry) -> Result<(), RevocationError> {
    // An entry has less than 128 octets: its length is one octet, filled in at the end.
    let start = out.len();
    out.extend_from_slice(&[wire::SEQUENCE, 0]);
    wire::integer(out, number);
    wire::time(out, entry.at)?;
    if entry.reason != Reason::Unspecified {
        out.extend_from_slice(&REASON[..13]);
        out.push(entry.reason.number());
    }
    out[start + 1] = (out.len() - start - 2) as u8;
    Ok(())
}

/// crlExtensions, each under its clause of RFC 5280, 5.2.
fn extensions(issuer: &Certificate, contents: &Contents) -> Result<Vec<u8>, RevocationError> {
    let key = issuer.subject_key_identifier().ok_or(RevocationError::NoKeyIdentifier)?;
    let number = |number: u64| Uint::new(&number.to_be_bytes());
    let build = || {
        let mut list = vec![extension::authority_key(&key)?]; // 5.2.1
        list.push(extension::extension(false, &CrlNumber(number(contents.number)?))?); // 5.2.3
        if let Some(base) = contents.base {
            list.push(extension::extension(true, &BaseCrlNumber(number(base)?))?); // 5.2.4
        }
        if !contents.place_urls.is_empty() {
            list.push(place(&contents.place_urls)?);
        }
        if let Some(crl_places) = extension::crl_places(&contents.freshest_urls)? {
            list.push(Extension { extn_id: FreshestCrl::OID, ..crl_places }); // 5.2.6: the same syntax
        }
        list.to_der()
    };
    build().map_err(|_: der::Error| RevocationError::Encoding)
}

/// 5.2.5: critical. It binds the list to its address, so that nobody can offer the list of another place.
/// We part lists by issuer alone, so nothing is said about what they contain.
fn place(urls: &[String]) -> der::Result<Extension> {
    let names = urls.iter().map(extension::url).collect::<der::Result<_>>()?;
    let place = IssuingDistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(names)),
        only_contains_user_certs: false,
        only_contains_ca_certs: false,
        only_some_reasons: None,
        indirect_crl: false,
        only_contains_attribute_certs: false,
    };
    let extn_value = OctetString::new(place.to_der()?)?;
    Ok(Extension { extn_id: ISSUING_DISTRIBUTION_POINT, critical: true, extn_value })
}
