//! A member's session: known by the digest of its token, ended by time, by idleness, or by the member.

use super::{Staff, role};
use crate::fault::Fault;
use crate::ground::Ground;
use crate::store;
use app::desk::StaffMember;
use journey::actor::StaffId;
use journey::moment::Moment;

/// The page asks after ten idle minutes and signs out a minute later; this is the same rule for a page that is gone, with
/// the minute that `NOTED_AFTER_S` costs (threat 18).
pub const IDLE_MINUTES: i64 = 12;
/// A working day.
pub const HOURS: i64 = 8;
/// A session seen within this time need not be written again.
const NOTED_AFTER_S: i64 = 60;

/// What the office keeps of a token.
pub fn digest(ground: &Ground, token: &str) -> Vec<u8> {
    ground.sealing.digest("staff_session", token)
}

impl Staff {
    /// Whose session this token opens, if it is alive; it counts as seen.
    ///
    /// # Errors
    /// The store's own.
    pub async fn find_by_session(&self, token: &str) -> Result<Option<StaffMember>, Fault> {
        let digest = digest(&self.ground, token);
        let now = self.ground.now();
        let mut reader = self.ground.store.read().await?;
        let idle_since = now.plus_minutes(-IDLE_MINUTES);
        let found = store::staff::find_by_session(&mut reader, &digest, now, idle_since).await?;
        drop(reader);
        let Some((row, seen_at)) = found else { return Ok(None) };
        if now.millis() - seen_at.millis() > NOTED_AFTER_S * 1000 {
            self.note(digest.clone(), now).await?;
        }
        let roles = role::read(&row)?;
        Ok(Some(StaffMember { id: StaffId(row.id), session: hex::encode(digest), name: row.name, roles }))
    }

    async fn note(&self, digest: Vec<u8>, now: Moment) -> Result<(), Fault> {
        let noted = self
            .ground
            .store
            .write(move |tx| Box::pin(async move { store::staff::session_seen(tx, &digest, now).await }));
        noted.await.map_err(Fault::Store)
    }

    /// Ends the session with this handle (`StaffMember::session`); one that is over already stays over.
    ///
    /// # Errors
    /// The store's own.
    pub async fn sign_out(&self, session: &str) -> Result<(), Fault> {
        let Ok(digest) = hex::decode(session) else { return Ok(()) };
        let ended = self
            .ground
            .store
            .write(move |tx| Box::pin(async move { store::staff::end_session(tx, &digest).await }));
        ended.await.map_err(Fault::Store)
    }
}
