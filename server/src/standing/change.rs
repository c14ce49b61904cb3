//! THE ONE FUNCTION by which a certificate's standing changes: the rule decides; the row and its line are written in the
//! caller's transaction, and the status desk hears the bell.

use super::rule::{Change, State, Told, follow};
use crate::errand::{self, Errand};
use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::authorities::UPSTREAM;
use crate::store::status::StandingRow;
use crate::store::{self, StoreError, Tx};
use app::desk::error::StandingRefusal;
use certificate::revocation::Reason;
use journey::eligibility::{CertificateFacts, CertificateStatus};

/// Partners' names stand so in the lines.
const PARTNER: &str = "partner:";

/// Whose standing. The two certificates of a pair move together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// This one alone, by its serial in hex.
    Serial(String),
    /// This one, and what was issued together with it.
    PairOf(String),
    /// What was issued for an order, by its row id, and was not put aside since.
    Order(String),
}

/// Who wants it, and why: kept for ever, so no personal data in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// An order number, a member of staff, or `office`.
    pub who: String,
    pub why: String,
}

impl By {
    pub fn new(who: impl Into<String>, why: impl Into<String>) -> By {
        By { who: who.into(), why: why.into() }
    }

    /// A partner's registration authority.
    pub fn partner(name: &str, why: impl Into<String>) -> By {
        By::new(format!("{PARTNER}{name}"), why)
    }
}

/// Changes what can be changed so, and gives the serials. Of a pair the one that stands there already is left as it is.
///
/// # Errors
/// `NotFound`: nothing is issued under that name. `Standing`: the rule says no to each of them.
pub async fn change(
    tx: &mut Tx,
    ground: &Ground,
    which: &Which,
    change: Change,
    by: &By,
) -> Result<Vec<String>, Fault> {
    let rows = match which {
        Which::Serial(serial) => store::status::find(tx, serial).await?.into_iter().collect(),
        Which::PairOf(serial) => store::status::list_pair_of(tx, serial).await?,
        Which::Order(order_id) => store::status::list_of_order(tx, order_id).await?,
    };
    if change == Change::Resume {
        own_hold(tx, &rows, by).await?;
    }
    let mut refused = Fault::NotFound;
    let mut changed = Vec::new();
    for row in &rows {
        match follow(state(row)?, change) {
            Ok((next, told)) => {
                write_down(tx, ground, row, next, told, by).await?;
                changed.push(row.serial.clone());
            }
            Err(refusal) => refused = Fault::Standing(refusal),
        }
    }
    if changed.is_empty() {
        return Err(refused);
    }
    ground.standing_bell.notify_one();
    Ok(changed)
}

/// A partner lifts what it put on hold itself, and nothing that the counter or a registrar did: they had their reasons.
async fn own_hold(tx: &mut Tx, rows: &[StandingRow], by: &By) -> Result<(), Fault> {
    if !by.who.starts_with(PARTNER) {
        return Ok(());
    }
    for row in rows.iter().filter(|row| row.state == State::OnHold.code()) {
        let last = store::status::list_life(tx, &row.serial).await?.pop();
        if last.is_none_or(|held| held.by != by.who) {
            return Err(Fault::Standing(StandingRefusal::HeldByAnother));
        }
    }
    Ok(())
}

/// Puts aside what will not reach its holder; what is put aside or revoked already, or was never issued, is left as it is.
///
/// # Errors
/// The store's own.
pub async fn discard(tx: &mut Tx, ground: &Ground, which: Which, by: &By) -> Result<(), Fault> {
    match change(tx, ground, &which, Change::Discard, by).await {
        Ok(_) | Err(Fault::NotFound | Fault::Standing(StandingRefusal::AlreadyRevoked)) => Ok(()),
        Err(fault) => Err(fault),
    }
}

async fn write_down(
    tx: &mut Tx,
    ground: &Ground,
    row: &StandingRow,
    next: State,
    told: Option<Told>,
    by: &By,
) -> Result<(), Fault> {
    let reason = told.and_then(Told::reason);
    let change = store::status::Change {
        row,
        state: next.code(),
        told: told.map(Told::code),
        reason: reason.map(Reason::number),
        at: ground.now(),
        by: &by.who,
        why: &by.why,
    };
    if !store::status::record_change(tx, &change).await? {
        return Err(Fault::Changed);
    }
    if row.issuer == UPSTREAM && told.is_some() {
        let errand = Errand::TellUpstream { serial: row.serial.clone() };
        let key = format!("{} {} {}", row.serial, next.code(), change.at.millis());
        errand::record(tx, ground, &errand, &key, change.at).await?;
    }
    tracing::info!(
        serial = row.serial,
        issuer = row.issuer,
        before = row.state,
        after = next.code(),
        reason = reason.map(Reason::code),
        by = by.who,
        "standing changed"
    );
    Ok(())
}

fn state(row: &StandingRow) -> Result<State, StoreError> {
    State::from_code(&row.state)
        .ok_or_else(|| StoreError::impossible("certificates", "state", &row.serial, &row.state))
}

/// What is told of a row; `None`: nobody can rely on it, and nobody has heard of it (reserved, or signed and not yet
/// proven on its key).
///
/// # Errors
/// The row holds a state or a reason that is none.
pub fn told(row: &StandingRow) -> Result<Option<Told>, StoreError> {
    let impossible = |why: &str| StoreError::impossible("certificates", "reason", &row.serial, why);
    let reason = || match row.reason {
        None => Ok(Reason::Unspecified),
        Some(number) => Reason::from_number(number).ok_or_else(|| impossible(&number.to_string())),
    };
    Ok(match state(row)? {
        State::Reserved | State::Signed => None,
        State::Active => Some(Told::Good),
        State::OnHold => Some(Told::OnHold),
        State::Revoked => Some(Told::Revoked(reason()?)),
        State::Discarded if row.signed => Some(Told::Revoked(reason()?)),
        State::Discarded => None,
    })
}

/// What the rule book wants to know of a certificate before somebody comes for a service (R134); `None` where it counts
/// for nobody.
///
/// # Errors
/// The store's own.
pub async fn facts(tx: &mut Tx, serial: &str) -> Result<Option<CertificateFacts>, StoreError> {
    let Some(row) = store::status::find(tx, serial).await? else { return Ok(None) };
    let status = match told(&row)? {
        None => return Ok(None),
        Some(Told::Good) => CertificateStatus::Active,
        Some(Told::OnHold) => CertificateStatus::Suspended,
        Some(Told::Revoked(_)) => CertificateStatus::Revoked,
    };
    let missing = || StoreError::impossible("certificates", "not_after", serial, "missing");
    Ok(Some(CertificateFacts { status, not_after: row.not_after.ok_or_else(missing)? }))
}
