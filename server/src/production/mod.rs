//! Owns: 制证: jobs, the making of a key at a producer's station, its proof; and the list of what waits for its parcel.
//! Never: sending it (dispatch's), signing a certificate (the issuing desk's, given here as a closed door), a passcode in clear beyond one call.
//! Start at: `make.rs`, then `show.rs`.

mod make;
mod past;
mod prove;
mod show;

use crate::advance::advance;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::replaced;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use app::desk::production::JobView;
use async_trait::async_trait;
use certificate::PublicKey;
use journey::actor::{Actor, StaffId};
use journey::event::Event;
use std::sync::Arc;

/// What production needs of the authority: a desk never imports another, so the office hands it in.
#[async_trait]
pub trait Authority: Send + Sync {
    /// The subject that the order's certificates carry.
    ///
    /// # Errors
    /// A name that no certificate can carry.
    fn subject(&self, row: &OrderRow) -> Result<certificate::NameParts, Fault>;

    /// Issues the double certificate for the order's generated pair, or gives the one issued already.
    ///
    /// # Errors
    /// What the issuing desk says.
    async fn issue(&self, order_id: &str) -> Result<DoubleCertificate, Fault>;

    /// Encryption pairs that the certificate this order replaces has and had, by the serial numbers of their certificates, each
    /// in an envelope (DER) for the place beside it; that they left, and by whom, is recorded.
    ///
    /// # Errors
    /// What the key centre says.
    async fn past(
        &self,
        order_id: &str,
        signing_key: &PublicKey,
        wanted: Vec<(String, PublicKey)>,
        key_serial: &str,
        by: &str,
    ) -> Result<Vec<Vec<u8>>, Fault>;
}

/// DER of both certificates and of the envelope.
pub struct DoubleCertificate {
    pub sign: Vec<u8>,
    pub encrypt: Vec<u8>,
    pub envelope: Vec<u8>,
}

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Production {
    ground: Ground,
    authority: Arc<dyn Authority>,
}

impl Production {
    pub fn new(ground: Ground, authority: Arc<dyn Authority>) -> Production {
        Production { ground, authority }
    }

    /// # Errors
    /// Taken by a colleague; the reviewer of this order may not produce it (R137); what it replaces has ended (A38).
    pub async fn take(&self, staff: &StaffId, number: String) -> Result<JobView, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = load(&mut reader, &number).await?;
        // Said before a key is spent on it.
        replaced::may_go_on(&mut reader, &self.ground, &row).await?;
        drop(reader);
        self.move_job(staff, number.clone(), Event::JobTaken).await?;
        self.job(staff, &number).await
    }

    /// # Errors
    /// Not this producer's job.
    pub async fn release(&self, staff: &StaffId, number: String) -> Result<(), Fault> {
        self.move_job(staff, number, Event::JobReleased).await
    }

    async fn move_job(&self, staff: &StaffId, number: String, event: Event) -> Result<(), Fault> {
        let (ground, actor) = (self.ground.clone(), Actor::Producer(staff.clone()));
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let row = load(tx, &number).await?;
                    advance(tx, &ground, row, None, event, &actor).await?;
                    Ok(())
                })
            })
            .await
    }
}

/// # Errors
/// `NotFound`.
async fn load(tx: &mut Tx, number: &str) -> Result<OrderRow, Fault> {
    store::orders::find_by_number(tx, number).await?.ok_or(Fault::NotFound)
}
