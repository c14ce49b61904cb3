//! Partners' roads that a crash broke off: what was meant is signed and recorded now, so that the partner finds it under
//! its number. Each goes alone, so that one that cannot be ended keeps nobody waiting.

use super::gather::Gatherer;
use super::refusal::PartnerFault;
use super::reserve::meant;
use super::road::Road;
use crate::fault::Fault;
use crate::issuing::port::Meant;
use crate::issuing::wrong;
use crate::kmc::{Pair, Want};
use crate::standing::{self, By, Which};
use crate::store::StoreError;
use crate::store::authorities::UPSTREAM;
use crate::store::certificates::Slot;
use crate::store::encryption_pairs::{self, Owner};
use crate::store::partner_certificates::{self as rows, PartnerRow, Request};
use certificate::PublicKey;
use journey::moment::Moment;
use std::collections::BTreeSet;

/// So many rows at once; the rest follows in the next round.
const ROUND: i64 = 64;

/// Gives how many roads were ended.
///
/// # Errors
/// The store's own; one request's fault does not keep the others waiting.
pub(super) async fn end_roads(road: &Road, gatherer: &Gatherer, before: Moment) -> Result<usize, Fault> {
    let mut ended = 0;
    loop {
        let mut reader = road.ground.store.read().await?;
        let reserved = rows::list_reserved(&mut reader, before, ROUND).await?;
        drop(reader);
        let count = reserved.len();
        let requests: BTreeSet<Request> = reserved.into_iter().map(|row| (row.partner, row.number)).collect();
        let mut done = 0;
        for request in requests {
            let Some(_turn) = gatherer.turn(request.clone()) else { continue };
            match end(road, &request).await {
                Ok(()) => done += 1,
                Err(fault) => {
                    let (partner, number) = request;
                    tracing::error!(partner, number, %fault, "a road cannot be ended yet");
                }
            }
        }
        ended += done;
        // A round in which nothing moved would come again for ever.
        if count < usize::try_from(ROUND).unwrap_or(usize::MAX) || done == 0 {
            return Ok(ended);
        }
    }
}

/// Ends the road of one request: as it was meant, or, where that can never be, by putting it aside.
async fn end(road: &Road, request: &Request) -> Result<(), Fault> {
    let (partner, number) = request;
    let mut reader = road.ground.store.read().await?;
    let mut rows = rows::list(&mut reader, std::slice::from_ref(request)).await?;
    drop(reader);
    rows.retain(|row| row.state == "reserved");
    if rows.is_empty() {
        return Ok(());
    }
    let upstream = rows.iter().any(|row| row.issuer == UPSTREAM);
    let serials = rows.iter().map(|row| row.serial.clone()).collect();
    let why = match road.take_up(request, rows).await {
        Ok(work) => match road.make(vec![work]).await?.pop() {
            // An authority upstream may have issued it: a person looks.
            Some(Err(PartnerFault::Broken(why))) if upstream => return Err(wrong(why)),
            Some(Err(PartnerFault::Broken(why))) => why,
            Some(Err(PartnerFault::Refused(refusal))) => return Err(wrong(refusal.code())),
            Some(Ok(_)) | None => {
                tracing::warn!(partner, number, "a road that had broken off was ended");
                return Ok(());
            }
        },
        Err(fault @ (Fault::Certificate(_) | Fault::Store(StoreError::Impossible { .. }))) => {
            fault.to_string()
        }
        Err(passing) => return Err(passing),
    };
    road.put_aside(request, serials).await?;
    tracing::error!(partner, number, why, "a road that can never be ended was put aside");
    Ok(())
}

impl Road {
    /// What was meant, signing certificate first.
    async fn take_up(
        &self,
        request: &Request,
        mut rows: Vec<PartnerRow>,
    ) -> Result<(Vec<Meant>, Option<Pair>), Fault> {
        let encrypts = rows.iter().any(|row| row.slot == Slot::Encrypt);
        let pair = if encrypts { Some(self.pair_of(request).await?) } else { None };
        rows.sort_by_key(|row| row.slot != Slot::Sign);
        Ok((rows.into_iter().map(meant).collect::<Result<_, _>>()?, pair))
    }

    /// The pair that this request took: the envelope is made anew where it is missing.
    async fn pair_of(&self, request: &Request) -> Result<Pair, Fault> {
        let owner = owner(request);
        let mut reader = self.ground.store.read().await?;
        let pair = encryption_pairs::list_in_use(&mut reader, std::slice::from_ref(&owner)).await?;
        drop(reader);
        let lost = || wrong("the encryption pair is missing");
        let key = pair.get(&owner).and_then(|pair| pair.signing_key.clone()).ok_or_else(lost)?;
        let signing_key = PublicKey::from_spki_der(&key).map_err(wrong)?;
        let (kmc, want) = (self.kmc.clone(), Want { owner, signing_key, key_serial: String::new() });
        let assigned =
            self.ground.store.write(move |tx| Box::pin(async move { kmc.assign(tx, &[want]).await }));
        assigned.await?.pop().ok_or_else(lost)
    }

    /// Nothing under this number will ever be signed; the partner asks under another one.
    async fn put_aside(&self, request: &Request, serials: Vec<String>) -> Result<(), Fault> {
        let (ground, owner) = (self.ground.clone(), owner(request));
        let by = By::partner(&request.0, format!("业务编号 {}：签发中断，无法继续", request.1));
        let written = self.ground.store.write(move |tx| {
            Box::pin(async move {
                for serial in serials {
                    standing::discard(tx, &ground, Which::Serial(serial), &by).await?;
                }
                Ok::<_, Fault>(encryption_pairs::retire(tx, &owner, ground.now()).await?)
            })
        });
        written.await
    }
}

fn owner(request: &Request) -> Owner {
    Owner::Partner { name: request.0.clone(), number: request.1.clone() }
}
