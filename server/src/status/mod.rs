//! Owns: telling the world how certificates stand: revocation lists on schedule and at a change, OCSP answers from
//! memory; suspending, resuming and revoking by staff and by journeys.
//! Never: a key (a [`Pen`] signs for it), HTTP, the rule of what may follow what (`standing`'s).
//! Start at: `work.rs`, then `plan.rs` for lists and `answer.rs` for OCSP.

mod answer;
mod budget;
mod cache;
mod effects;
mod elsewhere;
mod fresh;
mod issuer;
mod life;
mod lists;
mod plan;
mod settings;
#[cfg(test)]
mod tests;
mod work;

pub use answer::Reply;
pub use fresh::{Freshness, ListFacts, Trouble};
pub use lists::List;
pub use settings::StatusSettings;

use crate::fault::Fault;
use crate::ground::Ground;
use crate::outside::SetupError;
use async_trait::async_trait;
use budget::Budget;
use certificate::Certificate;
use issuer::Issuer;
use plan::Plan;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{Mutex, Semaphore};

/// An authority whose certificates' standing is told here.
pub struct IssuerOf {
    /// `authorities.name`: stands in the addresses of its lists and answers.
    pub name: String,
    pub certificate: Certificate,
    /// Where its newest delta lies; stands in every full list.
    pub delta_urls: Vec<String>,
    /// Its key is elsewhere (a root in its safe): the list that was signed there, DER or PEM, brought here as this file.
    pub list_file: Option<PathBuf>,
}

/// Who answers for an issuer: a certificate that the issuer delegated (RFC 6960, 4.2.2.2), or the issuer itself.
#[derive(Clone)]
pub struct Responder {
    /// The key's name.
    pub name: String,
    pub certificate: Certificate,
}

/// Who signs what this desk says. The keys stay where they are.
#[async_trait]
pub trait Pen: Send + Sync {
    /// Who answers for this issuer now; another one in good time before the last one's certificate ends. `None`: nobody
    /// does, it publishes lists alone.
    async fn responder(&self, issuer: &str) -> Result<Option<Responder>, Fault>;

    /// Signs a revocation list of this issuer.
    async fn sign_list(&self, issuer: &str, to_be_signed: Vec<u8>) -> Result<Vec<u8>, Fault>;

    /// Signs answers of this responder, many at once: one result each.
    async fn sign_answers(&self, responder: &str, to_be_signed: Vec<Vec<u8>>) -> Vec<Result<Vec<u8>, Fault>>;
}

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Status(Arc<Inner>);

struct Inner {
    ground: Ground,
    pen: Arc<dyn Pen>,
    plan: Plan,
    issuers: BTreeMap<String, Issuer>,
    /// The last change of all that the memory knows.
    seen: Mutex<i64>,
    /// Answers that are being signed for somebody who waits.
    room: Semaphore,
    /// What is signed for one asker alone: nonces, unknown serials, many ids at once.
    budget: Budget,
}

/// Askers who may wait for a signature at one time; the others come again.
const AT_ONCE: usize = 256;

impl Status {
    /// Takes up where the last office left off: what was recorded last is published.
    ///
    /// # Errors
    /// A plan that cannot be kept; the store's own; an issuer whose key is of no algorithm of ours.
    pub async fn open(
        ground: Ground,
        pen: Arc<dyn Pen>,
        settings: &StatusSettings,
        issuers: Vec<IssuerOf>,
    ) -> Result<Status, StatusError> {
        let plan = Plan::new(settings)?;
        let share = settings.cache_entries / issuers.len().max(1);
        let mut by_name = BTreeMap::new();
        let mut reader = ground.store.read().await.map_err(Fault::from)?;
        // First the changes, then the rows: what changes in between is told twice, never not at all.
        let seen = crate::store::status::last_change_of_all(&mut reader).await.map_err(Fault::from)?;
        for one in issuers {
            let responder = pen.responder(&one.name).await?;
            let issuer = Issuer::open(&mut reader, one, responder, share).await?;
            issuer.read_file(ground.now());
            by_name.insert(issuer.name.clone(), issuer);
        }
        drop(reader);
        Ok(Status(Arc::new(Inner {
            budget: Budget::new(settings.live_per_second),
            plan,
            pen,
            issuers: by_name,
            seen: Mutex::new(seen),
            room: Semaphore::new(AT_ONCE),
            ground,
        })))
    }
}

/// Why the desk does not open.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    #[error(transparent)]
    Setup(#[from] SetupError),
    #[error(transparent)]
    Desk(#[from] Fault),
}

fn wrong(why: impl ToString) -> Fault {
    Fault::Certificate(why.to_string())
}
