//! The authority upstream hears how a certificate of its making stands: it answers for it, and we keep the decision.

use super::Issuing;
use crate::errand::Outcome;
use crate::fault::Fault;
use crate::standing::{self, Told};
use crate::store;
use certificate::Certificate;
use certificate::revocation::Reason;

impl Issuing {
    /// The errand behind a change of standing. It tells how the certificate stands now: of two changes that overtake each
    /// other the last one counts.
    ///
    /// # Errors
    /// The store's own, and an authority that cannot be reached; the runner tries again.
    pub async fn tell_upstream(&self, serial: &str) -> Result<Outcome, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = store::status::find(&mut reader, serial).await?;
        let der = store::certificates::find_signed(&mut reader, serial).await?;
        drop(reader);
        let (Some(row), Some(der)) = (row, der) else { return Ok(Outcome::done()) };
        let Some(told) = standing::told(&row)? else { return Ok(Outcome::done()) };
        let certificate = Certificate::from_der(&der).map_err(super::wrong)?;
        match self.authority.revoke(&certificate, reason(told).number()).await {
            Ok(()) => {
                tracing::info!(serial, told = told.code(), "the upstream authority was told");
                Ok(Outcome::done())
            }
            // A person mends the settings, or calls the authority.
            Err(Fault::Certificate(why)) => Ok(Outcome::give_up(why)),
            Err(fault) => Err(fault),
        }
    }
}

/// In the words of a revocation request (RFC 4210, 5.3.9): what counts again is removed from the list.
fn reason(told: Told) -> Reason {
    told.reason().unwrap_or(Reason::RemoveFromCrl)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_comes_and_goes_and_a_revocation_keeps_its_reason() {
        assert_eq!(reason(Told::OnHold).number(), 6);
        assert_eq!(reason(Told::Good).number(), 8);
        assert_eq!(reason(Told::Revoked(Reason::KeyCompromise)).number(), 1);
    }
}
