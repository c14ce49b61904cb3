//! A key is done when it has proven itself: what lies on it is what was issued, and both private keys work (R140).

use super::{Production, past};
use crate::advance::advance;
use crate::fault::Fault;
use crate::key_proof;
use crate::store;
use app::desk::production::{JobView, ReadBackProof};
use journey::actor::{Actor, StaffId};
use journey::event::Event;
use key::message::Generation;

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
                    key_proof::holds(tx, &desk.ground, &row.id, Generation::InUse, &proof).await?;
                    past::hold(tx, &desk.ground, &row.id, &proof.past_proofs).await?;
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
}
