//! The new pair proves itself twice: beside the old one, before the key may switch, and as the one in use, when what was
//! encrypted before must still open (B02). Only then the order is done.

use super::Loading;
use super::past::{self, Opens};
use crate::advance::advance;
use crate::fault::Fault;
use crate::key_proof::{self, wrong};
use crate::store::certificates::Slot;
use crate::store::productions;
use crate::store::{self, Tx};
use crate::visits;
use app::desk::loading::SwitchedProof;
use app::desk::production::ReadBackProof;
use certificate::{Certificate, PublicKey};
use journey::actor::Actor;
use journey::event::{Event, EventKind};
use journey::refusal::Refusal;
use journey::step::Step;
use key::message::{EnvelopedPast, Generation};

/// What the switched key still lacks of before.
pub enum Lacks {
    /// It is done.
    Nothing,
    /// So many pairs; where they go, the key has not said.
    Pairs(u8),
    Brought(Vec<EnvelopedPast>),
}

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

    /// # Errors
    /// Not at this step; a proof that does not hold.
    pub async fn switched(
        &self,
        visit: Vec<u8>,
        number: String,
        proof: SwitchedProof,
    ) -> Result<Lacks, Fault> {
        let (desk, prepared) = (self.clone(), proof.prepared.clone());
        let checked = self
            .ground
            .store
            .write(move |tx| Box::pin(async move { desk.check_switched(tx, &visit, &number, &proof).await }));
        let Some(lacking) = checked.await? else { return Ok(Lacks::Nothing) };
        let Some(prepared) = prepared.filter(|prepared| !prepared.places.is_empty()) else {
            return Ok(Lacks::Pairs(u8::try_from(lacking.serials.len()).unwrap_or(u8::MAX)));
        };
        let Lacking { order_id, key_serial, nonce, signing, serials } = lacking;
        let places = key_proof::places(&nonce, &key_serial, &signing, &prepared)?;
        let wanted = serials.into_iter().zip(places.iter().copied()).collect();
        let pairs = self.authority.recover(&order_id, &signing, wanted, &key_serial).await?;
        Ok(Lacks::Brought(key_proof::for_places(&places, pairs)))
    }

    /// `None`: the order is done, from now on if it was not before.
    async fn check_switched(
        &self,
        tx: &mut Tx,
        visit: &[u8],
        number: &str,
        proof: &SwitchedProof,
    ) -> Result<Option<Lacking>, Fault> {
        let row = visits::order_for(tx, visit, number).await?;
        if row.order.key_verified {
            return Ok(None);
        }
        let key_serial = proof.read.key_serial.clone();
        let row = self.at_key(tx, visit, number, &key_serial, EventKind::PairLoaded).await?;
        key_proof::holds(tx, &self.ground, &row.id, Generation::InUse, &proof.read).await?;
        let lacks = match past::judge(tx, &self.ground, &row, proof).await? {
            Opens::All => false,
            Opens::NotTheLast => true,
            Opens::NotTheOlder => has_room(proof) && past::may_be_brought(tx, &row).await?,
        };
        if lacks {
            let serials = past::lacking(tx, &row, proof).await?;
            let production = productions::find(tx, &row.id).await?.ok_or(Refusal::PairNotGenerated)?;
            let signing = signing_key(tx, &row.id).await?;
            let (order_id, nonce) = (row.id, production.nonce);
            return Ok(Some(Lacking { order_id, key_serial, nonce, signing, serials }));
        }
        let pair = row.order.spki_digest.clone().unwrap_or_default();
        store::held::record_step(tx, &row.id, "switched", &pair, self.ground.now()).await?;
        let event = Event::PairLoaded { key_serial };
        advance(tx, &self.ground, row, None, event, &Actor::Applicant).await?;
        Ok(None)
    }
}

/// Of a switched key.
struct Lacking {
    order_id: String,
    key_serial: String,
    nonce: String,
    signing: PublicKey,
    /// Of the encryption certificates whose pairs it does not hold.
    serials: Vec<String>,
}

/// Unless the key was asked for places and had none.
fn has_room(proof: &SwitchedProof) -> bool {
    proof.prepared.as_ref().is_none_or(|prepared| !prepared.places.is_empty())
}

async fn signing_key(tx: &mut Tx, order_id: &str) -> Result<PublicKey, Fault> {
    let der = key_proof::issued(tx, order_id, Slot::Sign).await?;
    Certificate::from_der(&der).map_err(wrong)?.public_key().map_err(wrong)
}
