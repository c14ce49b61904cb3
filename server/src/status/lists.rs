//! Revocation lists: made, recorded, then published from memory. A crash before the record leaves nothing, a crash after
//! it a list that the next office publishes.

use super::issuer::Issuer;
use super::plan::{Heard, Kind, Standing};
use super::{Status, wrong};
use crate::fault::Fault;
use crate::standing::{Told, told};
use crate::store::revocation_lists::{self, ListRow};
use crate::store::status::StandingRow;
use crate::store::{self, StoreError, Tx};
use certificate::revocation::{Contents, Entry, Reason, RevocationList, assemble, to_be_signed};
use journey::moment::Moment;
use std::sync::{Arc, Mutex, RwLock};

/// A list as it is published. Times are Unix seconds.
pub struct List {
    pub number: i64,
    /// Of a delta: the number of the full list that it builds on.
    pub base: Option<i64>,
    pub this_update: i64,
    pub next_update: i64,
    pub entries: usize,
    pub bytes: Arc<[u8]>,
    sequence: i64,
}

impl List {
    /// # Errors
    /// What is recorded is no list.
    pub fn new(row: ListRow) -> Result<List, Fault> {
        let read = RevocationList::from_der(&row.list).map_err(wrong)?;
        Ok(List {
            number: row.number,
            base: row.base,
            this_update: row.this_update,
            next_update: row.next_update,
            entries: read.entries().count(),
            sequence: row.sequence,
            bytes: row.list.into(),
        })
    }

    /// A list that was signed elsewhere, read and verified.
    pub(super) fn from_elsewhere(number: i64, list: &RevocationList) -> List {
        List {
            number,
            base: None,
            this_update: list.this_update(),
            next_update: list.next_update().unwrap_or(list.this_update()),
            entries: list.entries().count(),
            sequence: i64::MAX,
            bytes: list.der().into(),
        }
    }

    fn standing(&self) -> Standing {
        Standing {
            this_update: self.this_update,
            next_update: self.next_update,
            sequence: self.sequence,
            bytes: self.bytes.len(),
        }
    }
}

/// What an issuer publishes, and what it has not told yet.
#[derive(Default)]
pub struct Lists {
    full: RwLock<Option<Arc<List>>>,
    delta: RwLock<Option<Arc<List>>>,
    heard: Mutex<Heard>,
    failed_at: Mutex<Option<Moment>>,
}

impl Lists {
    pub fn of(&self, kind: Kind) -> Option<Arc<List>> {
        self.place(kind).read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    fn place(&self, kind: Kind) -> &RwLock<Option<Arc<List>>> {
        match kind {
            Kind::Full => &self.full,
            Kind::Delta => &self.delta,
        }
    }

    pub fn put(&self, kind: Kind, list: List) {
        let mut heard = self.heard.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        // What the list does not know yet began to wait after it was begun.
        let waits = (heard.last_change > list.sequence).then_some(list.this_update);
        match kind {
            Kind::Full => (heard.full_waits_since, heard.delta_waits_since) = (waits, waits),
            Kind::Delta => heard.delta_waits_since = waits,
        }
        *self.place(kind).write().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(Arc::new(list));
    }

    /// A change that the lists must tell.
    pub fn heard(&self, sequence: i64, now: i64) {
        let mut heard = self.heard.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if sequence <= heard.last_change {
            return;
        }
        heard.last_change = sequence;
        heard.delta_waits_since.get_or_insert(now);
        heard.full_waits_since.get_or_insert(now);
    }

    fn failed(&self, at: Moment) {
        *self.failed_at.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(at);
    }

    fn failed_at(&self) -> Option<Moment> {
        *self.failed_at.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn heard_so_far(&self) -> Heard {
        *self.heard.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Status {
    /// The newest full list, or the newest delta, of this issuer.
    pub fn list(&self, issuer: &str, delta: bool) -> Option<Arc<List>> {
        self.0.issuers.get(issuer)?.lists.of(if delta { Kind::Delta } else { Kind::Full })
    }

    /// Publishes what is due of this issuer.
    pub(super) async fn publish_due(&self, issuer: &Issuer, opening: bool) {
        if issuer.list_file.is_some() {
            return;
        }
        let now = self.0.ground.now();
        let standing = |kind| issuer.lists.of(kind).map(|list| list.standing());
        let heard = issuer.lists.heard_so_far();
        let (full, delta) = (standing(Kind::Full), standing(Kind::Delta));
        let Some(kind) = self.0.plan.due(seconds(now), full, delta, &heard, opening) else { return };
        if issuer.lists.failed_at().is_some_and(|at| (0..PAUSE_MS).contains(&(now.millis() - at.millis()))) {
            return;
        }
        if let Err(fault) = self.in_time(self.publish(issuer, kind, now)).await {
            issuer.note(now, "publishing", &fault);
            issuer.lists.failed(now);
        }
    }

    async fn publish(&self, issuer: &Issuer, kind: Kind, now: Moment) -> Result<(), Fault> {
        let (contents, sequence) = self.contents(issuer, kind, seconds(now)).await?;
        let row = (contents.number, contents.base, contents.this_update, contents.next_update);
        let (certificate, algorithm) = (issuer.certificate.clone(), issuer.algorithm);
        let meant =
            tokio::task::spawn_blocking(move || to_be_signed(&certificate, algorithm, &contents)).await;
        let meant = meant.map_err(wrong)?.map_err(wrong)?;
        let signature = self.0.pen.sign_list(&issuer.name, meant.clone()).await?;
        let list = assemble(&meant, algorithm, &signature);
        // A faulty signer is found out here and not by those who rely on the list.
        RevocationList::from_der(&list).map_err(wrong)?.verify(&issuer.certificate).map_err(wrong)?;
        let row = ListRow {
            number: i64::try_from(row.0).map_err(wrong)?,
            base: row.1.map(i64::try_from).transpose().map_err(wrong)?,
            sequence,
            this_update: row.2,
            next_update: row.3,
            list,
        };
        let (name, kept) = (issuer.name.clone(), row.clone());
        let recorded = self.0.ground.store.write(move |tx| {
            Box::pin(async move {
                revocation_lists::record(tx, &name, &kept).await?;
                revocation_lists::forget(tx, &name, kept.this_update).await
            })
        });
        recorded.await.map_err(|error: StoreError| Fault::from(error))?;
        let list = List::new(row)?;
        tracing::info!(
            issuer = issuer.name,
            number = list.number,
            base = list.base,
            entries = list.entries,
            bytes = list.bytes.len(),
            "revocation list published"
        );
        issuer.lists.put(kind, list);
        Ok(())
    }

    /// What the list says, and the last change that it knows.
    async fn contents(&self, issuer: &Issuer, kind: Kind, now: i64) -> Result<(Contents, i64), Fault> {
        let mut reader = self.0.ground.store.read().await?;
        // First the last change, then the rows: what changes in between is told twice, never not at all.
        let sequence = store::status::last_change(&mut reader, &issuer.name).await?;
        let number = revocation_lists::last_number(&mut reader, &issuer.name).await? + 1;
        let (base, entries) = match kind {
            Kind::Full => (None, self.full_entries(&mut reader, issuer).await?),
            Kind::Delta => {
                let base = revocation_lists::find_base(&mut reader, &issuer.name, now).await?;
                let (base, since) = base.ok_or_else(|| wrong("no full list to build on"))?;
                (Some(base), delta_entries(&mut reader, &issuer.name, since).await?)
            }
        };
        let contents = Contents {
            number: u64::try_from(number).map_err(wrong)?,
            base: base.map(u64::try_from).transpose().map_err(wrong)?,
            this_update: now,
            next_update: self.0.plan.next_update(kind, now),
            entries,
            freshest_urls: if base.is_none() { issuer.delta_urls.clone() } else { Vec::new() },
            place_urls: Vec::new(),
        };
        Ok((contents, sequence))
    }

    /// What has ended stays for one list more (RFC 5280, 3.3).
    async fn full_entries(&self, tx: &mut Tx, issuer: &Issuer) -> Result<Vec<Entry>, Fault> {
        let last = issuer.lists.of(Kind::Full);
        let last = last.map_or_else(|| self.0.ground.now(), |list| moment(list.this_update));
        let rows = store::status::list_off(tx, &issuer.name, last).await?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in &rows {
            if let Some(reason) = told(row)?.and_then(Told::reason) {
                entries.push(entry(row, row.status_at, reason)?);
            }
        }
        Ok(entries)
    }
}

/// After a list failed the next try waits so long.
const PAUSE_MS: i64 = 5_000;

async fn delta_entries(tx: &mut Tx, issuer: &str, since: i64) -> Result<Vec<Entry>, Fault> {
    let mut entries = Vec::new();
    for (row, changed_at) in store::status::list_changed(tx, issuer, since).await? {
        match told(&row)? {
            Some(Told::Good) => entries.push(entry(&row, Some(changed_at), Reason::RemoveFromCrl)?),
            Some(told) => {
                let reason = told.reason().unwrap_or(Reason::Unspecified);
                entries.push(entry(&row, row.status_at, reason)?);
            }
            None => {}
        }
    }
    Ok(entries)
}

fn entry(row: &StandingRow, at: Option<Moment>, reason: Reason) -> Result<Entry, StoreError> {
    let impossible = |column, why: String| StoreError::impossible("certificates", column, &row.serial, why);
    let serial = hex::decode(&row.serial).map_err(|e| impossible("serial", e.to_string()))?;
    let at = at.ok_or_else(|| impossible("status_at", "missing".to_owned()))?;
    Ok(Entry { serial, at: seconds(at), reason })
}

pub(super) fn seconds(moment: Moment) -> i64 {
    moment.millis().div_euclid(1000)
}

fn moment(seconds: i64) -> Moment {
    Moment::from_millis(seconds * 1000)
}
