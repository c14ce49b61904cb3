//! What may follow what: good ⇄ on hold, either → revoked, and nothing after that.
//!
//! A pair that will not reach its holder is discarded: it counts for nobody, and where it was signed, everybody is told
//! that it is revoked (superseded).

use app::desk::error::StandingRefusal;
use certificate::revocation::Reason;

/// Where a certificate's row stands: `certificates.state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A serial is taken, nothing is signed.
    Reserved,
    /// Not yet proven on its key: counts for nobody.
    Signed,
    Active,
    OnHold,
    Revoked,
    Discarded,
}

impl State {
    pub const ALL: [State; 6] =
        [State::Reserved, State::Signed, State::Active, State::OnHold, State::Revoked, State::Discarded];

    pub fn code(self) -> &'static str {
        match self {
            State::Reserved => "reserved",
            State::Signed => "signed",
            State::Active => "active",
            State::OnHold => "on_hold",
            State::Revoked => "revoked",
            State::Discarded => "discarded",
        }
    }

    pub fn from_code(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Suspend,
    Resume,
    /// For one of [`REASONS`].
    Revoke(Reason),
    /// It will not reach its holder.
    Discard,
}

/// Why a holder's certificate may be revoked. The others of RFC 5280, 5.3.1 belong to authorities and attribute
/// certificates, or say that nothing is final (hold, remove from list).
pub const REASONS: [Reason; 6] = [
    Reason::Unspecified,
    Reason::KeyCompromise,
    Reason::AffiliationChanged,
    Reason::Superseded,
    Reason::CessationOfOperation,
    Reason::PrivilegeWithdrawn,
];

/// What everybody is told of it: `status_changes.status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Good,
    OnHold,
    Revoked(Reason),
}

impl Told {
    pub fn code(self) -> &'static str {
        match self {
            Told::Good => "good",
            Told::OnHold => "on_hold",
            Told::Revoked(_) => "revoked",
        }
    }

    pub fn reason(self) -> Option<Reason> {
        match self {
            Told::Good => None,
            Told::OnHold => Some(Reason::CertificateHold),
            Told::Revoked(reason) => Some(reason),
        }
    }
}

/// The state that follows, and what is told; `None` where nobody ever heard of it.
///
/// # Errors
/// The rule says no; with the code that a person reads.
pub fn follow(state: State, change: Change) -> Result<(State, Option<Told>), StandingRefusal> {
    match (state, change) {
        (_, Change::Revoke(reason)) if !REASONS.contains(&reason) => Err(StandingRefusal::Reason),
        (State::Revoked | State::Discarded, _) => Err(StandingRefusal::AlreadyRevoked),
        (State::Reserved, Change::Discard) => Ok((State::Discarded, None)),
        (_, Change::Discard) => Ok((State::Discarded, Some(Told::Revoked(Reason::Superseded)))),
        (State::Reserved | State::Signed, _) => Err(StandingRefusal::NotActive),
        (State::Active, Change::Suspend) => Ok((State::OnHold, Some(Told::OnHold))),
        (State::OnHold, Change::Suspend) => Err(StandingRefusal::AlreadyOnHold),
        (State::OnHold, Change::Resume) => Ok((State::Active, Some(Told::Good))),
        (State::Active, Change::Resume) => Err(StandingRefusal::NotOnHold),
        (State::Active | State::OnHold, Change::Revoke(reason)) => {
            Ok((State::Revoked, Some(Told::Revoked(reason))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use State::*;

    /// Every cell: six states by four changes.
    #[test]
    fn r134_every_cell_follows_or_is_refused_with_its_code() {
        let superseded = Some(Told::Revoked(Reason::Superseded));
        let compromised = Some(Told::Revoked(Reason::KeyCompromise));
        let cells = [
            (Reserved, Change::Suspend, Err("standing_not_active")),
            (Reserved, Change::Resume, Err("standing_not_active")),
            (Reserved, Change::Revoke(Reason::KeyCompromise), Err("standing_not_active")),
            (Reserved, Change::Discard, Ok((Discarded, None))),
            (Signed, Change::Suspend, Err("standing_not_active")),
            (Signed, Change::Resume, Err("standing_not_active")),
            (Signed, Change::Revoke(Reason::KeyCompromise), Err("standing_not_active")),
            (Signed, Change::Discard, Ok((Discarded, superseded))),
            (Active, Change::Suspend, Ok((OnHold, Some(Told::OnHold)))),
            (Active, Change::Resume, Err("standing_not_on_hold")),
            (Active, Change::Revoke(Reason::KeyCompromise), Ok((Revoked, compromised))),
            (Active, Change::Discard, Ok((Discarded, superseded))),
            (OnHold, Change::Suspend, Err("standing_already_on_hold")),
            (OnHold, Change::Resume, Ok((Active, Some(Told::Good)))),
            (OnHold, Change::Revoke(Reason::KeyCompromise), Ok((Revoked, compromised))),
            (OnHold, Change::Discard, Ok((Discarded, superseded))),
            (Revoked, Change::Suspend, Err("standing_already_revoked")),
            (Revoked, Change::Resume, Err("standing_already_revoked")),
            (Revoked, Change::Revoke(Reason::KeyCompromise), Err("standing_already_revoked")),
            (Revoked, Change::Discard, Err("standing_already_revoked")),
            (Discarded, Change::Suspend, Err("standing_already_revoked")),
            (Discarded, Change::Resume, Err("standing_already_revoked")),
            (Discarded, Change::Revoke(Reason::KeyCompromise), Err("standing_already_revoked")),
            (Discarded, Change::Discard, Err("standing_already_revoked")),
        ];
        for (state, change, expected) in cells {
            let followed = follow(state, change).map_err(|refusal| refusal.code());
            assert_eq!(followed, expected, "{state:?} {change:?}");
        }
    }

    #[test]
    fn only_a_holders_reasons_revoke() {
        for reason in Reason::ALL {
            let expected = if REASONS.contains(&reason) {
                Ok((Revoked, Some(Told::Revoked(reason))))
            } else {
                Err(StandingRefusal::Reason)
            };
            assert_eq!(follow(Active, Change::Revoke(reason)), expected, "{reason:?}");
        }
        assert_eq!(Told::OnHold.reason(), Some(Reason::CertificateHold));
    }

    #[test]
    fn states_come_back_from_their_codes() {
        for state in State::ALL {
            assert_eq!(State::from_code(state.code()), Some(state));
        }
        assert_eq!(State::from_code("expired"), None);
    }
}
