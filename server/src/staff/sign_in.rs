//! Name, password and one-time code, and one answer to everything that is wrong (ASVS 6.3.8).

use super::{Staff, one_time_code, role, session, softlock, totp_place};
use crate::fault::Fault;
use crate::store;
use crate::store::staff::StaffRow;
use app::desk::staff::StaffView;
use journey::moment::Moment;
use journey::secret::Password;
use std::time::Duration;

/// No refusal comes earlier than this: the time that it took tells nothing.
const SAME_TIME: Duration = Duration::from_millis(400);

/// A member of staff who has just signed in.
pub struct SignedIn {
    /// The session's token, for the browser alone: this office keeps its digest.
    pub token: String,
    pub view: StaffView,
}

impl Staff {
    /// # Errors
    /// `SignInRefused`, whichever of the three is wrong; `SlowDown` while the name waits after failures.
    pub async fn sign_in(
        &self,
        name: &str,
        password: Password,
        one_time_code: &str,
    ) -> Result<SignedIn, Fault> {
        let started = tokio::time::Instant::now();
        let result = self.check(name.trim(), password, one_time_code).await;
        if result.is_err() {
            tokio::time::sleep_until(started + SAME_TIME).await;
        }
        result
    }

    async fn check(&self, name: &str, password: Password, code: &str) -> Result<SignedIn, Fault> {
        let member = self.count(name).await?;
        let hash = member.as_ref().map(|row| row.password_hash.clone());
        let known = self.passwords.matches(password, hash).await?;
        let Some(row) = member else {
            // What was typed stays out of the log: it may be a password in the wrong field.
            tracing::warn!("sign-in refused: no such name");
            return Err(Fault::SignInRefused);
        };
        let secret = self.ground.sealing.open(&totp_place(&row.id), &row.sealed_totp)?;
        let step = one_time_code::step_of(&secret, code, self.ground.now());
        match step.filter(|_| known) {
            Some(step) => self.enter(row, step).await,
            None => {
                tracing::warn!(staff = %row.id, failures = row.failures + 1, "sign-in refused");
                Err(Fault::SignInRefused)
            }
        }
    }

    /// Counts the try as a failure before anything is compared, so that many tries at once are no more tries; success
    /// sets the count back.
    async fn count(&self, name: &str) -> Result<Option<StaffRow>, Fault> {
        let (ground, wanted) = (self.ground.clone(), name.to_owned());
        let found = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let now = ground.now();
                let Some(row) = store::staff::find_by_name(tx, &wanted).await? else { return Ok(None) };
                if row.locked_until > now {
                    return Err(waits(row.locked_until, now));
                }
                store::staff::sign_in_failed(tx, &row.id, softlock::locked_until(row.failures + 1, now))
                    .await?;
                Ok::<_, Fault>(Some(row))
            })
        });
        let found = found.await?;
        if found.is_none() {
            let (digest, now) = (self.ground.sealing.digest("staff_name", name), self.ground.now());
            self.strangers.count(digest, now).map_err(|until| waits(until, now))?;
        }
        Ok(found)
    }

    /// Uses the one-time code up and opens a session.
    async fn enter(&self, row: StaffRow, step: i64) -> Result<SignedIn, Fault> {
        let view = StaffView { name: row.name.clone(), roles: role::read(&row)? };
        let token = self.ground.dice.token();
        let digest = session::digest(&self.ground, &token);
        let (now, id) = (self.ground.now(), row.id.clone());
        let entered = self.ground.store.write(move |tx| {
            Box::pin(async move {
                if !store::staff::signed_in(tx, &id, step).await? {
                    return Err(Fault::SignInRefused);
                }
                let ends_at = now.plus_hours(session::HOURS);
                store::staff::record_session(tx, &digest, &id, now, ends_at).await.map_err(Fault::Store)
            })
        });
        entered
            .await
            .inspect_err(|error| tracing::warn!(staff = %row.id, %error, "right password, not let in"))?;
        tracing::info!(staff = %row.id, "signed in");
        Ok(SignedIn { token, view })
    }
}

fn waits(until: Moment, now: Moment) -> Fault {
    Fault::SlowDown { retry_after_s: softlock::wait_s(until, now) }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
