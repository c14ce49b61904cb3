//! What follows an issuing: the errand's own run, activation, and putting aside what was issued for a broken key.

use super::Issuing;
use crate::errand::Outcome;
use crate::fault::Fault;
use crate::standing::{self, By, Which};
use crate::store;
use journey::order::Standing;

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

    /// The pair is proven on its key: both certificates count from now (R140).
    ///
    /// # Errors
    /// None of its own.
    pub async fn activate(&self, order_id: &str) -> Result<Outcome, Fault> {
        let id = order_id.to_owned();
        Ok(Outcome::write(move |tx| {
            Box::pin(async move { Ok(store::certificates::activate(tx, &id).await?) })
        }))
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
