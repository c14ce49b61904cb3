//! Notices to the office: sent at once, then again on the provider's own schedule until acknowledged.
//! Fault switches are read before every try, so that switching one off lets the next try through genuine.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::{
    faults::{Payment, Switches},
    journal::Finding,
    world::{World, held},
};

/// What is wrong with a letter on purpose.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Flaws {
    pub forged: bool,
    pub stale: bool,
    pub tampered_amount: bool,
}

pub struct Letter {
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

type Writer = dyn Fn(&World, Flaws) -> Letter + Send + Sync;

pub struct Notice {
    pub provider: &'static str,
    pub event: &'static str,
    pub out_trade_no: String,
    pub url: String,
    /// Seconds between tries, on the provider's clock.
    pub waits: &'static [u64],
    pub write: Box<Writer>,
    pub acknowledged: fn(status: u16, body: &[u8]) -> bool,
    pub faults: fn(&Switches) -> &Payment,
}

pub struct Notifier {
    client: reqwest::Client,
    /// The notices of each trade, to be sent again on demand.
    sent: Mutex<HashMap<String, Vec<Arc<Notice>>>>,
}

impl Default for Notifier {
    fn default() -> Self {
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("Mozilla/4.0")
            .build()
            .expect("a client without TLS settings can be built");
        Self { client, sent: Mutex::default() }
    }
}

impl Notifier {
    pub fn clear(&self) {
        held(&self.sent).clear();
    }

    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    fn keep(&self, notice: &Arc<Notice>) {
        held(&self.sent).entry(notice.out_trade_no.clone()).or_default().push(Arc::clone(notice));
    }

    /// After a reset nobody waits for the old notices any more.
    fn still_kept(&self, notice: &Arc<Notice>) -> bool {
        held(&self.sent)
            .get(&notice.out_trade_no)
            .is_some_and(|kept| kept.iter().any(|one| Arc::ptr_eq(one, notice)))
    }
}

/// Starts delivery in the background. Whoever gave no address gets no notice.
pub fn send(world: &Arc<World>, notice: Notice) {
    if notice.url.is_empty() {
        return;
    }
    let notice = Arc::new(notice);
    world.notifier.keep(&notice);
    let world = Arc::clone(world);
    tokio::spawn(async move { keep_trying(&world, &notice).await });
}

/// One try now, waited for; if it is not acknowledged the schedule follows in the background.
pub async fn send_and_wait(world: &Arc<World>, notice: Notice) {
    if notice.url.is_empty() {
        return;
    }
    let notice = Arc::new(notice);
    world.notifier.keep(&notice);
    if !try_once(world, &notice).await {
        let world = Arc::clone(world);
        tokio::spawn(async move { follow_schedule(&world, &notice).await });
    }
}

/// Sends every notice of a trade once more, as providers do when an acknowledgement was lost. Returns how many.
pub async fn send_again(world: &Arc<World>, out_trade_no: &str) -> usize {
    let again = held(&world.notifier.sent).get(out_trade_no).cloned().unwrap_or_default();
    for notice in &again {
        try_once(world, notice).await;
    }
    again.len()
}

async fn keep_trying(world: &Arc<World>, notice: &Arc<Notice>) {
    let faults = (notice.faults)(&world.faults.of(&notice.out_trade_no)).clone();
    tokio::time::sleep(Duration::from_millis(faults.notice_delay_ms)).await;
    if !try_once(world, notice).await {
        follow_schedule(world, notice).await;
    }
}

async fn follow_schedule(world: &Arc<World>, notice: &Arc<Notice>) {
    for wait in notice.waits {
        tokio::time::sleep(world.clock.shortened(*wait)).await;
        if !world.notifier.still_kept(notice) || try_once(world, notice).await {
            return;
        }
    }
}

/// Delivers the letter and its copies; true when one was acknowledged.
async fn try_once(world: &Arc<World>, notice: &Arc<Notice>) -> bool {
    let faults = (notice.faults)(&world.faults.of(&notice.out_trade_no)).clone();
    if faults.notice_dropped {
        record(world, notice, "dropped by fault switch", (0, b"", b""));
        return false;
    }
    let mut deliveries = tokio::task::JoinSet::new();
    for _ in 0..=faults.notice_copies {
        let (world, notice, faults) = (Arc::clone(world), Arc::clone(notice), faults.clone());
        deliveries.spawn(async move { deliver(&world, &notice, &faults).await });
    }
    deliveries.join_all().await.contains(&true)
}

async fn deliver(world: &World, notice: &Notice, faults: &Payment) -> bool {
    let flaws = Flaws {
        forged: faults.notice_forged,
        stale: faults.notice_stale,
        tampered_amount: faults.notice_tampered_amount,
    };
    let letter = (notice.write)(world, flaws);
    let mut post = world.notifier.client.post(&notice.url).body(letter.body.clone());
    for (name, value) in letter.headers {
        post = post.header(name, value);
    }
    let answered = async {
        let response = post.send().await?;
        Ok::<_, reqwest::Error>((response.status().as_u16(), response.bytes().await?))
    };
    match answered.await {
        Ok((status, body)) => {
            let done = (notice.acknowledged)(status, &body);
            let verdict = if done { "ok" } else { "not acknowledged" };
            record(world, notice, verdict, (status, letter.body.as_bytes(), &body));
            done
        }
        Err(wrong) => {
            record(world, notice, &format!("not delivered: {wrong}"), (0, letter.body.as_bytes(), b""));
            false
        }
    }
}

fn record(world: &World, notice: &Notice, verdict: &str, exchange: (u16, &[u8], &[u8])) {
    let finding = Finding {
        provider: notice.provider,
        action: notice.event.to_owned(),
        about: notice.out_trade_no.clone(),
        verdict: verdict.to_owned(),
        checked: String::new(),
    };
    world.journal.record("out", finding, &format!("POST {}", notice.url), exchange);
}
