//! Suspend, resume, revoke and supersede by the staff's hand. What a call has answered stands, and no answer of before is
//! given from memory any more.

use super::Status;
use crate::fault::Fault;
use crate::standing::{self, By, Change, Which};
use crate::store::status::LifeLine;
use crate::store::{self};
use certificate::revocation::Reason;
use journey::eligibility::CertificateFacts;

impl Status {
    /// 挂失: on hold until it is resumed or revoked. Gives the serials that changed.
    ///
    /// # Errors
    /// `NotFound`; `Standing`: not active, on hold already, revoked already.
    pub async fn suspend(&self, which: Which, by: By) -> Result<Vec<String>, Fault> {
        self.change(which, Change::Suspend, by).await
    }

    /// 解挂: what was on hold counts again.
    ///
    /// # Errors
    /// `NotFound`; `Standing`: not on hold, revoked already.
    pub async fn resume(&self, which: Which, by: By) -> Result<Vec<String>, Fault> {
        self.change(which, Change::Resume, by).await
    }

    /// 吊销: for ever.
    ///
    /// # Errors
    /// `NotFound`; `Standing`: revoked already, never active, a reason that is not a holder's.
    pub async fn revoke(&self, which: Which, reason: Reason, by: By) -> Result<Vec<String>, Fault> {
        self.change(which, Change::Revoke(reason), by).await
    }

    /// Another certificate takes its place.
    ///
    /// # Errors
    /// As `revoke`.
    pub async fn supersede(&self, which: Which, by: By) -> Result<Vec<String>, Fault> {
        self.revoke(which, Reason::Superseded, by).await
    }

    /// Several at once would be several calls: each pair is a decision of its own.
    async fn change(&self, which: Which, change: Change, by: By) -> Result<Vec<String>, Fault> {
        let ground = self.0.ground.clone();
        let changed = self.0.ground.store.write(move |tx| {
            Box::pin(async move { standing::change(tx, &ground, &which, change, &by).await })
        });
        let changed = changed.await?;
        self.catch_up().await?;
        Ok(changed)
    }

    /// What the rule book wants to know of a certificate before somebody comes for a service (R134).
    ///
    /// # Errors
    /// The store's own.
    pub async fn facts(&self, serial: &str) -> Result<Option<CertificateFacts>, Fault> {
        let mut reader = self.0.ground.store.read().await?;
        Ok(standing::facts(&mut reader, serial).await?)
    }

    /// What happened to a certificate after its issuing, the first first.
    ///
    /// # Errors
    /// The store's own.
    pub async fn life(&self, serial: &str) -> Result<Vec<LifeLine>, Fault> {
        let mut reader = self.0.ground.store.read().await?;
        Ok(store::status::list_life(&mut reader, serial).await?)
    }
}
