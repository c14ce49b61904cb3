//! The name of a certificate in a question: its issuer's hashes and its serial number (RFC 6960, 4.1.1).

use der::asn1::{ObjectIdentifier, OctetStringRef, UintRef};
use der::{Decode, Reader, SliceReader};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use x509_cert::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use super::RequestRefusal;
use crate::digest::sm3;
use crate::read::Certificate;
use crate::wire;

/// With which hash the issuer is named. OpenSSL asks with SHA-1, GmSSL with SM3; nothing rests on its strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hash {
    Sha1,
    Sha256,
    Sm3,
}

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
/// GB/T 33560-2017, annex A.
const SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.401");

impl Hash {
    pub const ALL: [Hash; 3] = [Hash::Sha1, Hash::Sha256, Hash::Sm3];

    pub fn of(self, data: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha1 => digest(&SHA1_FOR_LEGACY_USE_ONLY, data).as_ref().to_vec(),
            Hash::Sha256 => digest(&SHA256, data).as_ref().to_vec(),
            Hash::Sm3 => sm3(data).to_vec(),
        }
    }

    /// Octets of a digest.
    pub fn length(self) -> usize {
        match self {
            Hash::Sha1 => 20,
            Hash::Sha256 | Hash::Sm3 => 32,
        }
    }

    fn oid(self) -> ObjectIdentifier {
        match self {
            Hash::Sha1 => SHA1,
            Hash::Sha256 => SHA256_OID,
            Hash::Sm3 => SM3,
        }
    }
}

/// CertID.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CertificateId {
    pub hash: Hash,
    /// Whether the hash's identifier carries NULL parameters (OpenSSL) or none. Answered as asked, since some
    /// readers compare octets.
    pub null: bool,
    /// Of the issuer's name.
    pub name_hash: Vec<u8>,
    /// Of the issuer's key: the content of the BIT STRING.
    pub key_hash: Vec<u8>,
    /// Big-endian, without leading zeros.
    pub serial: Vec<u8>,
}

impl CertificateId {
    /// The id under which most programs ask with this hash.
    pub fn new(hash: Hash, issuer: &Certificate, serial: &[u8]) -> Self {
        CertificateId {
            hash,
            null: true,
            name_hash: hash.of(issuer.subject().der()),
            key_hash: hash.of(&key_bits(issuer)),
            serial: wire::without_leading_zeros(serial).to_vec(),
        }
    }

    /// Whether the certificate asked for is one of `issuer`'s, if there is such a certificate at all.
    pub fn is_of(&self, issuer: &Certificate) -> bool {
        self.name_hash == self.hash.of(issuer.subject().der())
            && self.key_hash == self.hash.of(&key_bits(issuer))
    }

    pub(super) fn put(&self, out: &mut Vec<u8>) {
        let oid = self.hash.oid();
        let null: &[u8] = if self.null { &[5, 0] } else { &[] };
        let algorithm = 2 + oid.as_bytes().len() + null.len();
        let mut serial = Vec::with_capacity(self.serial.len() + 3);
        wire::integer(&mut serial, &self.serial);
        let digest = 2 + self.hash.length();
        wire::header(out, wire::SEQUENCE, 2 + algorithm + 2 * digest + serial.len());
        wire::header(out, wire::SEQUENCE, algorithm);
        wire::put(out, wire::OID, oid.as_bytes());
        out.extend_from_slice(null);
        wire::put(out, wire::OCTET_STRING, &self.name_hash);
        wire::put(out, wire::OCTET_STRING, &self.key_hash);
        out.extend_from_slice(&serial);
    }

    pub(super) fn read(reader: &mut SliceReader<'_>) -> Result<Self, RequestRefusal> {
        reader.sequence(|reader| {
            let algorithm = AlgorithmIdentifierRef::decode(reader)?;
            let hash = Hash::ALL.into_iter().find(|hash| hash.oid() == algorithm.oid);
            let hash = hash.ok_or(RequestRefusal::Hash)?;
            let null = algorithm.parameters.is_some_and(|parameters| parameters.is_null());
            if algorithm.parameters.is_some() != null {
                return Err(RequestRefusal::Hash);
            }
            let name_hash = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
            let key_hash = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
            let serial = wire::without_leading_zeros(UintRef::decode(reader)?.as_bytes()).to_vec();
            if [&name_hash, &key_hash].iter().any(|it| it.len() != hash.length()) || serial.len() > 20 {
                return Err(RequestRefusal::Malformed);
            }
            Ok(CertificateId { hash, null, name_hash, key_hash, serial })
        })
    }
}

/// What KeyHash and ResponderID are made from: the key without its algorithm.
pub(super) fn key_bits(certificate: &Certificate) -> Vec<u8> {
    let info = SubjectPublicKeyInfoRef::from_der(certificate.spki()).ok();
    info.and_then(|info| info.subject_public_key.as_bytes()).unwrap_or_default().to_vec()
}
