//! The key proves its holder: it signs what this office drew, for this office, once and soon (R061, A22). Then the order is
//! theirs: its form is filled in, and something is encrypted to the old certificate that must still open afterwards (B02).

use super::KeyIn;
use super::look::goes_on_late;
use crate::advance::advance;
use crate::details;
use crate::fault::Fault;
use crate::held::{Held, keepsake_place};
use crate::key_proof::{decode, seal_to, wrong};
use crate::store::held::Keepsake;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use crate::visits;
use app::desk::error::ProofRefusal;
use app::desk::held::LoginProof;
use certificate::Certificate;
use journey::actor::Actor;
use journey::event::Event;
use journey::refusal::Refusal;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;

/// A person reads, types a PIN, perhaps twice.
const CHALLENGE_MINUTES: i64 = 10;

impl KeyIn {
    /// # Errors
    /// Not an order that a key opened, or not this visit's.
    pub async fn challenge(&self, visit: Vec<u8>, number: String) -> Result<String, Fault> {
        let desk = self.clone();
        let kept = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = visits::order_for(tx, &visit, &number).await?;
                store::held::find_shown(tx, &row.id).await?.ok_or(Fault::NotFound)?;
                let challenge = hex::encode(desk.ground.dice.bytes::<32>());
                store::held::keep_challenge(tx, &row.id, &challenge, desk.ground.now()).await?;
                Ok(challenge)
            })
        });
        kept.await
    }

    /// Takes the key's signature. The order of the visit `before` is seen by `visit` from now on, and so is the one that the
    /// holder has open already, which is then the one that goes on.
    ///
    /// # Errors
    /// No challenge of now; a signature that is not this key's; another key or certificate than the order's (R067); why the
    /// service may not be had.
    pub async fn log_in(
        &self,
        before: Vec<u8>,
        visit: Vec<u8>,
        number: String,
        proof: LoginProof,
    ) -> Result<String, Fault> {
        let desk = self.clone();
        let proven = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = visits::order_for(tx, &before, &number).await?;
                // A challenge is used up by a wrong answer too: that must be committed, so it is no error here.
                match desk.proves(tx, &row, &proof).await? {
                    Ok(held) => desk.go_on(tx, &visit, row, held, proof.key_serial).await.map(Ok),
                    Err(refusal) => Ok(Err(refusal)),
                }
            })
        });
        proven.await?
    }

    async fn proves(
        &self,
        tx: &mut Tx,
        row: &OrderRow,
        proof: &LoginProof,
    ) -> Result<Result<Held, Fault>, Fault> {
        let shown = store::held::find_shown(tx, &row.id).await?.ok_or(Fault::NotFound)?;
        let since = self.ground.now().plus_minutes(-CHALLENGE_MINUTES);
        let Some(challenge) = store::held::take_challenge(tx, &row.id, since).await? else {
            return Ok(Err(Fault::Changed));
        };
        let held = match self.find(tx, &proof.sign_certificate).await {
            Ok(held) => held,
            Err(fault) => return Ok(Err(fault)),
        };
        if shown.sign_serial != held.sign || shown.key_serial != proof.key_serial {
            return Ok(Err(Refusal::KeyDiffers.into()));
        }
        let signer = Certificate::from_der(&decode(&proof.sign_certificate)?).map_err(wrong)?;
        let said = key::statement::login(&self.origin, &challenge);
        let signed = signer.public_key().map_err(wrong)?.verify(&said, &decode(&proof.signature)?);
        Ok(if signed.is_ok() { Ok(held) } else { Err(Fault::Proof(ProofRefusal::NotThisKey)) })
    }

    async fn go_on(
        &self,
        tx: &mut Tx,
        visit: &[u8],
        row: OrderRow,
        held: Held,
        key_serial: String,
    ) -> Result<String, Fault> {
        if row.order.step() != Some(Step::KeyLogin) {
            return self.come_back(tx, visit, row, key_serial).await;
        }
        if let Some(first) = find_proven(tx, row.order.service, &held.sign, Some(&row.id)).await? {
            // A renewal that was not confirmed in time gives way to the late one (A20); else the first one is the one.
            let gives_way = row.order.route == Route::WithEvidence && !goes_on_late(&first.order);
            if !gives_way {
                advance(tx, &self.ground, row, None, Event::Withdrawn, &Actor::Applicant).await?;
                return self.come_back(tx, visit, first, key_serial).await;
            }
            advance(tx, &self.ground, first, None, Event::Withdrawn, &Actor::Applicant).await?;
        }
        let event = Event::KeyLoggedIn { key_serial, certificate_serial: held.sign.clone() };
        let row = advance(tx, &self.ground, row, None, event, &Actor::Applicant).await?;
        details::keep(tx, &self.ground, &row, &held.prefilled()).await?;
        self.keep_something(tx, &row, &held).await?;
        store::visits::let_see(tx, visit, &row.id).await?;
        Ok(row.number)
    }

    /// The same key is back (A24): it may see the order, which goes on where it stood.
    async fn come_back(
        &self,
        tx: &mut Tx,
        visit: &[u8],
        row: OrderRow,
        key_serial: String,
    ) -> Result<String, Fault> {
        store::visits::let_see(tx, visit, &row.id).await?;
        let number = row.number.clone();
        if matches!(row.order.step(), Some(Step::Issuing | Step::Loading)) {
            let event = Event::KeyPresented { key_serial };
            advance(tx, &self.ground, row, None, event, &Actor::Applicant).await?;
        }
        Ok(number)
    }

    async fn keep_something(&self, tx: &mut Tx, row: &OrderRow, held: &Held) -> Result<(), Fault> {
        let certificate = store::certificates::find_signed(tx, &held.encrypt).await?;
        let certificate = certificate.ok_or_else(|| wrong("a pair without its encryption certificate"))?;
        let content = self.ground.dice.bytes::<32>();
        let keepsake = Keepsake {
            cipher: seal_to(&self.ground, &certificate, &content)?,
            content: self.ground.sealing.seal(&keepsake_place(&row.id), &content),
            certificate,
        };
        Ok(store::held::record_keepsake(tx, &row.id, &keepsake, self.ground.now()).await?)
    }
}

/// R133: another open order of this service whose holder has proven to be it.
pub(super) async fn find_proven(
    tx: &mut Tx,
    service: Service,
    sign: &str,
    but: Option<&str>,
) -> Result<Option<OrderRow>, Fault> {
    for id in store::held::list_orders_of(tx, sign).await? {
        let row = store::orders::load(tx, &id).await?;
        let proven = row.order.certificate_serial.is_some() && row.order.standing.is_open();
        if proven && row.order.service == service && Some(id.as_str()) != but {
            return Ok(Some(row));
        }
    }
    Ok(None)
}
