//! The conversations by which a blank key becomes somebody's key: personalise, install, read back.
//!
//! Each may break off anywhere (a pulled key, a closed page) and be begun again: until `install` has finished the key, a
//! new `personalise` starts from nothing; afterwards `install` with the same certificates just says yes.

use crate::{
    KeyError, Pin,
    key::{Key, Life, Slot},
    message::{Generation, NameParts},
    statement,
};

pub struct Personalised {
    pub serial: String,
    /// PKCS#10 DER.
    pub request: Vec<u8>,
    /// Signature (DER) over `statement::personalised`.
    pub proof: Vec<u8>,
}

/// What an installed key says of itself (R140).
pub struct ReadBack {
    pub serial: String,
    pub sign_certificate: Vec<u8>,
    pub encrypt_certificate: Vec<u8>,
    /// Signature (DER) over `statement::read_back`.
    pub signature: Vec<u8>,
    /// Hex, if a sealed challenge was given.
    pub encryption_proof: Option<String>,
    /// The same for what was sealed to pairs of before; `None` where the key does not hold that pair.
    pub past_proofs: Vec<Option<String>>,
}

/// Sets label and PINs, makes the signing pair on the key (R138) and lets it sign its request. The PIN stays verified.
pub async fn personalise<K: Key>(
    key: &mut K,
    label: &str,
    admin: &Pin,
    user: &Pin,
    subject: &NameParts,
    nonce: &str,
) -> Result<Personalised, KeyError> {
    check_nonce(nonce)?;
    key.initialise(label, admin, user).await?;
    key.verify_pin(crate::key::PinKind::User, user).await?;
    key.generate().await?;
    let request = key.request(subject).await?;
    let serial = key.identify().await?.serial;
    let proof = key.sign(&statement::personalised(nonce, &serial, &request)).await?;
    Ok(Personalised { serial, request, proof })
}

/// The envelope first, then both certificates, each read back at once; last the key is finished.
pub async fn install<K: Key>(
    key: &mut K,
    sign_certificate: &[u8],
    encrypt_certificate: &[u8],
    enveloped_key: &[u8],
) -> Result<(), KeyError> {
    let pair = [(Slot::Sign, sign_certificate), (Slot::Encrypt, encrypt_certificate)];
    if key.identify().await?.life == Life::Operational {
        for (slot, certificate) in pair {
            if key.read_certificate(slot).await?.as_deref() != Some(certificate) {
                return Err(KeyError::AlreadyPersonalised);
            }
        }
        return Ok(());
    }
    key.import_pair(enveloped_key).await?;
    for (slot, certificate) in pair {
        key.write_certificate(slot, certificate).await?;
        if key.read_certificate(slot).await?.as_deref() != Some(certificate) {
            return Err(KeyError::Transport("the certificate did not stay on the key".into()));
        }
    }
    key.finish().await
}

/// Reads what lies on the key and lets both private keys prove themselves. Changes nothing.
pub async fn read_back<K: Key>(
    key: &mut K,
    nonce: &str,
    sealed_challenge: Option<&[u8]>,
) -> Result<ReadBack, KeyError> {
    crate::generation::read_back(key, Generation::InUse, nonce, sealed_challenge, &[]).await
}

pub(crate) fn check_nonce(nonce: &str) -> Result<(), KeyError> {
    match statement::is_nonce(nonce) {
        true => Ok(()),
        false => Err(KeyError::Malformed("a nonce is hex of 16 to 64 bytes".into())),
    }
}
