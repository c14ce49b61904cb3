//! The answer to a request that carries both certificates and the sealed key at once (GM/T 0092-2020):
//!
//! ```text
//! CSRResponse ::= SEQUENCE {                                    -- IMPLICIT TAGS
//!     signCertificate         CertificateSet,
//!     encryptedPrivateKey [0] SM2EnvelopedKey OPTIONAL,
//!     encryptCertificate  [1] CertificateSet OPTIONAL }
//! ```
//! Annex A of the standard has `EncryptedData` for the key, its body SM2EnvelopedKey: we follow the body, as GB/T
//! 35276, 7.4 does. A SET has no order of meaning: the certificate meant is found by its key, never by its place.

use der::{Reader, SliceReader, Tag};

use super::{DeliveryError, MAX_BYTES, certificate_set, read_certificates, within, within_the};
use crate::envelope;
use crate::read::Certificate;
use crate::sm2::KeyPair;
use crate::wire::{self, SEQUENCE, SET, context, wrap};

/// What a holder gets; each set is a certificate and as much of its chain as the sender gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CsrResponse {
    pub signing: Vec<Certificate>,
    /// DER SM2EnvelopedKey.
    pub envelope: Option<Vec<u8>>,
    pub encryption: Vec<Certificate>,
}

impl CsrResponse {
    /// DER; refuses an envelope that is none.
    pub fn to_der(&self) -> Result<Vec<u8>, DeliveryError> {
        let signing = wrap(SET, &[&certificate_set(&self.signing)]);
        let mut envelope = self.envelope.clone().unwrap_or_default();
        if let Some(tag) = envelope.first_mut() {
            envelope::public_key(self.envelope.as_deref().unwrap_or_default())?;
            *tag = context(0);
        }
        let encryption = match self.encryption.is_empty() {
            true => Vec::new(),
            false => wrap(context(1), &[&certificate_set(&self.encryption)]),
        };
        Ok(wrap(SEQUENCE, &[&signing, &envelope, &encryption]))
    }

    /// Reads what [`CsrResponse::to_der`] or another authority wrote. Nothing in it is verified yet.
    pub fn from_der(der: &[u8]) -> Result<Self, DeliveryError> {
        if der.len() > MAX_BYTES {
            return Err(DeliveryError::NotDer);
        }
        let mut reader = SliceReader::new(der)?;
        let response = within_the(&mut reader, Tag::Sequence, |reader| {
            let signing = within_the(reader, Tag::Set, read_certificates)?;
            let mut envelope = None;
            let mut encryption = Vec::new();
            if wire::comes(reader, wire::field(0)) {
                let mut bytes = reader.tlv_bytes()?.to_vec();
                bytes[0] = SEQUENCE;
                envelope::public_key(&bytes)?;
                envelope = Some(bytes);
            }
            if let Some(set) = within(reader, wire::field(1), read_certificates)? {
                encryption = set;
            }
            Ok(CsrResponse { signing, envelope, encryption })
        })?;
        reader.finish()?;
        Ok(response)
    }

    /// The signing certificate of this key (DER SubjectPublicKeyInfo).
    pub fn find_signing(&self, spki: &[u8]) -> Option<&Certificate> {
        self.signing.iter().find(|certificate| certificate.spki() == spki)
    }

    /// The encryption certificate that belongs to the sealed key.
    pub fn find_encryption(&self) -> Option<&Certificate> {
        let key = envelope::public_key(self.envelope.as_deref()?).ok()?;
        self.encryption.iter().find(|certificate| certificate.public_key() == Ok(key))
    }

    /// Opens the sealed key with the signing key, and holds it against the encryption certificate.
    pub fn open(&self, signing: &KeyPair) -> Result<KeyPair, DeliveryError> {
        let pair = envelope::open(self.envelope.as_deref().ok_or(DeliveryError::NoKey)?, signing)?;
        if self.find_encryption().is_some() { Ok(pair) } else { Err(DeliveryError::WrongPair) }
    }
}
