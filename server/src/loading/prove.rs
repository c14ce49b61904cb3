//! The new pair proves itself twice: beside the old one, before the key may switch, and as the one in use, when what was
//! encrypted before must still open (B02). Only then the order is done.

use super::Loading;
use crate::advance::advance;
use crate::fault::Fault;
use crate::key_proof::{self, wrong};
use crate::store::certificates::Slot;
use crate::store::productions;
use crate::store::{self, Tx};
use crate::{held, visits};
use app::desk::error::ProofRefusal;
use app::desk::loading::SwitchedProof;
use app::desk::production::ReadBackProof;
use certificate::{Certificate, PublicKey};
use journey::actor::Actor;
use journey::event::{Event, EventKind};
use journey::refusal::Refusal;
use journey::step::Step;
use key::message::Generation;

/// What the switched key still lacks: pairs of before, enveloped to its new signing key. Nothing: it is done.
pub type Lacks = Option<Vec<Vec<u8>>>;

impl Loading {
    /// # Errors
    /// Not at this step; a proof that does not hold: the key must not switch.
    pub async fn written(&self, visit: Vec<u8>, number: String, proof: ReadBackProof) -> Result<(), Fault> {
        let desk = self.clone();
        let checked = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let event = EventKind::PairLoaded;
                let row = desk.at_key(tx, &visit, &number, &proof.key_serial, event).await?;
                if row.order.step() != Some(Step::Loading) {
                    return Err(Refusal::NotHere { standing: row.order.standing, event }.into());
                }
                key_proof::holds(tx, &desk.ground, &row.id, Generation::Next, &proof).await?;
                let pair = row.order.spki_digest.as_deref().unwrap_or_default();
                Ok::<_, Fault>(
                    store::held::record_step(tx, &row.id, "written", pair, desk.ground.now()).await?,
                )
            })
        });
        checked.await
    }

    /// `None`: the order is done. Otherwise what the key lacks of before.
    ///
    /// # Errors
    /// Not at this step; a proof that does not hold.
    pub async fn switched(
        &self,
        visit: Vec<u8>,
        number: String,
        proof: SwitchedProof,
    ) -> Result<Lacks, Fault> {
        let desk = self.clone();
        let checked = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = visits::order_for(tx, &visit, &number).await?;
                if row.order.key_verified {
                    return Ok(None);
                }
                let key_serial = proof.read.key_serial.clone();
                let row = desk.at_key(tx, &visit, &number, &key_serial, EventKind::PairLoaded).await?;
                key_proof::holds(tx, &desk.ground, &row.id, Generation::InUse, &proof.read).await?;
                if !desk.past_opens(tx, &row.id, &proof).await? {
                    return Ok(Some((row.id, key_serial)));
                }
                let pair = row.order.spki_digest.clone().unwrap_or_default();
                store::held::record_step(tx, &row.id, "switched", &pair, desk.ground.now()).await?;
                let event = Event::PairLoaded { key_serial };
                advance(tx, &desk.ground, row, None, event, &Actor::Applicant).await?;
                Ok::<_, Fault>(None)
            })
        });
        let Some((order_id, key_serial)) = checked.await? else { return Ok(None) };
        let mut reader = self.ground.store.read().await?;
        let to = signing_key(&mut reader, &order_id).await?;
        drop(reader);
        Ok(Some(self.authority.recover(&order_id, &to, &key_serial).await?))
    }

    /// Whether what was encrypted before the new certificate was opened; an order without a keepsake has nothing to open.
    async fn past_opens(&self, tx: &mut Tx, order_id: &str, proof: &SwitchedProof) -> Result<bool, Fault> {
        let Some(kept) = store::held::find_keepsake(tx, order_id).await? else { return Ok(true) };
        let production = productions::find(tx, order_id).await?.ok_or(Refusal::PairNotGenerated)?;
        let content = self.ground.sealing.open(&held::keepsake_place(order_id), &kept.content)?;
        let expected = key::statement::encryption_proof(&production.nonce, &content);
        match proof.past_proofs.first() {
            Some(Some(opened)) if *opened == expected => Ok(true),
            Some(Some(_)) => Err(Fault::Proof(ProofRefusal::Unopened)),
            Some(None) | None => Ok(false),
        }
    }
}

async fn signing_key(tx: &mut Tx, order_id: &str) -> Result<PublicKey, Fault> {
    let der = key_proof::issued(tx, order_id, Slot::Sign).await?;
    Certificate::from_der(&der).map_err(wrong)?.public_key().map_err(wrong)
}
