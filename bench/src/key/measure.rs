//! Turns of ours and of the peer, and what they took.

use crate::figure::print;
use crate::{Failure, Plan};
use futures::executor::block_on;
use key::KeyError;
use key::channel::Channel;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// A channel that two may use by turns, and that remembers what went over it.
pub struct Tape<C> {
    channel: Rc<RefCell<C>>,
    sent: Rc<RefCell<Vec<Vec<u8>>>>,
}

impl<C> Clone for Tape<C> {
    fn clone(&self) -> Self {
        Tape { channel: self.channel.clone(), sent: self.sent.clone() }
    }
}

impl<C: Channel> Tape<C> {
    pub fn of(channel: C) -> Self {
        Tape { channel: Rc::new(RefCell::new(channel)), sent: Rc::default() }
    }

    /// What went over it since this was last asked.
    pub fn take(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.sent.borrow_mut())
    }

    /// The bare way: these commands again, and nothing made of the answers but that they are no refusals.
    #[allow(clippy::await_holding_refcell_ref, reason = "two use it by turns, never at once")]
    pub async fn play(&self, commands: &[Vec<u8>]) -> Result<(), Failure> {
        for command in commands {
            let answer = self.channel.borrow_mut().exchange(command).await?;
            if !answer.ends_with(&[0x90, 0x00]) && !answer.ends_with(&[0x6A, 0x88]) {
                return Err(format!("the bare way was refused: {:02X?}", answer.last_chunk::<2>()).into());
            }
        }
        Ok(())
    }
}

impl<C: Channel> Channel for Tape<C> {
    #[allow(clippy::await_holding_refcell_ref, reason = "two use it by turns, never at once")]
    async fn exchange(&mut self, apdu: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.sent.borrow_mut().push(apdu.to_vec());
        self.channel.borrow_mut().exchange(apdu).await
    }
}

/// So many turns each, the one after the other; before each turn what it needs, which is not counted.
pub fn by_turns(
    plan: &Plan,
    name: &str,
    calls: usize,
    mut before: impl FnMut() -> Result<(), Failure>,
    mut ours: impl AsyncFnMut() -> Result<(), Failure>,
    mut peer: impl AsyncFnMut() -> Result<(), Failure>,
) -> Result<(), Failure> {
    if !plan.wants(name) {
        return Ok(());
    }
    let (mut took_ours, mut took_peer) = (Vec::new(), Vec::new());
    for _ in 0..plan.work(calls).max(10) {
        before()?;
        let since = Instant::now();
        block_on(ours())?;
        took_ours.push(since.elapsed());
        before()?;
        let since = Instant::now();
        block_on(peer())?;
        took_peer.push(since.elapsed());
    }
    for part in [50, 95] {
        let (ours, peer) = (at(&mut took_ours, part), at(&mut took_peer, part));
        print(&format!("{name}_p{part}"), 1.0 / ours.as_secs_f64(), 1.0 / peer.as_secs_f64(), None);
        println!("    {name}_p{part}: ours {ours:.1?}, peer {peer:.1?}");
    }
    Ok(())
}

fn at(times: &mut [Duration], part: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * part / 100).min(times.len() - 1)]
}
