//! A key is done when it has proven itself: what lies on it is what was issued, and both private keys work (R140).

use super::Production;
use super::make::{challenge_place, decode, wrong};
use crate::advance::advance;
use crate::fault::Fault;
use crate::store::certificates::{self, Slot};
use crate::store::productions;
use crate::store::{self, Tx};
use app::desk::error::ProofRefusal;
use app::desk::production::{JobView, ReadBackProof};
use certificate::Certificate;
use journey::actor::{Actor, StaffId};
use journey::event::Event;
use journey::refusal::Refusal;

impl Production {
    /// # Errors
    /// The certificates on the key differ from those issued, or a proof does not hold: the key is not activated.
    pub async fn verify(
        &self,
        staff: &StaffId,
        number: String,
        proof: ReadBackProof,
    ) -> Result<JobView, Fault> {
        let (desk, staff) = (self.clone(), staff.clone());
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let row = super::load(tx, &number).await?;
                    desk.holds(tx, &row.id, &proof).await?;
                    let event = Event::KeyVerified { key_serial: proof.key_serial.clone() };
                    let actor = Actor::Producer(staff.clone());
                    let row = advance(tx, &desk.ground, row, None, event, &actor).await?;
                    // Read again: the answer shows what is written.
                    let row = store::orders::load(tx, &row.id).await?;
                    desk.show(tx, &staff, row).await
                })
            })
            .await
    }

    async fn holds(&self, tx: &mut Tx, order_id: &str, proof: &ReadBackProof) -> Result<(), Fault> {
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
        let statement =
            key::statement::read_back(&production.nonce, &production.key_serial, &on_key.0, &on_key.1);
        let signature = decode(&proof.signature)?;
        signing.verify(&statement, &signature).map_err(|_| Fault::Proof(ProofRefusal::NotThisKey))?;
        let sealed = production.challenge.ok_or_else(|| wrong("no challenge was sent"))?;
        let challenge = self.ground.sealing.open(&challenge_place(order_id), &sealed)?;
        let expected = key::statement::encryption_proof(&production.nonce, &challenge);
        if proof.encryption_proof.as_deref() != Some(expected.as_str()) {
            return Err(Fault::Proof(ProofRefusal::Unopened));
        }
        Ok(())
    }
}
