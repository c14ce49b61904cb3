//! The runner: claims what is ready, hands it out, writes what came of it. A crash at any point leaves an errand whose
//! lease runs out and which the next runner takes; a desk may therefore meet its own earlier work and must know it.

use super::Desks;
use crate::errand::{self, Outcome};
use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::errands::{self, Claimed};
use crate::store::{StoreError, Tx};
use journey::moment::Moment;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Errands under way at one time.
const AT_ONCE: usize = 8;
/// Longer than the slowest outside party may take.
const LEASE_S: i64 = 60;
/// Looks around this often even when nobody rings.
const ROUND: Duration = Duration::from_secs(1);
/// After these tries (about nine hours) an operator must look.
const TRIES: i64 = 16;

/// Runs until `stop` says so, then waits for what is under way.
pub async fn run(ground: Ground, desks: Desks, mut stop: watch::Receiver<bool>) {
    let mut under_way = JoinSet::new();
    while !*stop.borrow() {
        while under_way.try_join_next().is_some() {}
        let free = AT_ONCE - under_way.len();
        let claimed = if free == 0 { Vec::new() } else { claim(&ground, free).await };
        let none = claimed.is_empty();
        for errand in claimed {
            under_way.spawn(run_one(ground.clone(), desks.clone(), errand));
        }
        if none {
            tokio::select! {
                () = ground.bell.notified() => {}
                _ = under_way.join_next(), if !under_way.is_empty() => {}
                () = tokio::time::sleep(ROUND) => {}
                _ = stop.changed() => {}
            }
        }
    }
    while under_way.join_next().await.is_some() {}
}

async fn claim(ground: &Ground, count: usize) -> Vec<Claimed> {
    let (inner, count) = (ground.clone(), i64::try_from(count).unwrap_or(1));
    let claimed = ground.store.write(move |tx| {
        Box::pin(async move {
            let now = inner.now();
            let lease_until = Moment::from_millis(now.millis() + LEASE_S * 1000);
            errands::claim(tx, count, &inner.dice.id(), now, lease_until).await
        })
    });
    claimed.await.unwrap_or_else(|error: StoreError| {
        tracing::error!(%error, "errands cannot be claimed");
        Vec::new()
    })
}

async fn run_one(ground: Ground, desks: Desks, claimed: Claimed) {
    let outcome = match errand::open(&ground, &claimed) {
        // Counted when it was claimed, and never written: its runs end in a panic, or end the process.
        _ if claimed.tries > TRIES => Outcome::give_up("its runs break off"),
        Ok(errand) => match desks.hand_out(errand, &claimed.key).await {
            Ok(outcome) => outcome,
            Err(fault) => Outcome::Again { why: fault.to_string() },
        },
        Err(error) => Outcome::give_up(error),
    };
    let Err(error) = write_down(&ground, claimed.clone(), outcome).await else { return };
    let (kind, id) = (claimed.kind.clone(), claimed.id.clone());
    tracing::warn!(errand = kind, id, %error, "the end of an errand was not written");
    // The next run finds what this one did. It is a try like any other: what can never be written must not go round for
    // ever. A lost lease writes nothing here either.
    let again = Outcome::Again { why: error.to_string() };
    if let Err(error) = write_down(&ground, claimed, again).await {
        tracing::warn!(errand = kind, id, %error, "left to its lease");
    }
}

async fn write_down(ground: &Ground, claimed: Claimed, outcome: Outcome) -> Result<(), Fault> {
    let inner = ground.clone();
    ground.store.write(move |tx| Box::pin(async move { end(tx, &inner, &claimed, outcome).await })).await
}

/// The errand's end and its effect, in one transaction. A lost lease undoes both: the other run's effect stands.
async fn end(tx: &mut Tx, ground: &Ground, claimed: &Claimed, outcome: Outcome) -> Result<(), Fault> {
    let now = ground.now();
    let held = match outcome {
        Outcome::Done(write) => {
            write(tx).await?;
            errands::finish(tx, claimed, now).await?
        }
        Outcome::Later { at, why } => errands::later(tx, claimed, why, at).await?,
        Outcome::Again { why } if claimed.tries < TRIES => {
            tracing::warn!(errand = claimed.kind, tries = claimed.tries, why, "errand fails, again later");
            errands::again(tx, claimed, &why, back_off(ground, claimed.tries)).await?
        }
        Outcome::Again { why } => {
            tracing::error!(errand = claimed.kind, id = claimed.id, why, "errand given up after many tries");
            errands::give_up(tx, claimed, &why, now).await?
        }
        Outcome::GiveUp { why, write } => {
            tracing::error!(errand = claimed.kind, id = claimed.id, why, "errand given up");
            if let Some(write) = write {
                write(tx).await?;
            }
            errands::give_up(tx, claimed, &why, now).await?
        }
    };
    if held { Ok(()) } else { Err(Fault::Changed) }
}

/// 2 s, 4 s, 8 s … an hour at the most, and up to a quarter more, so that errands of one outage spread out.
fn back_off(ground: &Ground, tries: i64) -> Moment {
    let exponent = u32::try_from(tries.clamp(1, 12)).unwrap_or(12);
    let wait_ms = (1000 * 2_i64.pow(exponent)).min(3_600_000);
    let jitter = i64::from(u16::from_le_bytes(ground.dice.bytes())) * (wait_ms / 4) / 65_536;
    Moment::from_millis(ground.now().millis() + wait_ms + jitter)
}
