//! Owns: the way of a new pair onto the key that its holder has in the port: made, issued, written beside, switched.
//! Never: signing a certificate (the issuing desk's, handed in), whether the order deserves one (the journal says so).
//! Start at: `make.rs`, then `prove.rs`.

mod look;
mod make;
mod past;
mod prove;

use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::Tx;
use crate::store::orders::OrderRow;
use crate::visits;
use async_trait::async_trait;
use certificate::PublicKey;
use journey::event::EventKind;
use journey::refusal::Refusal;
use journey::step::Step;
use std::sync::Arc;

pub use prove::Lacks;

/// What this desk needs of the authority and of the key centre.
#[async_trait]
pub trait Authority: Send + Sync {
    /// The subject that the order's certificates carry.
    ///
    /// # Errors
    /// A name that no certificate can carry.
    fn subject(&self, row: &OrderRow) -> Result<certificate::NameParts, Fault>;

    /// Issues the double certificate for the order's generated pair, or gives the one issued already: DER of both and of
    /// the envelope.
    ///
    /// # Errors
    /// What the issuing desk says.
    async fn issue(&self, order_id: &str) -> Result<(Vec<u8>, Vec<u8>, Vec<u8>), Fault>;

    /// Pairs of before, by the serial numbers of their encryption certificates, each in an envelope (DER) for the place beside
    /// it; who asked and why is written down first.
    ///
    /// # Errors
    /// What the key centre says; a certificate that this order does not follow.
    async fn recover(
        &self,
        order_id: &str,
        signing_key: &PublicKey,
        wanted: Vec<(String, PublicKey)>,
        key_serial: &str,
    ) -> Result<Vec<Vec<u8>>, Fault>;
}

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Loading {
    ground: Ground,
    authority: Arc<dyn Authority>,
}

impl Loading {
    pub fn new(ground: Ground, authority: Arc<dyn Authority>) -> Loading {
        Loading { ground, authority }
    }

    /// The visit's order, with this key in the port (R067), where a pair is made or written.
    async fn at_key(
        &self,
        tx: &mut Tx,
        visit: &[u8],
        number: &str,
        key_serial: &str,
        event: EventKind,
    ) -> Result<OrderRow, Fault> {
        let row = visits::order_for(tx, visit, number).await?;
        if !matches!(row.order.step(), Some(Step::Issuing | Step::Loading)) {
            return Err(Refusal::NotHere { standing: row.order.standing, event }.into());
        }
        if row.order.key_serial.as_deref() != Some(key_serial) {
            return Err(Refusal::KeyDiffers.into());
        }
        Ok(row)
    }
}
