//! Partners' roads that a crash broke off: what was meant is signed and recorded now, so that the partner finds it under
//! its number.

use super::gather::{Gatherer, Turn};
use super::reserve::meant;
use super::road::Road;
use crate::fault::Fault;
use crate::issuing::wrong;
use crate::kmc::{Pair, Want};
use crate::store::certificates::Slot;
use crate::store::encryption_pairs::{self, Owner};
use crate::store::partner_certificates::{self as rows, PartnerRow, Request};
use certificate::PublicKey;
use journey::moment::Moment;
use std::collections::BTreeMap;

/// So many at once; the rest follows in the next round.
const ROUND: i64 = 64;

/// Gives how many roads were ended.
pub(super) async fn end_roads(road: &Road, gatherer: &Gatherer, before: Moment) -> Result<usize, Fault> {
    let mut ended = 0;
    loop {
        let mut reader = road.ground.store.read().await?;
        let reserved = rows::list_reserved(&mut reader, before, ROUND).await?;
        drop(reader);
        let count = reserved.len();
        let done = end(road, gatherer, reserved).await?;
        ended += done;
        // A round in which nothing moved would come again for ever.
        if count < usize::try_from(ROUND).unwrap_or(usize::MAX) || done == 0 {
            return Ok(ended);
        }
    }
}

async fn end(road: &Road, gatherer: &Gatherer, reserved: Vec<PartnerRow>) -> Result<usize, Fault> {
    let mut requests: BTreeMap<Request, Vec<PartnerRow>> = BTreeMap::new();
    for row in reserved {
        requests.entry((row.partner.clone(), row.number.clone())).or_default().push(row);
    }
    let mut turns: Vec<Turn> = Vec::new();
    let mut work = Vec::new();
    for (request, rows) in requests {
        let Some(turn) = gatherer.turn(request.clone()) else { continue };
        turns.push(turn);
        let mut pair = None;
        if rows.iter().any(|row| row.slot == Slot::Encrypt) {
            pair = Some(road.pair_of(&request).await?);
        }
        let mut rows = rows;
        rows.sort_by_key(|row| row.slot != Slot::Sign);
        work.push((rows.into_iter().map(meant).collect::<Result<Vec<_>, _>>()?, pair));
    }
    let made = road.make(work).await?;
    let ended = made.iter().filter(|made| made.is_ok()).count();
    for made in made.iter().flatten() {
        tracing::warn!(partner = made.partner, number = made.number, "a road that had broken off was ended");
    }
    Ok(ended)
}

impl Road {
    /// The pair that this request took: the envelope is made anew where it is missing.
    async fn pair_of(&self, request: &Request) -> Result<Pair, Fault> {
        let owner = Owner::Partner { name: request.0.clone(), number: request.1.clone() };
        let mut reader = self.ground.store.read().await?;
        let pair = encryption_pairs::list_in_use(&mut reader, std::slice::from_ref(&owner)).await?;
        drop(reader);
        let lost = || wrong(format!("{} {}: the encryption pair is missing", request.0, request.1));
        let key = pair.get(&owner).and_then(|pair| pair.signing_key.clone()).ok_or_else(lost)?;
        let signing_key = PublicKey::from_spki_der(&key).map_err(wrong)?;
        let (kmc, want) = (self.kmc.clone(), Want { owner, signing_key, key_serial: String::new() });
        let assigned =
            self.ground.store.write(move |tx| Box::pin(async move { kmc.assign(tx, &[want]).await }));
        assigned.await?.pop().ok_or_else(lost)
    }
}
