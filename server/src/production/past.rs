//! Encryption pairs of before onto the new key (A40): what was encrypted to the lost one opens on it. Each pair proves itself
//! by something that only it can open.

use super::{PastPair, Production};
use crate::fault::Fault;
use crate::ground::Ground;
use crate::key_proof::{self, wrong};
use crate::store::Tx;
use crate::store::replacements;
use app::desk::error::ProofRefusal;
use app::desk::production as wire;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::{Certificate, PublicKey, cipher, sm3};

impl Production {
    /// As they go to the key, each with its challenge.
    pub(super) async fn past(
        &self,
        order_id: &str,
        sign: &[u8],
        key_serial: &str,
        by: &str,
    ) -> Result<Vec<wire::PastPair>, Fault> {
        let signing = Certificate::from_der(sign).map_err(wrong)?.public_key().map_err(wrong)?;
        let pairs = self.authority.past(order_id, &signing, key_serial, by).await?;
        let mut reader = self.ground.store.read().await?;
        let (_, challenge) = key_proof::kept_challenge(&mut reader, &self.ground, order_id).await?;
        pairs.iter().map(|pair| self.sealed(pair, &challenge)).collect()
    }

    fn sealed(&self, pair: &PastPair, challenge: &[u8]) -> Result<wire::PastPair, Fault> {
        let key = key_of(&pair.certificate)?;
        let own = own_challenge(challenge, &key);
        let sealed = cipher::encrypt(&key, &own, &mut self.ground.dice.clone()).map_err(wrong)?;
        Ok(wire::PastPair {
            enveloped_key: BASE64.encode(&pair.envelope),
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
