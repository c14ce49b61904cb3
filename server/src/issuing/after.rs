//! What follows an issuing: the errand's own run, activation, and putting aside what was issued for a broken key.

use super::Issuing;
use crate::errand::Outcome;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::standing::{self, By, Change, Which};
use crate::store::encryption_pairs::{self, Owner};
use crate::store::{self, Tx};
use app::desk::error::StandingRefusal;
use certificate::revocation::Reason;
use journey::order::Standing;
use journey::service::Service;

impl Issuing {
    /// The errand behind every generated pair. The producer's request issues at once; this finds it done, or does it
    /// after a crash.
    ///
    /// # Errors
    /// The store's own.
    pub async fn issue_as_errand(&self, order_id: &str) -> Result<Outcome, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = store::orders::load(&mut reader, order_id).await?;
        drop(reader);
        // Issued, or no longer wanted (the pair was given up, the order ended).
        if row.order.sign_serial.is_some() || row.order.spki_digest.is_none() || !row.order.standing.is_open()
        {
            return Ok(Outcome::done());
        }
        match self.issue(order_id).await {
            Ok(_) => Ok(Outcome::done()),
            Err(Fault::Certificate(why)) => Ok(Outcome::give_up(why)),
            Err(fault) => Ok(Outcome::Again { why: fault.to_string() }),
        }
    }

    /// The pair is proven on its key: both certificates count from now (R140). What the holder came with is superseded in
    /// the same transaction, so that no two pairs of one key are ever active (I4); its encryption pair becomes history.
    ///
    /// # Errors
    /// The store's own.
    pub async fn activate(&self, order_id: &str) -> Result<Outcome, Fault> {
        let (id, ground) = (order_id.to_owned(), self.ground.clone());
        Ok(Outcome::write(move |tx| Box::pin(async move { activate_pair(tx, &ground, &id).await })))
    }

    /// Puts aside what was issued for a pair that the order no longer names. A pair that came after it stays: production
    /// puts the old one aside itself when it takes the new request.
    ///
    /// # Errors
    /// None of its own.
    pub async fn discard(&self, order_id: &str) -> Result<Outcome, Fault> {
        let (id, ground) = (order_id.to_owned(), self.ground.clone());
        Ok(Outcome::write(move |tx| {
            Box::pin(async move {
                let row = store::orders::load(tx, &id).await?;
                // A completed order's pair was delivered: an errand that comes this late is about one before it.
                let wanted = row.order.standing.is_open() || row.order.standing == Standing::Completed;
                if row.order.spki_digest.is_none() || !wanted {
                    let by = By::new(row.number, "不再交付持有人");
                    standing::discard(tx, &ground, Which::Order(id.clone()), &by).await?;
                    store::certificates::discard(tx, &id, ground.now()).await?;
                }
                Ok(())
            })
        }))
    }
}

/// As [`Issuing::activate`], in a transaction of the caller's.
pub(super) async fn activate_pair(tx: &mut Tx, ground: &Ground, order_id: &str) -> Result<(), Fault> {
    let row = store::orders::load(tx, order_id).await?;
    if matches!(row.order.service, Service::Renewal | Service::Modification)
        && let Some(old) = &row.order.certificate_serial
    {
        supersede(tx, ground, old, &row.number).await?;
    }
    Ok(store::certificates::activate(tx, order_id).await?)
}

/// What stands already is done: staff may have revoked it meanwhile.
async fn supersede(tx: &mut Tx, ground: &Ground, serial: &str, number: &str) -> Result<(), Fault> {
    let by = By::new(number, "新证书已启用");
    let which = Which::PairOf(serial.to_owned());
    match standing::change(tx, ground, &which, Change::Revoke(Reason::Superseded), &by).await {
        Ok(_) | Err(Fault::Standing(StandingRefusal::AlreadyRevoked)) => {}
        Err(fault) => return Err(fault),
    }
    let old = store::status::find(tx, serial).await?.and_then(|row| row.order_id);
    if let Some(old) = old {
        encryption_pairs::retire(tx, &Owner::Order(old), ground.now()).await?;
    }
    Ok(())
}
