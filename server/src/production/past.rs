//! Encryption pairs of before onto the new key (A40): what was encrypted to the lost one opens on it. Each pair proves itself
//! by something that only it can open.

use super::Production;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::key_proof::{self, wrong};
use crate::store::Tx;
use crate::store::replacements;
use app::desk::error::ProofRefusal;
use app::desk::production::{PastPair, PreparedPast};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::{Certificate, PublicKey, cipher, sm3};
use key::message::EnvelopedPast;

impl Production {
    /// Those that the order's certificate had before, each with its challenge; the pairs themselves once the key has said
    /// where they go.
    pub(super) async fn past(
        &self,
        order_id: &str,
        sign: &[u8],
        key_serial: &str,
        by: &str,
        prepared: Option<PreparedPast>,
    ) -> Result<Vec<PastPair>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let line = replacements::list_of_line(&mut reader, order_id).await?;
        if line.is_empty() {
            return Ok(Vec::new());
        }
        let (nonce, challenge) = key_proof::kept_challenge(&mut reader, &self.ground, order_id).await?;
        drop(reader);
        let mut enveloped = Vec::new();
        if let Some(prepared) = prepared {
            let signing = Certificate::from_der(sign).map_err(wrong)?.public_key().map_err(wrong)?;
            let places = key_proof::places(&nonce, key_serial, &signing, &prepared)?;
            let serials = line.iter().map(|certificate| certificate.serial.clone());
            let wanted = serials.zip(places.iter().copied()).collect();
            let pairs = self.authority.past(order_id, &signing, wanted, key_serial, by).await?;
            enveloped = key_proof::for_places(&places, pairs);
        }
        let mut enveloped = enveloped.into_iter();
        line.iter().map(|one| self.asked(&one.certificate, enveloped.next(), &challenge)).collect()
    }

    fn asked(
        &self,
        certificate: &[u8],
        enveloped: Option<EnvelopedPast>,
        challenge: &[u8],
    ) -> Result<PastPair, Fault> {
        let key = key_of(certificate)?;
        let own = own_challenge(challenge, &key);
        let sealed = cipher::encrypt(&key, &own, &mut self.ground.dice.clone()).map_err(wrong)?;
        Ok(PastPair {
            enveloped,
            point: BASE64.encode(key.to_point()),
            sealed_challenge: BASE64.encode(sealed),
        })
    }
}

/// Every pair that the order's certificate had before has opened its challenge.
///
/// # Errors
/// `Unopened`: one of them has not.
pub(super) async fn hold(
    tx: &mut Tx,
    ground: &Ground,
    order_id: &str,
    proofs: &[Option<String>],
) -> Result<(), Fault> {
    let (nonce, challenge) = key_proof::kept_challenge(tx, ground, order_id).await?;
    let certificates = replacements::list_of_line(tx, order_id).await?;
    let mut proofs = proofs.iter();
    for certificate in certificates {
        let own = own_challenge(&challenge, &key_of(&certificate.certificate)?);
        let expected = key::statement::encryption_proof(&nonce, &own);
        if proofs.next().and_then(Option::as_ref) != Some(&expected) {
            return Err(Fault::Proof(ProofRefusal::Unopened));
        }
    }
    Ok(())
}

fn key_of(certificate: &[u8]) -> Result<PublicKey, Fault> {
    Certificate::from_der(certificate).map_err(wrong)?.public_key().map_err(wrong)
}

/// One for each pair: what one opened says nothing of another.
fn own_challenge(challenge: &[u8], key: &PublicKey) -> [u8; 32] {
    sm3(&[challenge, key.to_point().as_slice()].concat())
}
