//! What a key says of itself, held against what was issued for an order: both certificates to the byte, a signature by the
//! one pair, something opened by the other (R140).

use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::certificates::{self, Slot};
use crate::store::productions;
use crate::store::{self, Tx};
use app::desk::error::ProofRefusal;
use app::desk::production::{PreparedPast, ReadBackProof};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::{Certificate, NameParts, PublicKey, cipher};
use journey::refusal::Refusal;
use key::message::{EnvelopedPast, Generation};
use zeroize::Zeroizing;

/// 32 random bytes that only this encryption key can open: kept sealed with the order's production, sent sealed. Gives the
/// order's nonce with it.
///
/// # Errors
/// No production; a certificate that is none.
pub async fn challenge(
    ground: &Ground,
    order_id: &str,
    encrypt_der: &[u8],
) -> Result<(String, Vec<u8>), Fault> {
    let challenge = ground.dice.bytes::<32>();
    let sent = seal_to(ground, encrypt_der, &challenge)?;
    let sealed = ground.sealing.seal(&challenge_place(order_id), &challenge);
    let id = order_id.to_owned();
    let nonce = ground.store.write(move |tx| {
        Box::pin(async move {
            productions::keep_challenge(tx, &id, &sealed).await?;
            let production = productions::find(tx, &id).await?.ok_or(Refusal::PairNotGenerated)?;
            Ok::<_, Fault>(production.nonce)
        })
    });
    Ok((nonce.await?, sent))
}

/// The nonce of the order's production, and what was sent sealed with it.
///
/// # Errors
/// No production; nothing was sent yet.
pub async fn kept_challenge(
    tx: &mut Tx,
    ground: &Ground,
    order_id: &str,
) -> Result<(String, Zeroizing<Vec<u8>>), Fault> {
    let production = productions::find(tx, order_id).await?.ok_or(Refusal::PairNotGenerated)?;
    let sealed = production.challenge.ok_or_else(|| wrong("no challenge was sent"))?;
    Ok((production.nonce, ground.sealing.open(&challenge_place(order_id), &sealed)?))
}

/// SM2Cipher of these bytes under the key of an encryption certificate.
///
/// # Errors
/// A certificate that is none.
pub fn seal_to(ground: &Ground, encrypt_der: &[u8], bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let encrypt = Certificate::from_der(encrypt_der).map_err(wrong)?.public_key().map_err(wrong)?;
    cipher::encrypt(&encrypt, bytes, &mut ground.dice.clone()).map_err(wrong)
}

/// Whether the proof holds for what was issued for this order, in this generation of the key.
///
/// # Errors
/// The refusal: another key, other certificates, a signature or an opened challenge that is not theirs.
pub async fn holds(
    tx: &mut Tx,
    ground: &Ground,
    order_id: &str,
    generation: Generation,
    proof: &ReadBackProof,
) -> Result<(), Fault> {
    let production = productions::find(tx, order_id).await?.ok_or(Refusal::PairNotGenerated)?;
    if production.key_serial != proof.key_serial {
        return Err(Refusal::KeyDiffers.into());
    }
    let on_key = (decode(&proof.sign_certificate)?, decode(&proof.encrypt_certificate)?);
    for (slot, bytes) in [(Slot::Sign, &on_key.0), (Slot::Encrypt, &on_key.1)] {
        let issued = certificates::find(tx, order_id, slot).await?.and_then(|row| row.certificate);
        if issued.as_ref() != Some(bytes) {
            return Err(Fault::Proof(ProofRefusal::OtherCertificate));
        }
    }
    let signing = Certificate::from_der(&on_key.0).map_err(wrong)?.public_key().map_err(wrong)?;
    let said = match generation {
        Generation::InUse => key::statement::read_back,
        Generation::Next => key::statement::read_back_next,
    };
    let statement = said(&production.nonce, &production.key_serial, &on_key.0, &on_key.1);
    let signature = decode(&proof.signature)?;
    signing.verify(&statement, &signature).map_err(|_| Fault::Proof(ProofRefusal::NotThisKey))?;
    let (nonce, challenge) = kept_challenge(tx, ground, order_id).await?;
    let expected = key::statement::encryption_proof(&nonce, &challenge);
    if proof.encryption_proof.as_deref() != Some(expected.as_str()) {
        return Err(Fault::Proof(ProofRefusal::Unopened));
    }
    Ok(())
}

/// What was issued for this order and slot, DER.
///
/// # Errors
/// `PairNotIssued`.
pub async fn issued(tx: &mut Tx, order_id: &str, slot: Slot) -> Result<Vec<u8>, Fault> {
    let row = store::certificates::find(tx, order_id, slot).await?;
    Ok(row.and_then(|row| row.certificate).ok_or(Refusal::PairNotIssued)?)
}

/// The places for pairs of before that this key says are its own, by the signing pair that was certified for it.
///
/// # Errors
/// Not signed by that pair for this nonce and medium.
pub fn places(
    nonce: &str,
    key_serial: &str,
    signing: &PublicKey,
    prepared: &PreparedPast,
) -> Result<Vec<PublicKey>, Fault> {
    let malformed = || Fault::Proof(ProofRefusal::Malformed);
    let mut points: Vec<[u8; 65]> = Vec::new();
    for place in &prepared.places {
        points.push(decode(place)?.try_into().map_err(|_| malformed())?);
    }
    let said = key::statement::past_prepared(nonce, key_serial, &points);
    let signature = decode(&prepared.signature)?;
    signing.verify(&said, &signature).map_err(|_| Fault::Proof(ProofRefusal::NotThisKey))?;
    points.iter().map(|point| PublicKey::from_point(point).map_err(|_| malformed())).collect()
}

/// As they travel: each envelope with the place that it is for.
pub fn for_places(places: &[PublicKey], envelopes: Vec<Vec<u8>>) -> Vec<EnvelopedPast> {
    let pairs = places.iter().zip(envelopes);
    pairs
        .map(|(place, envelope)| EnvelopedPast {
            to: BASE64.encode(place.to_point()),
            enveloped_key: BASE64.encode(envelope),
        })
        .collect()
}

fn challenge_place(order_id: &str) -> String {
    format!("productions.challenge/{order_id}")
}

/// A subject as the messages to a key have it.
pub fn key_name(parts: NameParts) -> key::message::NameParts {
    key::message::NameParts {
        country: parts.country.unwrap_or_default(),
        organisation: parts.organisation,
        unit: parts.unit,
        serial_number: parts.serial_number,
        common_name: parts.common_name.unwrap_or_default(),
    }
}

/// # Errors
/// Not base64.
pub fn decode(text: &str) -> Result<Vec<u8>, Fault> {
    BASE64.decode(text).map_err(|_| Fault::Proof(ProofRefusal::Malformed))
}

pub fn wrong(why: impl ToString) -> Fault {
    Fault::Certificate(why.to_string())
}
