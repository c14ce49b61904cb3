//! The project's own commands: `cargo xtask run | test | tidy | docs`. Standard library only, so that it builds in seconds.
#![allow(clippy::print_stdout, reason = "a command line tool speaks on stdout")]

mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "cargo xtask <command>

  run             builds everything, starts the office and the outside world, prints where to look
    --check       the same on free ports, waits until ready, says so in one line and stops
    --browser     opens Chromium with the key extension, for the producer's desk
    --release     builds the browser bundle small and the office fast
  test            everything that must hold: form, rules, tests, browser walks; stops at the first failure
  tidy            the rules of the house alone (who may import whom, sizes, names, live links)
  docs            writes the generated pages of docs/ anew";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let root = root();
    let result = match words.as_slice() {
        ["tidy"] => tidy::run(&root),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the work tree: the folder above this crate.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}
