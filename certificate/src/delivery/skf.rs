//! The blobs of a UKEY's SKF library (GM/T 0016-2012, 6.4), made from and into the DER of GM/T 0009.
//!
//! ULONG is 32 bits, little-endian, on every platform. Numbers of 256 bits stand at the end of fields of 64 octets.
//!
//! | ENVELOPEDKEYBLOB | octets |
//! |---|---|
//! | Version = 1, ulSymmAlgID = SGD_SM4_ECB, ulBits = 256 | 4 4 4 |
//! | cbEncryptedPriKey | 64, see [`Form`] |
//! | ECCPUBLICKEYBLOB: BitLen = 256, X, Y | 4 64 64 |
//! | ECCCIPHERBLOB: X, Y, HASH, CipherLen, Cipher | 64 64 32 4 n |

use der::asn1::{Any, BitString};
use der::{Decode, Encode};

use crate::cipher::Sm2Cipher;
use crate::envelope::{self, EnvelopeError, Enveloped};
use crate::wire::{OCTET_STRING, SEQUENCE, integer, wrap};

const VERSION: u32 = 1;
const SGD_SM4_ECB: u32 = 0x401;
const BITS: u32 = 256;

/// Octets before the ciphertext of the symmetric key.
const BLOB_HEAD: usize = 12 + 64 + 132 + 164;
/// The symmetric key, and what else an SM2 ciphertext of a device might carry.
const MAX_CIPHER: usize = 128;

/// What devices expect in `cbEncryptedPriKey[64]`; makers differ, so it is a setting for each kind of device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// 32 zeros and d, encrypted as a whole. Only an envelope sealed so ([`envelope::Layout::Bytes64`]) has these
    /// octets.
    #[default]
    Whole,
    /// 32 zeros, then d encrypted by itself.
    Right,
    /// d encrypted by itself, then 32 zeros.
    Left,
}

impl Form {
    pub const ALL: [Form; 3] = [Form::Whole, Form::Right, Form::Left];

    /// Stable name, for settings.
    pub fn code(self) -> &'static str {
        match self {
            Form::Whole => "whole",
            Form::Right => "right",
            Form::Left => "left",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.code() == code)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BlobError {
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    #[error("this device wants 64 encrypted octets, and the envelope was sealed with 32")]
    NeedsWhole,
    #[error("this is not an ENVELOPEDKEYBLOB with SM4 in ECB and an SM2 key")]
    NotABlob,
    #[error("this is not an SM2Cipher, or not an ECCCIPHERBLOB")]
    NotACipher,
}

/// ENVELOPEDKEYBLOB from a DER SM2EnvelopedKey, for `SKF_ImportECCKeyPair`. No key is needed: in ECB the encryption
/// of d is the same octets whether zeros were encrypted before it or not.
pub fn enveloped_key_blob(envelope: &[u8], form: Form) -> Result<Vec<u8>, BlobError> {
    let parts = envelope::read(envelope)?;
    let private_key = parts.private_key.as_bytes().ok_or(BlobError::NotABlob)?;
    let alone = match private_key.len() {
        32 => private_key,
        64 => &private_key[32..],
        _ => return Err(EnvelopeError::NotAnEnvelope.into()),
    };
    let mut field = [0; 64];
    match form {
        Form::Whole => field.copy_from_slice(private_key.first_chunk::<64>().ok_or(BlobError::NeedsWhole)?),
        Form::Right => field[32..].copy_from_slice(alone),
        Form::Left => field[..32].copy_from_slice(alone),
    }
    let point = envelope::public_key(envelope)?.to_point();
    let sealed_key = parts.sealed_key.to_der().map_err(|_| BlobError::NotACipher)?;

    let mut blob = Vec::with_capacity(BLOB_HEAD + 16);
    for number in [VERSION, SGD_SM4_ECB, BITS] {
        blob.extend_from_slice(&number.to_le_bytes());
    }
    blob.extend_from_slice(&field);
    blob.extend_from_slice(&BITS.to_le_bytes());
    put_number(&mut blob, &point[1..33])?;
    put_number(&mut blob, &point[33..])?;
    blob.extend_from_slice(&cipher_blob(&sealed_key)?);
    Ok(blob)
}

/// A DER SM2EnvelopedKey from an ENVELOPEDKEYBLOB of a device of this form.
pub fn envelope_from_blob(blob: &[u8], form: Form) -> Result<Vec<u8>, BlobError> {
    let (head, rest) = blob.split_first_chunk::<12>().ok_or(BlobError::NotABlob)?;
    let (field, rest) = rest.split_first_chunk::<64>().ok_or(BlobError::NotABlob)?;
    let (public_key, cipher) = rest.split_first_chunk::<132>().ok_or(BlobError::NotABlob)?;
    let number = |bytes: &[u8]| bytes.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
    let numbers = [&head[..], &head[4..], &head[8..], public_key].map(number);
    if numbers != [VERSION, SGD_SM4_ECB, BITS, BITS].map(Some) {
        return Err(BlobError::NotABlob);
    }
    let private_key: &[u8] = match form {
        Form::Whole => field,
        Form::Right if field[..32] == [0; 32] => &field[32..],
        Form::Left if field[32..] == [0; 32] => &field[..32],
        Form::Right | Form::Left => return Err(BlobError::NotABlob),
    };
    let (x, y) = (read_number(&public_key[4..68])?, read_number(&public_key[68..])?);
    let point = [&[4][..], x, y].concat();
    let build = || {
        let envelope = Enveloped {
            algorithm: envelope::sm4_ecb(),
            sealed_key: Any::from_der(&cipher_from_blob(cipher).map_err(|_| der::ErrorKind::Failed)?)?,
            public_key: BitString::from_bytes(&point)?,
            private_key: BitString::from_bytes(private_key)?,
        };
        envelope.to_der()
    };
    let envelope = build().map_err(|_: der::Error| BlobError::NotABlob)?;
    // The point is on the curve, or this is no key.
    envelope::public_key(&envelope)?;
    Ok(envelope)
}

/// ECCCIPHERBLOB from a DER SM2Cipher.
pub fn cipher_blob(der: &[u8]) -> Result<Vec<u8>, BlobError> {
    let parts = Sm2Cipher::from_der(der).map_err(|_| BlobError::NotACipher)?;
    let (hash, cipher) = (parts.hash.as_bytes(), parts.cipher.as_bytes());
    if hash.len() != 32 || !(1..=MAX_CIPHER).contains(&cipher.len()) {
        return Err(BlobError::NotACipher);
    }
    let mut blob = Vec::with_capacity(164 + cipher.len());
    put_number(&mut blob, parts.x.as_bytes())?;
    put_number(&mut blob, parts.y.as_bytes())?;
    blob.extend_from_slice(hash);
    blob.extend_from_slice(&(cipher.len() as u32).to_le_bytes());
    blob.extend_from_slice(cipher);
    Ok(blob)
}

/// A DER SM2Cipher from an ECCCIPHERBLOB. Octets after the ciphertext must not be there, but for the padding to which
/// C compilers round the structure.
pub fn cipher_from_blob(blob: &[u8]) -> Result<Vec<u8>, BlobError> {
    let (head, rest) = blob.split_first_chunk::<164>().ok_or(BlobError::NotACipher)?;
    let (x, y, hash) = (read_number(&head[..64])?, read_number(&head[64..128])?, &head[128..160]);
    let length = head.last_chunk().map(|bytes| u32::from_le_bytes(*bytes)).unwrap_or_default() as usize;
    let fits = (1..=MAX_CIPHER).contains(&length) && (length..length + 4).contains(&rest.len());
    if !fits {
        return Err(BlobError::NotACipher);
    }
    let mut content = Vec::with_capacity(128 + length);
    integer(&mut content, x);
    integer(&mut content, y);
    let (hash, cipher) = (wrap(OCTET_STRING, &[hash]), wrap(OCTET_STRING, &[&rest[..length]]));
    Ok(wrap(SEQUENCE, &[&content, &hash, &cipher]))
}

/// Right-aligned in 64 octets.
fn put_number(out: &mut Vec<u8>, number: &[u8]) -> Result<(), BlobError> {
    if number.len() > 32 {
        return Err(BlobError::NotACipher);
    }
    out.resize(out.len() + 64 - number.len(), 0);
    out.extend_from_slice(number);
    Ok(())
}

fn read_number(field: &[u8]) -> Result<&[u8], BlobError> {
    let (zeros, number) = field.split_at_checked(32).ok_or(BlobError::NotABlob)?;
    if zeros.iter().all(|octet| *octet == 0) { Ok(number) } else { Err(BlobError::NotABlob) }
}
