//! The one-time code once more, for what an open session alone must not do (ASVS 7.5.3).

use super::{Staff, one_time_code, softlock, totp_place};
use crate::fault::Fault;
use crate::store;
use journey::actor::StaffId;

impl Staff {
    /// Whether this is the number on the member's authenticator now; a number counts once, and a wrong one makes the
    /// member wait as at the sign-in.
    ///
    /// # Errors
    /// `SlowDown` while the member waits after failures.
    pub async fn confirms(&self, id: &StaffId, code: &str) -> Result<bool, Fault> {
        let (ground, member) = (self.ground.clone(), id.0.clone());
        let counted = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let now = ground.now();
                let row = store::staff::find(tx, &member).await?.ok_or(Fault::SignInAgain)?;
                if row.locked_until > now {
                    let retry_after_s = softlock::wait_s(row.locked_until, now);
                    return Err(Fault::SlowDown { retry_after_s });
                }
                let until = softlock::locked_until(row.failures + 1, now);
                store::staff::sign_in_failed(tx, &row.id, until).await?;
                Ok(row)
            })
        });
        let row = counted.await?;
        let secret = self.ground.sealing.open(&totp_place(&row.id), &row.sealed_totp)?;
        let Some(step) = one_time_code::step_of(&secret, code, self.ground.now()) else {
            tracing::warn!(staff = %row.id, "a one-time code asked for once more was wrong");
            return Ok(false);
        };
        let used = self.ground.store.write(move |tx| {
            Box::pin(async move { store::staff::signed_in(tx, &row.id, step).await.map_err(Fault::Store) })
        });
        used.await
    }
}
