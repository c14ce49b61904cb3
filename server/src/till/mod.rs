//! Owns: payment attempts and refunds: opening, hearing, asking, closing, giving back.
//! Never: a provider's protocol (that is `provider/`), a step of a journey.
//! Start at: `open.rs`, then `receive.rs`.

mod close;
mod notice;
mod open;
pub mod provider;
mod receive;
mod refund;

use crate::fault::Fault;
use crate::ground::Ground;
use crate::store;
use crate::store::attempts::Attempt;
use crate::visits::order_for;
use journey::payment::Channel;
use provider::PayChannel;
use std::sync::Arc;
use tokio::sync::{Mutex, MutexGuard};

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Till {
    ground: Ground,
    channels: Arc<[Arc<dyn PayChannel>]>,
    public_origin: String,
    /// Asking for an attempt's QR goes one by one: each asking kills the QR that the one before was given.
    turns: Arc<[Mutex<()>; TURNS]>,
}

/// So many attempts may be asked for at one time, and few wait for another's slow provider.
const TURNS: usize = 64;

impl Till {
    pub fn new(ground: Ground, channels: Vec<Arc<dyn PayChannel>>, public_origin: String) -> Till {
        let turns = Arc::new(std::array::from_fn(|_| Mutex::new(())));
        Till { ground, channels: channels.into(), public_origin, turns }
    }

    /// The client of a channel; none where the operator has no contract with it.
    fn provider(&self, channel: Channel) -> Option<&Arc<dyn PayChannel>> {
        self.channels.iter().find(|provider| provider.channel() == channel)
    }

    fn notify_url(&self, channel: Channel) -> String {
        format!("{}/notify/{}", self.public_origin, channel.code())
    }

    async fn turn_of(&self, attempt_id: &str) -> MutexGuard<'_, ()> {
        let shelf =
            attempt_id.bytes().fold(0, |sum: usize, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        self.turns[shelf % TURNS].lock().await
    }

    async fn load(&self, attempt_id: &str) -> Result<Attempt, Fault> {
        let mut reader = self.ground.store.read().await?;
        Ok(store::attempts::load(&mut reader, attempt_id).await?)
    }
}
