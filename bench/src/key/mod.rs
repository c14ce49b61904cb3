//! Owns: how long a signature and a whole double certificate take on each way to a key, beside the bare way with the same
//! bytes.
//! Never: a key of somebody's; soft keys in a folder of their own.
//! Start at: `run`, then `measure.rs`; `stands.rs` sets each way up.
//!
//! Ours is the session of the helper; the peer is its channel alone, which carries the commands that ours has sent, in the
//! same session and by turns with it. SKF has no bytes to send again: there the peer is the same library without the
//! process around it. In a page of real Chromium (`page.rs`) ours is the counter's own code, and the clock is the page's;
//! this program is then one end of a line that `end2end/key.bench.ts` carries. `N` are operations a second, from the median (p50) and from the 95th of a hundred (p95).

mod measure;
mod page;
mod stands;

use crate::{Failure, Plan};
use std::process::Command;

/// Under the shim, or with the folder of an SKF library, a program must be started: this one, again, for one way.
const WAY: &str = "CERTHALL_BENCH_WAY";
const KEYS: &str = "CERTHALL_SOFT_SKF";

pub fn run(plan: &Plan) -> Result<(), Failure> {
    if let Some(way) = std::env::var_os(WAY) {
        let keys = std::env::var_os(KEYS).ok_or("no folder of keys")?;
        return match &*way.to_string_lossy() {
            way @ ("webhid" | "webusb") => page::measure(plan, way, keys.as_ref()),
            way => stands::measure_here(plan, way, keys.as_ref()),
        };
    }
    for way in ["soft", "hid", "card", "skf"] {
        let dir = stands::shelf()?;
        let keys = dir.path().join("keys");
        let around = stands::set_up(way, dir.path(), &keys)?;
        let mut again = Command::new(std::env::current_exe()?);
        again.args(std::env::args_os().skip(1)).env(WAY, way).env(KEYS, &keys);
        again.envs(around.environment.iter().map(|(name, value)| (name, value)));
        if !again.status()?.success() {
            return Err(format!("the way {way} failed").into());
        }
    }
    Ok(())
}
