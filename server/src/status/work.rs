//! The desk's day: hears of changes, publishes what is due, signs again what grows old, looks after who answers.

use super::Status;
use super::answer::REFRESHED_AT_ONCE;
use super::issuer::Issuer;
use super::lists::seconds;
use super::wrong;
use crate::fault::Fault;
use crate::store::{self, StoreError};
use futures::future::join_all;
use std::time::Duration;
use tokio::sync::watch;

/// Looks around this often even when nobody rings.
const ROUND: Duration = Duration::from_millis(500);
/// How often it asks who answers for an issuer, and says that a list is overdue.
const WATCH_MS: u64 = 600_000;
/// A signature, and what is written with it, takes no longer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Changes read at one time.
const CHANGES: i64 = 10_000;

impl Status {
    /// Runs until `stop` says so. Hearing never waits for a signature: what has changed is not told any more at once. Lists
    /// never wait for answers, nor for another issuer's signer: a million answers may grow old together (R162).
    pub async fn work(&self, stop: watch::Receiver<bool>) {
        let lists = self.0.issuers.values().map(|issuer| self.keep_published(issuer, stop.clone()));
        let answers = self.0.issuers.values().map(|issuer| self.keep_answers(issuer, stop.clone()));
        let (lists, answers) = (join_all(lists), join_all(answers));
        tokio::join!(self.listen(stop.clone()), lists, answers, self.keep_watch(stop.clone()));
    }

    async fn listen(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(error) = self.catch_up().await {
                tracing::error!(%error, "changes of standing cannot be read");
            }
            tokio::select! {
                () = self.0.ground.standing_bell.notified() => self.until_committed().await,
                () = tokio::time::sleep(ROUND) => {}
                _ = stop.changed() => {}
            }
        }
    }

    async fn keep_published(&self, issuer: &Issuer, mut stop: watch::Receiver<bool>) {
        let mut opening = true;
        while !*stop.borrow() {
            self.publish_due(issuer, opening).await;
            opening = false;
            rest(&mut stop).await;
        }
    }

    async fn keep_answers(&self, issuer: &Issuer, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if !self.refresh_due(issuer).await {
                rest(&mut stop).await;
            }
        }
    }

    async fn keep_watch(&self, mut stop: watch::Receiver<bool>) {
        let mut watched = self.0.ground.now();
        while !*stop.borrow() {
            let now = self.0.ground.now();
            if (now.millis() - watched.millis()).unsigned_abs() >= WATCH_MS {
                self.watch().await;
                watched = now;
            }
            rest(&mut stop).await;
        }
    }

    /// The bell rings inside a transaction: what queues behind it comes after its commit.
    async fn until_committed(&self) {
        let behind = self.0.ground.store.write(|_| Box::pin(async { Ok::<_, StoreError>(()) }));
        if let Err(error) = behind.await {
            tracing::warn!(%error, "the store does not take the next writing");
        }
    }

    /// Takes in every change that is committed: no answer of before is given any more, and the lists have to tell it.
    ///
    /// # Errors
    /// The store's own; the next round reads it again.
    pub async fn catch_up(&self) -> Result<(), Fault> {
        let mut seen = self.0.seen.lock().await;
        loop {
            let mut reader = self.0.ground.store.read().await?;
            let changes = store::status::list_changes_after(&mut reader, *seen, CHANGES).await?;
            drop(reader);
            let now = seconds(self.0.ground.now());
            for (sequence, issuer, serial) in &changes {
                *seen = *sequence;
                let Some(issuer) = self.0.issuers.get(issuer) else { continue };
                let impossible = |e| StoreError::impossible("certificates", "serial", serial, e);
                issuer.answers.forget(&hex::decode(serial).map_err(impossible)?);
                issuer.lists.heard(*sequence, now);
            }
            if i64::try_from(changes.len()).unwrap_or(CHANGES) < CHANGES {
                return Ok(());
            }
        }
    }

    /// Signs again what has lived three quarters of its time, before anybody has to wait for it: so many at once. `true`:
    /// more of it is due.
    async fn refresh_due(&self, issuer: &Issuer) -> bool {
        let due = issuer.answers.take_due(seconds(self.0.ground.now()), REFRESHED_AT_ONCE);
        if due.is_empty() {
            return false;
        }
        if let Err(fault) = self.in_time(self.refresh(issuer, &due)).await {
            issuer.note(self.0.ground.now(), "signing answers ahead", &fault);
            return false;
        }
        due.len() == REFRESHED_AT_ONCE
    }

    /// A signer that hangs is one that failed.
    pub(super) async fn in_time<T>(&self, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| Err(wrong("took too long")))
    }

    async fn watch(&self) {
        let now = self.0.ground.now();
        for issuer in self.0.issuers.values() {
            let responder = self.in_time(self.0.pen.responder(&issuer.name)).await;
            if let Err(fault) = responder.and_then(|responder| issuer.answer_by(responder)) {
                issuer.note(now, "who answers", &fault);
            }
            issuer.read_file(now);
            if self.is_overdue(issuer) {
                tracing::error!(issuer = issuer.name, "a revocation list is older than its plan");
            }
        }
    }
}

/// Until the next round, or until the day ends.
async fn rest(stop: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(ROUND) => {}
        _ = stop.changed() => {}
    }
}
