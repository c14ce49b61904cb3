//! Requests that wait are gathered into one batch. Nobody waits for company: while a seat is free, a batch is whatever
//! is there now, and only under load does it grow.

use super::ask::Asked;
use super::given::Given;
use super::refusal::{PartnerFault, PartnerRefusal};
use super::road::Road;
use super::{Partner, ask};
use crate::issuing::Authorities;
use crate::store::partner_certificates::Request;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, mpsc, oneshot};

/// A batch's longest.
const BATCH: usize = 64;
/// One batch computes while another waits for the disk.
const SEATS: usize = 2;
/// Who comes when so many wait is asked to come again.
const WAITING: usize = 1024;

pub(super) struct Job {
    pub partner: Arc<Partner>,
    pub asked: Asked,
    pub answer: Answer,
}

/// Where the answer goes; until then nobody else walks the same road.
pub(super) struct Answer {
    turn: Turn,
    to: oneshot::Sender<Result<Given, PartnerFault>>,
}

impl Answer {
    pub fn give(self, answer: Result<Given, PartnerFault>) {
        drop(self.turn);
        // A caller that hung up asks again under the same number.
        let _ = self.to.send(answer);
    }
}

#[derive(Clone)]
pub(super) struct Gatherer {
    queue: mpsc::Sender<Job>,
    /// What goes upstream waits for others; nobody else waits for it.
    upstream: mpsc::Sender<Job>,
    authorities: Arc<Authorities>,
    /// Whose road is under way: nobody walks it twice at the same time.
    under_way: Arc<Mutex<HashSet<Request>>>,
}

/// Holds a number while its road is under way.
pub(super) struct Turn {
    request: Request,
    under_way: Arc<Mutex<HashSet<Request>>>,
}

impl Gatherer {
    pub fn start(road: Road) -> Gatherer {
        let authorities = road.authorities.clone();
        let (queue, jobs) = mpsc::channel(WAITING);
        tokio::spawn(gather(road.clone(), jobs));
        let (upstream, jobs) = mpsc::channel(WAITING);
        tokio::spawn(gather(road, jobs));
        Gatherer { queue, upstream, authorities, under_way: Arc::default() }
    }

    pub async fn issue(&self, partner: Arc<Partner>, asked: Asked) -> Result<Given, PartnerFault> {
        if !ask::number_is_good(&asked.number) {
            return Err(PartnerRefusal::NumberInvalid.into());
        }
        let request = (partner.name.clone(), asked.number.clone());
        let turn = self.turn(request).ok_or(PartnerRefusal::InProgress)?;
        let (to, answered) = oneshot::channel();
        let job = Job { partner, asked, answer: Answer { turn, to } };
        let upstream = self.authorities.is_upstream(&job.asked.profile);
        let queue = if upstream { &self.upstream } else { &self.queue };
        queue.try_send(job).map_err(|_| PartnerRefusal::Busy)?;
        answered.await.map_err(|error| PartnerFault::Broken(error.to_string()))?
    }

    /// `None`: somebody has it.
    pub fn turn(&self, request: Request) -> Option<Turn> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let free = under_way.insert(request.clone());
        free.then(|| Turn { request, under_way: self.under_way.clone() })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.request);
    }
}

async fn gather(road: Road, mut jobs: mpsc::Receiver<Job>) {
    let seats = Arc::new(Semaphore::new(SEATS));
    loop {
        let Ok(seat) = seats.clone().acquire_owned().await else { return };
        let mut batch = Vec::with_capacity(BATCH);
        if jobs.recv_many(&mut batch, BATCH).await == 0 {
            return;
        }
        let road = road.clone();
        tokio::spawn(async move {
            road.walk(batch).await;
            drop(seat);
        });
    }
}
