//! 挂失, 解挂, 吊销 by the registrar's hand: of the whole pair, with a reason that stays.

use super::Registrar;
use crate::fault::Fault;
use crate::standing::{By, Change, State, Which, follow};
use crate::store;
use app::desk::error::{FieldError, StandingRefusal};
use app::desk::registrar::{LifeAct, PairView};
use certificate::revocation::Reason;

const REASONS: [Reason; 6] = crate::standing::REASONS;

impl Registrar {
    /// Whether [`Registrar::change`] would be refused for what can be known before: nothing changes.
    ///
    /// # Errors
    /// As `change`.
    pub async fn may(&self, serial: &str, act: &LifeAct, why: &str) -> Result<(), Fault> {
        checked(why)?;
        let change = match act {
            LifeAct::Suspend => Change::Suspend,
            LifeAct::Resume => Change::Resume,
            LifeAct::Revoke { reason, .. } => Change::Revoke(reason_of(reason)?),
        };
        let mut reader = self.ground.store.read().await?;
        let rows = store::status::list_pair_of(&mut reader, serial).await?;
        let mut refused = Fault::NotFound;
        for row in rows {
            match State::from_code(&row.state).map(|state| follow(state, change)) {
                Some(Ok(_)) => return Ok(()),
                Some(Err(refusal)) => refused = Fault::Standing(refusal),
                None => {}
            }
        }
        Err(refused)
    }

    /// `who` is the member's name, and stands in the life of the certificate. The one-time code of a revocation was
    /// checked by the caller.
    ///
    /// # Errors
    /// No reason given; `Standing`: the rule says no; `NotFound`.
    pub async fn change(
        &self,
        who: &str,
        serial: &str,
        act: &LifeAct,
        why: &str,
    ) -> Result<Vec<PairView>, Fault> {
        let by = By::new(who, checked(why)?);
        let pair = Which::PairOf(serial.to_owned());
        match act {
            LifeAct::Suspend => self.life.suspend(pair, by).await?,
            LifeAct::Resume => self.life.resume(pair, by).await?,
            LifeAct::Revoke { reason, .. } => self.life.revoke(pair, reason_of(reason)?, by).await?,
        };
        self.pair_of(serial).await
    }
}

/// # Errors
/// `Fields`: too short, too long.
pub fn checked(why: &str) -> Result<String, Fault> {
    let why = why.trim();
    let code = match why.chars().count() {
        0..2 => "too_short",
        2..=300 => return Ok(why.to_owned()),
        _ => "too_long",
    };
    Err(Fault::Fields(vec![FieldError { field: "why".to_owned(), code: code.to_owned() }]))
}

fn reason_of(code: &str) -> Result<Reason, Fault> {
    let reason = REASONS.into_iter().find(|reason| reason.code() == code);
    reason.ok_or(Fault::Standing(StandingRefusal::Reason))
}
