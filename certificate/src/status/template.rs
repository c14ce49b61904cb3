//! Answers as bytes.
//!
//! Everything but ids, standings, times and the signature is the same in all answers of an issuer: a [`Template`]
//! holds it, so that an answer can be kept as a few dozen octets ([`Packed`]) and put together when it is asked for.

use der::asn1::ObjectIdentifier;

use super::id::key_bits;
use super::request::nonce_extensions;
use super::{Answer, CertificateId, Hash, Packed, Standing};
use crate::algorithm::Algorithm;
use crate::read::Certificate;
use crate::revocation::Reason;
use crate::wire::{self, NoDate, OCTET_STRING, OID, SEQUENCE, context};

/// id-pkix-ocsp-basic.
pub(super) const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");

/// DER ResponseData (RFC 6960, 4.2.1), to be signed by the key of `responder`, which is named by its key's SHA-1.
pub fn to_be_signed(
    responder: &Certificate,
    produced_at: i64,
    answers: &[Answer],
    nonce: Option<&[u8]>,
) -> Result<Vec<u8>, NoDate> {
    response_data(&responder_id(responder), produced_at, answers, nonce)
}

/// The whole OCSPResponse: the bytes of [`to_be_signed`], the signature over them, and the certificates by which a
/// reader comes from the responder to the issuer; none if the issuer answers itself.
pub fn assemble(
    to_be_signed: &[u8],
    algorithm: Algorithm,
    signature: &[u8],
    certificates: &[&Certificate],
) -> Vec<u8> {
    put_together(to_be_signed, &wire::identifier(algorithm), signature, &certificate_field(certificates))
}

/// What the answers of one responder about one issuer's certificates have in common.
#[derive(Debug, Clone)]
pub struct Template {
    /// Name and key of the issuer under each hash, in the order of [`Hash::ALL`].
    issuer: [(Vec<u8>, Vec<u8>); 3],
    responder_id: Vec<u8>,
    algorithm: Vec<u8>,
    certificates: Vec<u8>,
}

impl Template {
    /// `responder` is a certificate delegated by `issuer`, or `issuer` itself; `algorithm` that of its key.
    pub fn new(issuer: &Certificate, responder: &Certificate, algorithm: Algorithm) -> Self {
        let key = key_bits(issuer);
        let delegated: &[&Certificate] = if responder == issuer { &[] } else { &[responder] };
        Template {
            issuer: Hash::ALL.map(|hash| (hash.of(issuer.subject().der()), hash.of(&key))),
            responder_id: responder_id(responder),
            algorithm: wire::identifier(algorithm),
            certificates: certificate_field(delegated),
        }
    }

    /// The id of a certificate of this issuer.
    pub fn id(&self, hash: Hash, null: bool, serial: &[u8]) -> CertificateId {
        let (name_hash, key_hash) = self.issuer[hash as usize].clone();
        CertificateId {
            hash,
            null,
            name_hash,
            key_hash,
            serial: wire::without_leading_zeros(serial).to_vec(),
        }
    }

    /// Whether the id names this issuer.
    pub fn knows(&self, id: &CertificateId) -> bool {
        let (name_hash, key_hash) = &self.issuer[id.hash as usize];
        id.name_hash == *name_hash && id.key_hash == *key_hash
    }

    /// As [`to_be_signed`].
    pub fn to_be_signed(
        &self,
        produced_at: i64,
        answers: &[Answer],
        nonce: Option<&[u8]>,
    ) -> Result<Vec<u8>, NoDate> {
        response_data(&self.responder_id, produced_at, answers, nonce)
    }

    /// As [`assemble`].
    pub fn assemble(&self, to_be_signed: &[u8], signature: &[u8]) -> Vec<u8> {
        put_together(to_be_signed, &self.algorithm, signature, &self.certificates)
    }

    /// The whole answer that was packed; `None` if `packed` is damaged.
    pub fn unpack(&self, packed: &Packed) -> Option<Vec<u8>> {
        let parts = packed.parts()?;
        let id = self.id(parts.hash, parts.null, parts.serial);
        let (this_update, next_update) = (parts.this_update, Some(parts.next_update));
        let answer = Answer { id, standing: parts.standing, this_update, next_update };
        let to_be_signed = self.to_be_signed(parts.produced_at, &[answer], None).ok()?;
        Some(self.assemble(&to_be_signed, parts.signature))
    }
}

/// byKey: SHA-1 of the key, as RFC 6960 has it whatever the signature's hash.
fn responder_id(responder: &Certificate) -> Vec<u8> {
    let key_hash = wire::wrap(OCTET_STRING, &[&Hash::Sha1.of(&key_bits(responder))]);
    wire::wrap(context(2), &[&key_hash])
}

fn certificate_field(certificates: &[&Certificate]) -> Vec<u8> {
    if certificates.is_empty() {
        return Vec::new();
    }
    let list: Vec<&[u8]> = certificates.iter().map(|certificate| certificate.der()).collect();
    wire::wrap(context(0), &[&wire::wrap(SEQUENCE, &list)])
}

fn response_data(
    responder_id: &[u8],
    produced_at: i64,
    answers: &[Answer],
    nonce: Option<&[u8]>,
) -> Result<Vec<u8>, NoDate> {
    let mut produced = Vec::with_capacity(17);
    wire::generalized_time(&mut produced, produced_at)?;
    let mut list = Vec::with_capacity(answers.len() * 160);
    let mut single = Vec::with_capacity(160);
    for answer in answers {
        single.clear();
        put_answer(&mut single, answer)?;
        wire::put(&mut list, SEQUENCE, &single);
    }
    let list = wire::wrap(SEQUENCE, &[&list]);
    let extensions = nonce.map(|nonce| wire::wrap(context(1), &[&nonce_extensions(nonce)]));
    Ok(wire::wrap(SEQUENCE, &[responder_id, &produced, &list, &extensions.unwrap_or_default()]))
}

/// SingleResponse without its header.
fn put_answer(out: &mut Vec<u8>, answer: &Answer) -> Result<(), NoDate> {
    answer.id.put(out);
    match answer.standing {
        Standing::Good => out.extend_from_slice(&[0x80, 0]),
        Standing::Unknown => out.extend_from_slice(&[0x82, 0]),
        Standing::Revoked { at, reason } => {
            let mut since = Vec::with_capacity(24);
            wire::generalized_time(&mut since, at)?;
            if reason != Reason::Unspecified {
                since.extend_from_slice(&[context(0), 3, 0x0a, 1, reason.number()]);
            }
            wire::put(out, context(1), &since);
        }
    }
    wire::generalized_time(out, answer.this_update)?;
    if let Some(next_update) = answer.next_update {
        let mut time = Vec::with_capacity(17);
        wire::generalized_time(&mut time, next_update)?;
        wire::put(out, context(0), &time);
    }
    Ok(())
}

/// BasicOCSPResponse within OCSPResponse: one allocation, each octet written once.
fn put_together(to_be_signed: &[u8], algorithm: &[u8], signature: &[u8], certificates: &[u8]) -> Vec<u8> {
    let with_header = |length: usize| wire::header_length(length) + length;
    let bits = 1 + signature.len();
    let basic = to_be_signed.len() + algorithm.len() + with_header(bits) + certificates.len();
    let octets = with_header(basic);
    let bytes = 2 + BASIC.as_bytes().len() + with_header(octets);
    let field = with_header(bytes);
    let whole = 3 + with_header(field);

    let mut out = Vec::with_capacity(with_header(whole));
    wire::header(&mut out, SEQUENCE, whole);
    out.extend_from_slice(&[0x0a, 1, 0]); // successful
    wire::header(&mut out, context(0), field);
    wire::header(&mut out, SEQUENCE, bytes);
    wire::put(&mut out, OID, BASIC.as_bytes());
    wire::header(&mut out, OCTET_STRING, octets);
    wire::header(&mut out, SEQUENCE, basic);
    out.extend_from_slice(to_be_signed);
    out.extend_from_slice(algorithm);
    wire::header(&mut out, wire::BIT_STRING, bits);
    out.push(0);
    out.extend_from_slice(signature);
    out.extend_from_slice(certificates);
    out
}
