//! What journeys order: the certificate chosen for replacement goes on hold and is revoked, the old pair makes room for
//! the new one. An errand may run twice, and staff may have been there first: what stands already is done.

use super::Status;
use crate::errand::Outcome;
use crate::fault::Fault;
use crate::standing::{self, By, Change, Which};
use crate::store;
use app::desk::error::StandingRefusal;
use certificate::revocation::Reason;

impl Status {
    /// The certificate that the order is to replace goes on hold, with its pair (A37).
    ///
    /// # Errors
    /// The store's own.
    pub async fn suspend_chosen(&self, order_id: &str) -> Result<Outcome, Fault> {
        self.of_order(order_id, Change::Suspend, "挂失补办").await
    }

    /// The found certificate counts again, with its pair (B01). Whether it may was asked when identity was proven; what was
    /// revoked in the moment since stays so.
    ///
    /// # Errors
    /// The store's own.
    pub async fn resume_chosen(&self, order_id: &str) -> Result<Outcome, Fault> {
        self.of_order(order_id, Change::Resume, "持有者身份核验后解挂").await
    }

    /// The lost certificate is revoked, with its pair, at the approval of its replacement (R135, A37).
    ///
    /// # Errors
    /// The store's own.
    pub async fn revoke_chosen(&self, order_id: &str) -> Result<Outcome, Fault> {
        self.of_order(order_id, Change::Revoke(Reason::Superseded), "补办审核通过").await
    }

    /// The pair with which the holder came is superseded by the one that lies proven on the key (A21, A47).
    ///
    /// # Errors
    /// The store's own.
    pub async fn retire_old_pair(&self, order_id: &str) -> Result<Outcome, Fault> {
        self.of_order(order_id, Change::Revoke(Reason::Superseded), "新证书已启用").await
    }

    async fn of_order(&self, order_id: &str, change: Change, why: &str) -> Result<Outcome, Fault> {
        let mut reader = self.0.ground.store.read().await?;
        let row = store::orders::load(&mut reader, order_id).await?;
        let Some(serial) = row.order.certificate_serial else {
            return Ok(Outcome::give_up("the order names no certificate"));
        };
        if standing::facts(&mut reader, &serial).await?.is_none() {
            return Ok(Outcome::give_up(format!("no certificate {serial} was ever active")));
        }
        let (ground, by) = (self.0.ground.clone(), By::new(row.number, why));
        Ok(Outcome::write(move |tx| {
            Box::pin(async move {
                match standing::change(tx, &ground, &Which::PairOf(serial), change, &by).await {
                    Ok(_)
                    | Err(Fault::Standing(
                        StandingRefusal::AlreadyOnHold | StandingRefusal::AlreadyRevoked,
                    )) => Ok(()),
                    Err(fault) => Err(fault),
                }
            })
        }))
    }
}
