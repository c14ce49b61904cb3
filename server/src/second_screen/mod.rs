//! Owns: the phone as a second screen (B26): links for one step of one order, good once, as long as the visit that made
//! them.
//! Never: what is done at the step; a right that the visit has not.
//! Start at: `SecondScreen::link`.

use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::orders::OrderRow;
use crate::store::{self, phone_links};
use crate::visits::{self, IDLE_MINUTES, order_for};
use app::desk::phone::{PHONE_PATH, PhoneLink, PhoneState, is_for_phones};
use journey::event::EventKind;
use journey::refusal::Refusal;
use journey::step::Step;

/// Until it is scanned.
const UNOPENED_MINUTES: i64 = 10;
/// From then on, at one step.
const OPEN_MINUTES: i64 = 60;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct SecondScreen {
    ground: Ground,
    public_origin: String,
}

/// A phone that holds a link: in the place of the visit, for this order alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    pub visit: Vec<u8>,
    pub order_id: String,
    pub number: String,
}

/// A link that was just opened.
pub struct Opened {
    /// For the phone's browser alone.
    pub token: String,
    pub number: String,
}

impl SecondScreen {
    pub fn new(ground: Ground, public_origin: String) -> SecondScreen {
        SecondScreen { ground, public_origin }
    }

    /// # Errors
    /// The order stands at no step that a phone takes over.
    pub async fn link(&self, visit: &[u8], number: String) -> Result<PhoneLink, Fault> {
        let (ground, visit) = (self.ground.clone(), visit.to_vec());
        let (secret, now) = (ground.dice.token(), ground.now());
        let (digest, ends_at) = (self.secret(&secret), now.plus_minutes(UNOPENED_MINUTES));
        let linked = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = order_for(tx, &visit, &number).await?;
                let step = step_for_phones(&row)?;
                phone_links::revoke(tx, &visit, &row.id, now).await?;
                let link = phone_links::PhoneLink {
                    order_id: row.id,
                    step: step.code().to_owned(),
                    visit,
                    ends_at,
                    opened_at: None,
                };
                Ok::<_, Fault>(phone_links::record(tx, &digest, &link, now).await?)
            })
        });
        linked.await?;
        Ok(PhoneLink { url: format!("{}{PHONE_PATH}#{secret}", self.public_origin), ends_at })
    }

    /// # Errors
    /// No such order for this visit.
    pub async fn state(&self, visit: &[u8], number: &str) -> Result<Option<PhoneState>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, number).await?;
        let link = phone_links::find_by_visit(&mut reader, visit, &row.id, self.ground.now()).await?;
        let link = link.filter(|link| stands_at(&row, &link.step));
        Ok(link.map(|link| PhoneState { opened_at: link.opened_at, ends_at: link.ends_at }))
    }

    /// # Errors
    /// No such order for this visit.
    pub async fn revoke(&self, visit: &[u8], number: String) -> Result<(), Fault> {
        let (ground, visit) = (self.ground.clone(), visit.to_vec());
        let revoked = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = order_for(tx, &visit, &number).await?;
                Ok::<_, Fault>(phone_links::revoke(tx, &visit, &row.id, ground.now()).await?)
            })
        });
        revoked.await
    }

    /// # Errors
    /// `NotFound`: the link was opened before, has ended, or never was; the order has gone on.
    pub async fn open(&self, secret: &str) -> Result<Opened, Fault> {
        let (ground, token) = (self.ground.clone(), self.ground.dice.token());
        let (secret, phone) = (self.secret(secret), self.phone(&token));
        let opened = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let now = ground.now();
                let ends_at = now.plus_minutes(OPEN_MINUTES);
                let taken = phone_links::take(tx, &secret, &phone, now, ends_at).await?;
                let link = taken.ok_or(Fault::NotFound)?;
                let row = store::orders::load(tx, &link.order_id).await?;
                let alive =
                    store::visits::alive(tx, &link.visit, now, now.plus_minutes(-IDLE_MINUTES)).await?;
                if alive && stands_at(&row, &link.step) { Ok(row.number) } else { Err(Fault::NotFound) }
            })
        });
        let number: String = opened.await?;
        Ok(Opened { token, number })
    }

    /// Whose step this phone holds, while the link lives, the order stands there and the visit is alive; using it keeps the
    /// visit alive.
    ///
    /// # Errors
    /// The store's own.
    pub async fn find(&self, token: &str) -> Result<Option<Holding>, Fault> {
        let (now, phone) = (self.ground.now(), self.phone(token));
        let mut reader = self.ground.store.read().await?;
        let Some(link) = phone_links::find_by_phone(&mut reader, &phone, now).await? else { return Ok(None) };
        let row = store::orders::load(&mut reader, &link.order_id).await?;
        let sees = store::visits::may_see(&mut reader, &link.visit, &row.id).await?;
        drop(reader);
        let alive = visits::note_if_alive(&self.ground, &link.visit).await?;
        let holds = sees && alive && stands_at(&row, &link.step);
        Ok(holds.then_some(Holding { visit: link.visit, order_id: row.id, number: row.number }))
    }

    /// # Errors
    /// The store's own.
    pub async fn close(&self, token: &str) -> Result<(), Fault> {
        let (phone, now) = (self.phone(token), self.ground.now());
        let closed = self
            .ground
            .store
            .write(move |tx| Box::pin(async move { phone_links::close(tx, &phone, now).await }));
        closed.await.map_err(Fault::Store)
    }

    fn secret(&self, secret: &str) -> Vec<u8> {
        self.ground.sealing.digest("phone_link", secret)
    }

    fn phone(&self, token: &str) -> Vec<u8> {
        self.ground.sealing.digest("phone_screen", token)
    }
}

fn step_for_phones(row: &OrderRow) -> Result<Step, Fault> {
    let refusal = Refusal::NotHere { standing: row.order.standing, event: EventKind::EvidenceAdded };
    row.order.step().filter(|step| is_for_phones(*step)).ok_or_else(|| refusal.into())
}

fn stands_at(row: &OrderRow, step: &str) -> bool {
    row.order.step().is_some_and(|here| here.code() == step)
}
