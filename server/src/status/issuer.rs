//! One issuer at the desk: what it last published, who answers for it, and what is kept of its answers.

use super::cache::Cache;
use super::fresh::Trouble;
use super::lists::{List, Lists};
use super::plan::Kind;
use super::{IssuerOf, Responder, wrong};
use crate::fault::Fault;
use crate::store::{self, Tx};
use certificate::Certificate;
use certificate::algorithm::Algorithm;
use certificate::status::Template;
use journey::moment::Moment;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, RwLock};

/// The same trouble again is not said sooner.
const QUIET_MS: i64 = 10_000;

pub struct Issuer {
    pub name: String,
    pub certificate: Certificate,
    pub algorithm: Algorithm,
    /// Where the newest delta lies; stands in every full list.
    pub delta_urls: Vec<String>,
    pub lists: Lists,
    pub answers: Cache,
    /// `None`: it publishes lists alone.
    answering: RwLock<Option<Arc<Answering>>>,
    /// Where the lists come from that are signed elsewhere.
    pub list_file: Option<PathBuf>,
    trouble: Mutex<Option<Trouble>>,
}

/// Who answers, and what all the answers have in common.
pub struct Answering {
    pub responder: Responder,
    pub template: Template,
}

impl Answering {
    fn new(issuer: &Certificate, responder: Responder) -> Result<Arc<Answering>, Fault> {
        let algorithm = algorithm(&responder.certificate)?;
        let template = Template::new(issuer, &responder.certificate, algorithm);
        Ok(Arc::new(Answering { responder, template }))
    }
}

fn algorithm(certificate: &Certificate) -> Result<Algorithm, Fault> {
    Algorithm::of_key(certificate.spki()).ok_or_else(|| wrong("a key of no algorithm of ours"))
}

impl Issuer {
    pub async fn open(
        tx: &mut Tx,
        one: IssuerOf,
        responder: Option<Responder>,
        cache_entries: usize,
    ) -> Result<Issuer, Fault> {
        let last_change = store::status::last_change(tx, &one.name).await?;
        let full = store::revocation_lists::find_last(tx, &one.name, false).await?;
        let delta = store::revocation_lists::find_last(tx, &one.name, true).await?;
        let lists = Lists::default();
        for (kind, row) in [(Kind::Full, full), (Kind::Delta, delta)] {
            if let Some(row) = row {
                lists.put(kind, List::new(row)?);
            }
        }
        lists.heard(last_change, 0);
        let answering = responder.map(|responder| Answering::new(&one.certificate, responder)).transpose()?;
        Ok(Issuer {
            algorithm: algorithm(&one.certificate)?,
            delta_urls: one.delta_urls,
            answering: RwLock::new(answering),
            list_file: one.list_file,
            answers: Cache::new(cache_entries),
            lists,
            trouble: Mutex::default(),
            name: one.name,
            certificate: one.certificate,
        })
    }

    pub fn answering(&self) -> Option<Arc<Answering>> {
        self.answering.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    /// Another one answers from now on; what the last one signed is not given out any more.
    pub fn answer_by(&self, responder: Option<Responder>) -> Result<(), Fault> {
        let before = self.answering().map(|answering| answering.responder.certificate.clone());
        if before.as_ref() == responder.as_ref().map(|responder| &responder.certificate) {
            return Ok(());
        }
        let next = responder.map(|responder| Answering::new(&self.certificate, responder)).transpose()?;
        *self.answering.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = next;
        self.answers.forget_all();
        tracing::info!(issuer = self.name, "another certificate answers for this issuer");
        Ok(())
    }

    pub fn trouble(&self) -> Option<Trouble> {
        self.trouble.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    /// Keeps what went wrong. A trouble that thousands of askers meet is one line in ten seconds.
    pub fn note(&self, at: Moment, what: &'static str, why: &Fault) {
        let mut last = self.trouble.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let known = last.as_ref().is_some_and(|last| {
            last.what == what && (0..QUIET_MS).contains(&(at.millis() - last.at.millis()))
        });
        if !known {
            tracing::error!(issuer = self.name, what, %why, "the status desk is in trouble");
            *last = Some(Trouble { at, what, why: why.to_string() });
        }
    }
}
