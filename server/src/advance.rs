//! THE ONE DOOR. Every move of every order goes through here: the rule book decides, and the order's row, the journal's
//! line and the errands are written in the caller's transaction. `replay(journal) == row`, always.

use crate::errand::{self, Errand};
use crate::ground::Ground;
use crate::store::orders::OrderRow;
use crate::store::{self, StoreError, Tx};
use journey::actor::Actor;
use journey::event::Event;
use journey::party::Party;
use journey::refusal::Refusal;
use journey::route::Route;
use journey::service::Service;

#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// The rules say no; nothing was written.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// Somebody else moved the order since the caller saw it (R158).
    #[error("the order has changed")]
    Changed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens an order: its first event, its row, its number.
///
/// # Errors
/// The rules offer no such journey; the store's own.
pub async fn open(
    tx: &mut Tx,
    ground: &Ground,
    service: Service,
    party: Party,
    route: Route,
    actor: &Actor,
) -> Result<OrderRow, MoveError> {
    let now = ground.now();
    let event = Event::Opened { service, party, route };
    let opened = journey::advance::open(&event, actor, now)?;
    let row = OrderRow {
        id: ground.dice.id(),
        // A person reads it out on the phone: the day, then ten digits that nobody guesses.
        number: format!("{}{}", now.beijing_date().to_string().replace('-', ""), ground.dice.digits(10)),
        version: 1,
        order: opened.order,
        details: None,
        opened_at: now,
        changed_at: now,
    };
    store::orders::record(tx, &row).await?;
    write_down(tx, ground, &row, "none", &event, actor, &opened.effects).await?;
    Ok(row)
}

/// Moves an order that the caller has just loaded in this transaction.
///
/// `seen` is the version that a person had on the screen, where a person decides.
///
/// # Errors
/// `Refused`, `Changed`, or the store's own; in each case the caller's transaction must not commit the move, and since
/// nothing was written before the error, it may commit anything else.
pub async fn advance(
    tx: &mut Tx,
    ground: &Ground,
    row: OrderRow,
    seen: Option<i64>,
    event: Event,
    actor: &Actor,
) -> Result<OrderRow, MoveError> {
    if seen.is_some_and(|version| version != row.version) {
        return Err(MoveError::Changed);
    }
    let now = ground.now();
    let advanced = journey::advance::advance(&row.order, &event, actor, now, &ground.calendar)?;
    if advanced.order == row.order && advanced.effects.is_empty() {
        // A late or repeated report that changes nothing needs no line and no new version.
        return Ok(row);
    }
    let before = row.order.standing.code();
    let row = OrderRow { order: advanced.order, version: row.version + 1, changed_at: now, ..row };
    if !store::orders::move_on(tx, &row).await? {
        return Err(MoveError::Changed);
    }
    write_down(tx, ground, &row, before, &event, actor, &advanced.effects).await?;
    Ok(row)
}

async fn write_down(
    tx: &mut Tx,
    ground: &Ground,
    row: &OrderRow,
    before: &str,
    event: &Event,
    actor: &Actor,
    effects: &[journey::effect::Effect],
) -> Result<(), StoreError> {
    let line = store::journal::Line {
        order_id: &row.id,
        seq: row.version,
        at: row.changed_at,
        actor,
        event,
        before,
        after: row.order.standing.code(),
    };
    store::journal::record(tx, &line).await?;
    for (index, effect) in effects.iter().enumerate() {
        let errand = Errand::Effect { order_id: row.id.clone(), effect: effect.clone() };
        let key = format!("{}/{}/{index}", row.id, row.version);
        errand::record(tx, ground, &errand, &key, row.changed_at).await?;
    }
    tracing::info!(order = %row.number, event = event.kind().code(), by = actor.role().code(),
        before, after = row.order.standing.code(), "order moved");
    Ok(())
}
