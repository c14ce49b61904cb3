//! Owns: 制证 and 发货: jobs, the making of a key at a producer's station, its proof, the parcel.
//! Never: signing a certificate (the issuing desk's, given here as a closed door), a passcode in clear beyond one call.
//! Start at: `make.rs`, then `show.rs`.

mod make;
mod past;
mod prove;
mod show;

use crate::advance::advance;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use app::desk::production::JobView;
use async_trait::async_trait;
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

    /// The encryption pairs that the certificate this order replaces has and had, sealed to the new signing key; that they
    /// left, and by whom, is recorded.
    ///
    /// # Errors
    /// What the key centre says.
    async fn past(
        &self,
        order_id: &str,
        signing_key: &certificate::PublicKey,
        key_serial: &str,
        by: &str,
    ) -> Result<Vec<PastPair>, Fault>;
}

/// An encryption pair of before: its certificate, and the pair in its envelope, DER.
pub struct PastPair {
    pub certificate: Vec<u8>,
    pub envelope: Vec<u8>,
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
    /// Taken by a colleague; the reviewer of this order may not produce it (R137).
    pub async fn take(&self, staff: &StaffId, number: String) -> Result<JobView, Fault> {
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

    /// Hands the parcel over (R034); only a proven key whose passcode has left may go (R153).
    ///
    /// # Errors
    /// The rule book's; courier or waybill missing.
    pub async fn ship(
        &self,
        staff: &StaffId,
        number: String,
        courier: String,
        waybill: String,
    ) -> Result<(), Fault> {
        let (courier, waybill) = (courier.trim().to_owned(), waybill.trim().to_owned());
        let plausible =
            (6..=32).contains(&waybill.len()) && waybill.bytes().all(|b| b.is_ascii_alphanumeric());
        for (field, code, good) in [
            ("courier", "empty", !courier.is_empty()),
            // It stands in a text message.
            ("courier", "too_long", courier.chars().count() <= 20),
            ("waybill", "waybill_invalid", plausible),
        ] {
            if !good {
                let error = app::desk::error::FieldError { field: field.into(), code: code.into() };
                return Err(Fault::Fields(vec![error]));
            }
        }
        let (ground, actor) = (self.ground.clone(), Actor::Dispatcher(staff.clone()));
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let row = load(tx, &number).await?;
                    advance(tx, &ground, row, None, Event::Shipped { courier, waybill }, &actor).await?;
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
