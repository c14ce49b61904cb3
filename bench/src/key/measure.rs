//! Turns of ours and of the peer, and what they took.

use crate::figure::print;
use crate::{Failure, Plan};
use futures::executor::block_on;
use std::time::{Duration, Instant};

/// How long it takes here.
pub async fn timed(work: impl AsyncFnOnce() -> Result<(), Failure>) -> Result<Duration, Failure> {
    let since = Instant::now();
    work().await?;
    Ok(since.elapsed())
}

/// So many turns each, the one after the other, and what each says it took; before each turn what it needs, which is not
/// counted.
pub fn by_turns(
    plan: &Plan,
    name: &str,
    calls: usize,
    mut before: impl FnMut() -> Result<(), Failure>,
    mut ours: impl AsyncFnMut() -> Result<Duration, Failure>,
    mut peer: impl AsyncFnMut() -> Result<Duration, Failure>,
) -> Result<(), Failure> {
    if !plan.wants(name) {
        return Ok(());
    }
    let (mut took_ours, mut took_peer) = (Vec::new(), Vec::new());
    for _ in 0..plan.work(calls).max(10) {
        before()?;
        took_ours.push(block_on(ours())?);
        before()?;
        took_peer.push(block_on(peer())?);
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
