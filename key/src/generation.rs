//! The conversations by which a holder's key gets its next generation beside the one in use: make, install, read back,
//! switch. Each may break off anywhere and be begun again: until the switch the old pairs are the ones in use and whole,
//! and after it the new ones; there is nothing between.

pub use crate::past::find_slot;
use crate::{
    KeyError, certificate_facts,
    key::{Key, Slot},
    message::{Generation, NameParts},
    production::{ReadBack, check_nonce},
    request,
    signing::Point,
    statement,
};

pub struct NextMade {
    pub serial: String,
    /// PKCS#10 DER, signed with the next signing pair.
    pub request: Vec<u8>,
    /// Signature (DER) by the next signing pair over `statement::next_made`.
    pub proof: Vec<u8>,
    /// The same statement signed by the pair in use: the holder of this certificate wants that one.
    pub endorsement: Vec<u8>,
}

/// A fresh signing pair beside the one in use (A21), its request, and both pairs' word for it. Whatever was begun of a next
/// generation before is forgotten.
pub async fn make_next<K: Key>(key: &mut K, subject: &NameParts, nonce: &str) -> Result<NextMade, KeyError> {
    check_nonce(nonce)?;
    let serial = key.identify().await?.serial;
    let point = key.generate_next().await?;
    let to_be_signed = request::to_be_signed(subject, &point);
    let request = request::assemble(&to_be_signed, &key.sign_next(&to_be_signed).await?);
    let statement = statement::next_made(nonce, &serial, &request);
    let (proof, endorsement) = (key.sign_next(&statement).await?, key.sign(&statement).await?);
    Ok(NextMade { serial, request, proof, endorsement })
}

/// The envelope, then both certificates, each read back at once. What is there already is not written again; a key that has
/// switched to these certificates just says yes. `NotFound`: the key does not hold the pair that was certified.
pub async fn install_next<K: Key>(
    key: &mut K,
    sign_certificate: &[u8],
    encrypt_certificate: &[u8],
    enveloped_key: &[u8],
) -> Result<(), KeyError> {
    if in_use(key, sign_certificate, encrypt_certificate).await? {
        return Ok(());
    }
    let (sign_point, encrypt_point) = (point_of(sign_certificate)?, point_of(encrypt_certificate)?);
    if find_point(key, Slot::NextSign).await? != Some(sign_point) {
        return Err(KeyError::NotFound);
    }
    if find_point(key, Slot::NextEncrypt).await? != Some(encrypt_point) {
        key.import_next_pair(enveloped_key).await?;
    }
    for (slot, certificate) in [(Slot::NextSign, sign_certificate), (Slot::NextEncrypt, encrypt_certificate)]
    {
        if key.read_certificate(slot).await?.as_deref() == Some(certificate) {
            continue;
        }
        key.write_certificate(slot, certificate).await?;
        if key.read_certificate(slot).await?.as_deref() != Some(certificate) {
            return Err(KeyError::Transport("the certificate did not stay on the key".into()));
        }
    }
    Ok(())
}

/// The next generation becomes the one in use. Said again, it says yes. `NotFound`: neither generation has these
/// certificates.
pub async fn switch<K: Key>(
    key: &mut K,
    sign_certificate: &[u8],
    encrypt_certificate: &[u8],
) -> Result<(), KeyError> {
    if in_use(key, sign_certificate, encrypt_certificate).await? {
        return Ok(());
    }
    for (slot, certificate) in [(Slot::NextSign, sign_certificate), (Slot::NextEncrypt, encrypt_certificate)]
    {
        if key.read_certificate(slot).await?.as_deref() != Some(certificate) {
            return Err(KeyError::NotFound);
        }
    }
    key.switch().await
}

/// Something sealed to an encryption pair that may be one of before.
pub struct Sealed<'a> {
    pub point: &'a Point,
    /// SM2Cipher of 32 random bytes, DER.
    pub challenge: &'a [u8],
}

/// Reads what lies on the key in this generation and lets its private keys prove themselves; and, where something is sealed
/// to pairs of before, opens that too (B02). Changes nothing.
pub async fn read_back<K: Key>(
    key: &mut K,
    generation: Generation,
    nonce: &str,
    sealed_challenge: Option<&[u8]>,
    past: &[Sealed<'_>],
) -> Result<ReadBack, KeyError> {
    check_nonce(nonce)?;
    let serial = key.identify().await?.serial;
    let (sign, encrypt) = generation.slots();
    let sign_certificate = key.read_certificate(sign).await?.ok_or(KeyError::NotFound)?;
    let encrypt_certificate = key.read_certificate(encrypt).await?.ok_or(KeyError::NotFound)?;
    let signature = match generation {
        Generation::InUse => {
            let said = statement::read_back(nonce, &serial, &sign_certificate, &encrypt_certificate);
            key.sign(&said).await?
        }
        Generation::Next => {
            let said = statement::read_back_next(nonce, &serial, &sign_certificate, &encrypt_certificate);
            key.sign_next(&said).await?
        }
    };
    let encryption_proof = match sealed_challenge {
        Some(sealed) => Some(statement::encryption_proof(nonce, &key.decrypt_with(encrypt, sealed).await?)),
        None => None,
    };
    let mut past_proofs = Vec::new();
    for Sealed { point, challenge } in past {
        past_proofs.push(match find_slot(key, point).await? {
            Some(slot) => Some(statement::encryption_proof(nonce, &key.decrypt_with(slot, challenge).await?)),
            None => None,
        });
    }
    Ok(ReadBack { serial, sign_certificate, encrypt_certificate, signature, encryption_proof, past_proofs })
}

async fn in_use<K: Key>(key: &mut K, sign: &[u8], encrypt: &[u8]) -> Result<bool, KeyError> {
    Ok(key.read_certificate(Slot::Sign).await?.as_deref() == Some(sign)
        && key.read_certificate(Slot::Encrypt).await?.as_deref() == Some(encrypt))
}

async fn find_point<K: Key>(key: &mut K, slot: Slot) -> Result<Option<Point>, KeyError> {
    match key.public_point(slot).await {
        Ok(point) => Ok(Some(point)),
        Err(KeyError::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

fn point_of(certificate: &[u8]) -> Result<Point, KeyError> {
    certificate_facts::read(certificate).and_then(|facts| facts.point).ok_or(KeyError::BadCertificate)
}
