//! Owns: encryption pairs: made here, sealed here, handed out only inside an envelope (R139, GM/T 0034).
//! Never: a signing key; a private key in clear outside a function's stack; another desk.
//! Start at: `Kmc::pair_for`.
//!
//! The centre keeps its pairs behind this one interface, so that it can move into a process and a database of its own.

use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::certificates::EncryptionPair;
use crate::store::{self, Tx};
use certificate::envelope::{self, Layout};
use certificate::{KeyPair, PublicKey};

#[derive(Clone)]
pub struct Kmc {
    ground: Ground,
}

impl Kmc {
    pub fn new(ground: Ground) -> Kmc {
        Kmc { ground }
    }

    /// The order's encryption pair: the one in use, or a fresh one, in an envelope for this signing key.
    ///
    /// # Errors
    /// The store's own; a signing key that is none.
    pub async fn pair_for(
        &self,
        tx: &mut Tx,
        order_id: &str,
        signing_key: &PublicKey,
    ) -> Result<EncryptionPair, Fault> {
        if let Some(pair) = store::certificates::find_pair(tx, order_id).await? {
            return Ok(pair);
        }
        let mut dice = self.ground.dice.clone();
        let wrong = |why: String| Fault::Certificate(why);
        let pair = KeyPair::generate(&mut dice).map_err(|e| wrong(e.to_string()))?;
        let envelope = envelope::seal(&pair, signing_key, Layout::default(), &mut dice)
            .map_err(|e| wrong(e.to_string()))?;
        let id = self.ground.dice.id();
        let row = EncryptionPair {
            public_key: pair.public_key().to_spki_der(),
            // Kept for the holder's own recovery (GM/T 0034, 12.4) under the office's seal.
            sealed_key: self.ground.sealing.seal(&place(&id), pair.to_bytes().as_ref()),
            envelope: Some(envelope),
            id,
        };
        store::certificates::record_pair(tx, order_id, &row, self.ground.now()).await?;
        Ok(row)
    }
}

fn place(id: &str) -> String {
    format!("encryption_pairs.sealed_key/{id}")
}
