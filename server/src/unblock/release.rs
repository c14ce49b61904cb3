//! The admin PIN leaves the office: sealed to one station, for one key, once (R081, B07).
//!
//! The next admin PIN is written down before the release leaves. Whatever breaks off after that, the next release offers
//! both to the key, of which one is right. Done is what the key itself has signed with its new PIN verified.

use super::{Case, Unblocking};
use crate::advance::advance;
use crate::fault::Fault;
use crate::media;
use crate::store;
use crate::store::Tx;
use app::desk::error::ProofRefusal;
use app::desk::unblock::{Release, UnblockProof};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::{PublicKey, cipher};
use journey::actor::Actor;
use journey::event::{Event, EventKind};
use journey::refusal::Refusal;
use journey::route::Route;
use journey::step::Step;
use key::authorisation::Authorisation;
use key::statement;
use zeroize::Zeroizing;

/// R081: from the moment that the holder was confirmed.
const CONFIRMED_MINUTES: i64 = 30;
/// One release, from the office to the key.
const RELEASE_MINUTES: i64 = 10;
/// Releases of one order: a line that broke may be tried again, and not for ever.
const RELEASES: i64 = 6;

impl Unblocking {
    /// # Errors
    /// Not confirmed, or too long ago (the order is then closed); another key; a station key that is none; what may have
    /// changed since: revoked, on hold, unblocked too often today.
    pub async fn release(
        &self,
        visit: Vec<u8>,
        number: String,
        key_serial: String,
        station_key: String,
    ) -> Result<Release, Fault> {
        let desk = self.clone();
        let authorised = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = desk.order(tx, &visit, &number, Step::PinReset, EventKind::PinReset).await?;
                let station = decode(&station_key)?;
                let station =
                    PublicKey::from_spki_der(&station).map_err(|_| Fault::Proof(ProofRefusal::Malformed))?;
                let case = desk.case(tx, row).await?;
                if case.medium.serial != key_serial || case.row.order.key_serial.as_ref() != Some(&key_serial)
                {
                    return Err(Refusal::KeyDiffers.into());
                }
                let unblock = store::unblocks::load(tx, &case.row.id).await?;
                let ended = case.row.changed_at.plus_minutes(CONFIRMED_MINUTES) < desk.ground.now();
                if ended || unblock.releases >= RELEASES {
                    // Committed: an order whose confirmation is used up goes nowhere.
                    advance(tx, &desk.ground, case.row, None, Event::Expired, &Actor::Office).await?;
                    return Ok(None);
                }
                desk.may(tx, &case, case.row.order.route).await?;
                Ok::<_, Fault>(Some((station, desk.authorise(tx, &case).await?)))
            })
        });
        let (station, authorisation) = authorised.await?.ok_or(Refusal::AuthorisationEnded)?;
        let clear = Zeroizing::new(serde_json::to_vec(&authorisation).map_err(wrong)?);
        let sealed = cipher::encrypt(&station, &clear, &mut self.ground.dice.clone()).map_err(wrong)?;
        Ok(Release { sealed: BASE64.encode(sealed) })
    }

    async fn authorise(&self, tx: &mut Tx, case: &Case) -> Result<Authorisation, Fault> {
        let handout = media::announce(tx, &self.ground, &case.medium).await?;
        let handout = handout.ok_or(Refusal::AdminPinUnknown)?;
        let now = self.ground.now();
        let nonce = hex::encode(self.ground.dice.bytes::<32>());
        store::unblocks::release(tx, &case.row.id, &nonce, now).await?;
        Ok(Authorisation {
            serial: case.medium.serial.clone(),
            order: case.row.number.clone(),
            nonce,
            ends_at: now.plus_minutes(RELEASE_MINUTES).millis(),
            admin: handout.current,
            next: handout.next,
        })
    }

    /// The key says that it has its new PIN and its new admin PIN.
    ///
    /// # Errors
    /// Not this key's word for the newest release of this order.
    pub async fn confirm(&self, visit: Vec<u8>, number: String, proof: UnblockProof) -> Result<(), Fault> {
        let signature = decode(&proof.signature)?;
        let desk = self.clone();
        let confirmed = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = desk.order(tx, &visit, &number, Step::PinReset, EventKind::PinReset).await?;
                let case = desk.case(tx, row).await?;
                let serial = proof.key_serial;
                if case.medium.serial != serial {
                    return Err(Refusal::KeyDiffers.into());
                }
                let released = store::unblocks::load(tx, &case.row.id).await?.nonce;
                let nonce = released.ok_or(Fault::Proof(ProofRefusal::NotThisKey))?;
                let statement = statement::unblocked(&nonce, &serial, &case.row.number);
                let signing = case.held.certificate.public_key().map_err(wrong)?;
                signing.verify(&statement, &signature).map_err(|_| Fault::Proof(ProofRefusal::NotThisKey))?;
                let now = desk.ground.now();
                store::media::rotate(tx, &serial).await?;
                if case.row.order.route == Route::ByIdentity {
                    store::media::prove(tx, &serial, &case.row.id, now).await?;
                }
                store::unblocks::done(tx, &case.row.id, now).await?;
                let event = Event::PinReset { key_serial: serial };
                advance(tx, &desk.ground, case.row, None, event, &Actor::Applicant).await?;
                Ok::<_, Fault>(())
            })
        });
        confirmed.await
    }
}

fn decode(text: &str) -> Result<Vec<u8>, Fault> {
    BASE64.decode(text).map_err(|_| Fault::Proof(ProofRefusal::Malformed))
}

fn wrong(why: impl ToString) -> Fault {
    Fault::Certificate(why.to_string())
}
