//! The composition root: every desk is made here, and handed what it needs.
//!
//! Owns: who is there, and who is whose hand.
//! Never: a decision of a desk, HTTP.
//! Start at: [`Office::open`].

mod channels;
mod correspondence;
mod identity_door;
mod issuing_door;
mod loading_door;
mod recovery_door;
mod registrar_door;
mod replacement_door;
mod status_pen;
mod trust_door;

use crate::clock::{Clock, Dice};
use crate::codes::PerAddressHour;
use crate::dispatch::Dispatch;
use crate::errands;
use crate::evidence::{Evidence, SheetTerms};
use crate::fault::Fault;
use crate::finance::Finance;
use crate::ground::Ground;
use crate::identity::Identity;
use crate::invoices::Invoices;
use crate::issuing::partner::Partners;
use crate::issuing::{Authorities, Issuing, Upstream};
use crate::key_in::KeyIn;
use crate::kmc::Kmc;
use crate::kmc::recovery::Recovery;
use crate::loading::Loading;
use crate::lost::Lost;
use crate::mandates::Mandates;
use crate::orders::{Offers, Orders, expire_stale, forget_kept, forget_unpaid};
use crate::outside::{SetupError, Surroundings};
use crate::paper::Fonts;
use crate::post::Post;
use crate::production::Production;
use crate::registrar::Registrar;
use crate::replacement::Replacements;
use crate::review::Review;
use crate::sealing::{SealError, Sealing};
use crate::second_screen::SecondScreen;
use crate::settings::Settings;
use crate::staff::Staff;
use crate::status::{Status, StatusError};
use crate::store::{self, Store, StoreError};
use crate::till::Till;
use crate::trust::Trust;
use crate::unblock::Unblocking;
use journey::{Calendar, Moment};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// How often the office is swept.
const SWEEP: Duration = Duration::from_secs(600);

/// The longest that a certificate is on its road while somebody walks it.
const ROAD_MINUTES: i64 = 10;

/// The house with everybody at their desk.
#[derive(Clone)]
pub struct Office {
    pub ground: Ground,
    pub settings: Arc<Settings>,
    pub orders: Orders,
    pub key_in: KeyIn,
    pub loading: Loading,
    pub lost: Lost,
    pub replacements: Replacements,
    pub finance: Finance,
    pub evidence: Evidence,
    pub till: Till,
    pub review: Review,
    pub production: Production,
    pub staff: Staff,
    pub invoices: Invoices,
    pub post: Post,
    pub dispatch: Dispatch,
    pub second_screen: SecondScreen,
    pub issuing: Issuing,
    pub partners: Partners,
    pub kmc: Kmc,
    pub recovery: Recovery,
    pub status: Status,
    pub trust: Trust,
    pub registrar: Registrar,
    pub identity: Identity,
    pub unblocking: Unblocking,
    pub mandates: Mandates,
    errands: errands::Desks,
    _alone: Arc<File>,
}

/// Why the office does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpeningError {
    #[error("data folder {folder}: {why}")]
    Folder { folder: String, why: String },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("settings: {0}")]
    Setup(#[from] SetupError),
    #[error("invoice font: {0}")]
    Font(String),
    #[error(transparent)]
    Desk(#[from] Fault),
    #[error(transparent)]
    Status(#[from] StatusError),
}

impl Office {
    /// # Errors
    /// Says which part of the settings, which file or which folder does not hold.
    pub async fn open(settings: Settings, clock: Arc<dyn Clock>, dice: Dice) -> Result<Office, OpeningError> {
        let data = settings.office.data_dir.clone();
        let (alone, ground) = (alone_in(&data)?, ground(&data, clock.clone(), dice.clone()).await?);
        let around = Surroundings::new(clock, dice)?;
        let authorities = Authorities::open(&ground, &settings).await?;
        let demo = settings.office.demo || authorities.is_demo();
        let offers = Offers::new(&settings.authority, &settings.prices, demo)
            .with_person_in_organisation(settings.office.person_in_organisation);
        let kmc = Kmc::open(ground.clone(), &settings.kmc, &data).await?;
        let upstream = |it| Upstream::new(it, around.clone(), ground.dice.clone());
        let upstream = settings.upstream.as_ref().map(upstream).transpose()?;
        let issuing = Issuing::new(ground.clone(), kmc.clone(), authorities, upstream);
        let status = status_pen::desk(&ground, &settings, &issuing).await?;
        let dispatch = correspondence::dispatch(&ground, &settings, &around)?;
        let till = channels::till(&ground, &settings, &around)?;
        let fonts = Fonts::read(&settings.invoice.font).map_err(|e| OpeningError::Font(e.to_string()))?;
        let replacements = replacement_door::desk(&ground, &settings, &offers, &fonts, &issuing);
        let codes = PerAddressHour(settings.office.codes_per_address_hour);
        let sheets = SheetTerms::of(&settings, &fonts);
        let (invoices, post) = correspondence::desks(&ground, &settings, &around, fonts, codes)?;
        let orders = identity_door::orders(&ground, &settings, &around, offers)?;
        let (staff, lost) = (Staff::new(ground.clone()), Lost::new(ground.clone(), codes));
        let identity = identity_door::desk(&ground, &settings, &around)?;
        let office = Office {
            partners: Partners::new(&issuing, &settings.partners),
            lost: lost.clone(),
            replacements: replacements.clone(),
            finance: Finance::new(ground.clone()),
            key_in: KeyIn::new(ground.clone(), orders.offers().catalogue(), &settings.office.public_origin),
            orders: orders.clone(),
            evidence: Evidence::new(ground.clone(), data.join("evidence"), sheets)?,
            review: Review::new(ground.clone()),
            production: issuing_door::production(&ground, &issuing, &kmc),
            loading: loading_door::desk(&ground, &issuing, &kmc),
            recovery: recovery_door::desk(&ground, &kmc, &staff),
            staff,
            mandates: Mandates::open(&ground, &settings.office.public_origin).await?,
            registrar: registrar_door::desk(&ground, &status),
            unblocking: Unblocking::new(ground.clone()),
            identity: identity.clone(),
            trust: trust_door::desk(&ground, &settings, &issuing, &status, demo),
            errands: errands::Desks {
                dispatch: dispatch.clone(),
                lost,
                replacements,
                finance: Finance::new(ground.clone()),
                till: till.clone(),
                post: post.clone(),
                orders,
                invoices: invoices.clone(),
                issuing: issuing.clone(),
                status: status.clone(),
                identity,
            },
            second_screen: SecondScreen::new(ground.clone(), settings.office.public_origin.clone()),
            settings: Arc::new(settings),
            till,
            invoices,
            post,
            dispatch,
            issuing,
            kmc,
            status,
            ground,
            _alone: alone,
        };
        // Nothing is under way yet: whatever has not ended was broken off.
        office.end_roads(office.ground.now()).await;
        Ok(office)
    }

    /// Ends the issuing of before this moment that a crash broke off. A fault is for the next round.
    async fn end_roads(&self, before: Moment) {
        for ended in [self.issuing.end_roads(before).await, self.partners.end_roads(before).await] {
            match ended {
                Ok(0) => {}
                Ok(ended) => tracing::warn!(ended, "certificates that a crash had broken off"),
                Err(fault) => tracing::error!(%fault, "broken-off certificates are still waiting"),
            }
        }
    }

    /// Runs errands, keeps the pool of encryption pairs, publishes how certificates stand, and sweeps, until `stop` says so.
    pub async fn work(&self, stop: watch::Receiver<bool>) {
        let runner = errands::run(self.ground.clone(), self.errands.clone(), stop.clone());
        let (kmc, status) = (self.kmc.work(stop.clone()), self.status.work(stop.clone()));
        tokio::join!(runner, kmc, status, self.sweep(stop));
    }

    async fn sweep(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(error) = self.sweep_once().await {
                tracing::error!(%error, "the sweep broke off");
            }
            tokio::select! {
                () = tokio::time::sleep(SWEEP) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Closes what lies too long, deletes what was never paid and has ended (R160), and forgets what is needed no more.
    ///
    /// # Errors
    /// The store's own; what is left is swept the next time.
    pub async fn sweep_once(&self) -> Result<(), Fault> {
        let now = self.ground.now();
        // What began a while ago and is still on its road has no one walking it.
        self.end_roads(Moment::from_millis(now.millis() - ROAD_MINUTES * 60_000)).await;
        let closed = expire_stale(&self.ground, now.plus_days(-self.settings.office.draft_days)).await?;
        let mut files = forget_unpaid(&self.ground, now.plus_days(-1)).await?;
        files.extend(forget_kept(&self.ground).await?);
        let reminded = self.post.remind_holders().await?;
        self.evidence.forget_bytes(&files).await;
        let swept = self.ground.store.write(move |tx| Box::pin(async move { store::sweep(tx, now).await }));
        let rows = swept.await?;
        tracing::debug!(closed, files = files.len(), rows, reminded, "swept");
        Ok(())
    }
}

/// The store, the seal and the bells in a folder that this process has taken.
async fn ground(data: &Path, clock: Arc<dyn Clock>, dice: Dice) -> Result<Ground, OpeningError> {
    let store = Store::open(&data.join("office.db")).await?;
    // Nobody else works in this folder, so what is in hand is in the hand of an office that died.
    store.write(|tx| Box::pin(async move { store::errands::give_back_all(tx).await })).await?;
    Ok(Ground {
        store,
        sealing: Sealing::from_file(&data.join("master.key"), dice.clone())?,
        dice,
        clock,
        calendar: Arc::new(Calendar::official()),
        bell: Arc::new(Notify::new()),
        standing_bell: Arc::new(Notify::new()),
    })
}

/// Makes and takes the data folder for this process; whatever ends the process gives it back.
fn alone_in(data: &Path) -> Result<Arc<File>, OpeningError> {
    let fail = |why: String| OpeningError::Folder { folder: data.display().to_string(), why };
    std::fs::create_dir_all(data).map_err(|error| fail(error.to_string()))?;
    let file = File::create(data.join("office.lock")).map_err(|error| fail(error.to_string()))?;
    match file.try_lock() {
        Ok(()) => Ok(Arc::new(file)),
        Err(TryLockError::WouldBlock) => {
            Err(fail("another office works in it: stop that one first".to_owned()))
        }
        Err(TryLockError::Error(error)) => Err(fail(error.to_string())),
    }
}
