//! An encryption key delivered as SignedAndEnvelopedData (GB/T 35275-2017, 6.4), the form of many authorities:
//!
//! ```text
//! ContentInfo { 1.2.156.10197.6.1.4.2.4, [0] SEQUENCE {
//!     version 1,
//!     recipientInfos       SET { { 1, issuer and serial number of the signing certificate, SM2-3, SM2Cipher } },
//!     digestAlgorithms     SET { SM3 },
//!     encryptedContentInfo { data, SM4, [0] d under SM4 in ECB },
//!     certificates     [0] the sender's,
//!     signerInfos          SET { { 1, issuer and serial number of the sender, SM3, SM2-1, signature } } } }
//! ```
//! What was seen of one authority's delivery has 64 octets of content whose first two blocks are equal: 32 zeros and
//! d, encrypted as a whole. We write that, and read 32 octets too. The sender signs the content before encryption,
//! under the default identity. Unlike SM2EnvelopedKey this form does not tell the public key: who opens it must hold
//! the encryption certificate against it.

use der::asn1::{ObjectIdentifier, OctetStringRef, UintRef};
use der::{Decode, Reader, SliceReader, Tag, TagMode, TagNumber};
use rand_core::TryCryptoRng;
use x509_cert::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::{DeliveryError, MAX_BYTES, read_certificates, within, within_the};
use crate::cipher;
use crate::envelope::{
    Layout, SM4_ECB, SM4_PLAIN, private_field, read_private_field, sm4_ecb_decrypt, sm4_ecb_encrypt,
};
use crate::read::Certificate;
use crate::sign::Signer;
use crate::sm2::{KeyPair, PublicKey, Sm2Error};
use crate::wire::{self, INTEGER, OCTET_STRING, OID, SEQUENCE, SET, context, wrap};

const SIGNED_AND_ENVELOPED: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.6.1.4.2.4");
pub(super) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.6.1.4.2.1");
/// SM2-3, encryption; SM2-1, signature; SM3 (GB/T 33560-2017, annex A).
const SM2_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301.3");
pub(super) const SM2_SIGNATURE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301.1");
pub(super) const SM2_WITH_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");
pub(super) const SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.401");

/// Who sends a key: the authority, or its key management centre.
#[derive(Clone, Copy)]
pub struct Sender<'a> {
    pub certificate: &'a Certificate,
    /// Must hold an SM2 key.
    pub key: &'a dyn Signer,
}

/// Seals `encryption` for the holder of the signing certificate `to`; DER ContentInfo.
pub fn seal(
    encryption: &KeyPair,
    to: &Certificate,
    from: Sender<'_>,
    dice: &mut impl TryCryptoRng,
) -> Result<Vec<u8>, DeliveryError> {
    let holder = to.public_key().map_err(DeliveryError::Seal)?;
    let mut key = Zeroizing::new([0; 16]);
    dice.try_fill_bytes(key.as_mut()).map_err(|_| DeliveryError::Seal(Sm2Error::Dice))?;
    let mut content = private_field(encryption, Layout::Bytes64);
    let signature = from.key.sign(&content)?;
    sm4_ecb_encrypt(&key, &mut content);
    let sealed_key = cipher::encrypt(&holder, key.as_ref(), dice).map_err(DeliveryError::Seal)?;

    let version = wrap(INTEGER, &[&[1]]);
    let sealed_key = wrap(OCTET_STRING, &[&sealed_key]);
    let recipient = wrap(SEQUENCE, &[&version, &name(to), &algorithm(SM2_ENCRYPTION), &sealed_key]);
    let content = wrap(0x80, &[&content]);
    let content = wrap(SEQUENCE, &[&wrap(OID, &[DATA.as_bytes()]), &algorithm(SM4_ECB), &content]);
    let signature = wrap(OCTET_STRING, &[&signature]);
    let by = name(from.certificate);
    let signer = wrap(SEQUENCE, &[&version, &by, &algorithm(SM3), &algorithm(SM2_SIGNATURE), &signature]);
    let whole = wrap(
        SEQUENCE,
        &[
            &version,
            &wrap(SET, &[&recipient]),
            &wrap(SET, &[&algorithm(SM3)]),
            &content,
            &wrap(context(0), &[from.certificate.der()]),
            &wrap(SET, &[&signer]),
        ],
    );
    let oid = wrap(OID, &[SIGNED_AND_ENVELOPED.as_bytes()]);
    Ok(wrap(SEQUENCE, &[&oid, &wrap(context(0), &[&whole])]))
}

/// Opens a delivery with the holder's signing key: `to` is the certificate of that key, `expected` the key of the
/// encryption certificate. With `from`, the delivery must carry that sender's signature.
pub fn open(
    der: &[u8],
    to: &Certificate,
    signing: &KeyPair,
    expected: &PublicKey,
    from: Option<&Certificate>,
) -> Result<KeyPair, DeliveryError> {
    let delivery = Delivery::read(der)?;
    let sealed = delivery.sealed_keys.iter().find(|(name_of, _)| *name_of == name(to));
    let (_, sealed_key) = sealed.ok_or(DeliveryError::NotForThisKey)?;
    let key = cipher::decrypt(signing, sealed_key).map_err(|_| DeliveryError::NotForThisKey)?;
    let key: &[u8; 16] = key.as_slice().try_into().map_err(|_| DeliveryError::NotForThisKey)?;
    let mut content = Zeroizing::new(delivery.content.to_vec());
    sm4_ecb_decrypt(key, &mut content);
    if let Some(from) = from {
        let sender = from.public_key().map_err(|_| DeliveryError::Signature)?;
        let signature = delivery.signatures.iter().find(|(name_of, _)| *name_of == name(from));
        let (_, signature) = signature.ok_or(DeliveryError::Signature)?;
        sender.verify(&content, signature).map_err(|_| DeliveryError::Signature)?;
    }
    let pair = read_private_field(&content)?;
    if pair.public_key() == *expected { Ok(pair) } else { Err(DeliveryError::WrongPair) }
}

/// The certificates that came along, none of them verified.
pub fn certificates(der: &[u8]) -> Result<Vec<Certificate>, DeliveryError> {
    Ok(Delivery::read(der)?.certificates)
}

/// What matters of the structure. Keys and signatures stand beside the IssuerAndSerialNumber that they are of.
struct Delivery<'a> {
    sealed_keys: Vec<(Vec<u8>, &'a [u8])>,
    content: &'a [u8],
    certificates: Vec<Certificate>,
    signatures: Vec<(Vec<u8>, &'a [u8])>,
}

impl<'a> Delivery<'a> {
    fn read(der: &'a [u8]) -> Result<Self, DeliveryError> {
        if der.len() > MAX_BYTES {
            return Err(DeliveryError::NotDer);
        }
        let mut reader = SliceReader::new(der)?;
        let delivery = within_the(&mut reader, Tag::Sequence, |reader| {
            if ObjectIdentifier::decode(reader)? != SIGNED_AND_ENVELOPED {
                return Err(DeliveryError::NotDer);
            }
            within_the(reader, wire::field(0), |reader| within_the(reader, Tag::Sequence, Self::read_content))
        })?;
        reader.finish()?;
        Ok(delivery)
    }

    fn read_content(reader: &mut SliceReader<'a>) -> Result<Self, DeliveryError> {
        version(reader)?;
        let sealed_keys = within_the(reader, Tag::Set, |reader| each(reader, read_recipient))?;
        within_the(reader, Tag::Set, |reader| each(reader, |reader| one_of(reader, &[SM3])))?;
        let content = within_the(reader, Tag::Sequence, |reader| {
            let kind = ObjectIdentifier::decode(reader)?;
            one_of(reader, &[SM4_ECB, SM4_PLAIN])?;
            let content: Option<&OctetStringRef> =
                reader.context_specific(TagNumber(0), TagMode::Implicit)?;
            content.filter(|_| kind == DATA).map(OctetStringRef::as_bytes).ok_or(DeliveryError::NoKey)
        })?;
        let certificates = within(reader, wire::field(0), read_certificates)?.unwrap_or_default();
        if wire::comes(reader, wire::field(1)) {
            reader.tlv_bytes()?; // revocation lists
        }
        let signatures = within_the(reader, Tag::Set, |reader| each(reader, read_signer))?;
        Ok(Delivery { sealed_keys, content, certificates, signatures })
    }
}

/// RecipientInfo.
fn read_recipient<'a>(reader: &mut SliceReader<'a>) -> Result<(Vec<u8>, &'a [u8]), DeliveryError> {
    within_the(reader, Tag::Sequence, |reader| {
        version(reader)?;
        let name = read_name(reader)?;
        one_of(reader, &[SM2_ENCRYPTION])?;
        Ok((name, <&OctetStringRef>::decode(reader)?.as_bytes()))
    })
}

/// SignerInfo without authenticated attributes: with them the signature would not be over the content.
fn read_signer<'a>(reader: &mut SliceReader<'a>) -> Result<(Vec<u8>, &'a [u8]), DeliveryError> {
    within_the(reader, Tag::Sequence, |reader| {
        version(reader)?;
        let name = read_name(reader)?;
        one_of(reader, &[SM3])?;
        one_of(reader, &[SM2_SIGNATURE, SM2_WITH_SM3])?;
        Ok((name, <&OctetStringRef>::decode(reader)?.as_bytes()))
    })
}

/// At most a few of a kind.
fn each<'a, T>(
    reader: &mut SliceReader<'a>,
    mut read: impl FnMut(&mut SliceReader<'a>) -> Result<T, DeliveryError>,
) -> Result<Vec<T>, DeliveryError> {
    let mut all = Vec::new();
    while !reader.is_finished() {
        if all.len() == super::MAX_CERTIFICATES {
            return Err(DeliveryError::NotDer);
        }
        all.push(read(reader)?);
    }
    Ok(all)
}

pub(super) fn version(reader: &mut SliceReader<'_>) -> Result<(), DeliveryError> {
    if u8::decode(reader)? == 1 { Ok(()) } else { Err(DeliveryError::NotDer) }
}

pub(super) fn one_of(reader: &mut SliceReader<'_>, known: &[ObjectIdentifier]) -> Result<(), DeliveryError> {
    let found = AlgorithmIdentifierRef::decode(reader)?;
    let bare = found.parameters.is_none_or(|parameters| parameters.is_null());
    if bare && known.contains(&found.oid) { Ok(()) } else { Err(DeliveryError::Algorithm) }
}

/// IssuerAndSerialNumber.
pub(super) fn name(certificate: &Certificate) -> Vec<u8> {
    let mut serial = Vec::new();
    wire::integer(&mut serial, certificate.tbs.serial.as_bytes());
    wrap(SEQUENCE, &[certificate.issuer().der(), &serial])
}

pub(super) fn read_name(reader: &mut SliceReader<'_>) -> Result<Vec<u8>, DeliveryError> {
    let bytes = reader.tlv_bytes()?;
    let mut inner = SliceReader::new(bytes)?;
    within_the(&mut inner, Tag::Sequence, |reader| {
        reader.tlv_bytes()?;
        UintRef::decode(reader)?;
        Ok(bytes.to_vec())
    })
}

pub(super) fn algorithm(oid: ObjectIdentifier) -> Vec<u8> {
    wrap(SEQUENCE, &[&wrap(OID, &[oid.as_bytes()])])
}
