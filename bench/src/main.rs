//! The speed of the authority, measured beside its peers in one run on one machine.
//!
//! `cargo xtask bench issue | status | key` builds the office and this program in release and starts it. Every figure is work
//! for each second of CPU time that the *server* under test used (all its threads, from `/proc/PID/stat`), so that
//! neither the load generator nor a busy machine counts. Ours and the peer's turns alternate; the median of the rounds
//! is taken. A line for each figure: `bench NAME ours=N peer=N ratio=N`.
#![allow(clippy::print_stdout, reason = "a command line tool speaks on stdout")]

mod bound;
mod cfssl;
mod cpu;
mod dice;
mod figure;
mod fill;
mod issue;
mod key;
mod load;
mod office;
mod pieces;
mod requests;
mod status;

use std::path::PathBuf;
use std::process::ExitCode;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

const USAGE: &str = "bench issue|status|sm2|key|pieces|open --server PROGRAM [--quick] [NAME …]

  Prints a line for each figure; with names, only those. `open` measures nothing: it sees that the office opens.
  --quick           a tenth of the work: to see that it runs, not to know how fast
  --connections N   of the load generator to either side (128)";

/// What is to be measured, and with what.
pub struct Plan {
    pub server: PathBuf,
    /// Divides the work of a round.
    pub quick: bool,
    /// Of either side: group commit and Go's scheduler both like company.
    pub connections: usize,
    /// Only these figures; all if empty.
    pub names: Vec<String>,
}

impl Plan {
    pub fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|wanted| wanted == name)
    }

    /// So much work in a round.
    pub fn work(&self, calls: usize) -> usize {
        if self.quick { calls / 10 } else { calls }
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    // One thread: the generator must not crowd out the server on a small machine.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.map_err(Failure::from).and_then(|runtime| runtime.block_on(obey(&words))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            println!("{failure}");
            ExitCode::FAILURE
        }
    }
}

async fn obey(words: &[String]) -> Result<(), Failure> {
    let mut words = words.iter();
    let what = words.next().ok_or(USAGE)?;
    let mut plan = Plan { server: PathBuf::new(), quick: false, connections: 128, names: Vec::new() };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--server" => plan.server = words.next().ok_or(USAGE)?.into(),
            "--quick" => plan.quick = true,
            "--connections" => plan.connections = words.next().ok_or(USAGE)?.parse()?,
            name if !name.starts_with('-') => plan.names.push(name.to_owned()),
            _ => return Err(USAGE.into()),
        }
    }
    match what.as_str() {
        "issue" => issue::run(&plan).await,
        "status" => status::run(&plan).await,
        "key" => key::run(&plan),
        "open" => open_and_close(&plan).await,
        "sm2" => {
            bound::table();
            Ok(())
        }
        "pieces" => pieces::table(),
        _ => Err(USAGE.into()),
    }
}

/// The office takes the settings that are written here; in the test command, so that no new setting closes the benchmarks.
async fn open_and_close(plan: &Plan) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    office::House::build(&plan.server, folder.path().join("office"))?.open().await?.close().await
}
