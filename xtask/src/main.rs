//! The project's own commands: `cargo xtask run | test | tidy | bench | docs | fuzz`. Standard library alone: builds in seconds.
#![allow(clippy::print_stdout, reason = "a command line tool speaks on stdout")]

mod bench;
mod command;
mod deb;
mod docs;
mod fuzz;
mod interrupt;
mod place;
mod prepare;
mod run;
mod test;
mod tidy;

use place::Place;
use std::process::ExitCode;

const USAGE: &str = "cargo xtask <command>

  run [--check] [--browser] [--release]
                  builds everything, starts the office and the outside world, prints where to look
    --check       the same on free ports: waits until ready, says so in one line and stops
    --browser     opens Chromium with the key extension, for the producer's desk
    --release     a small browser bundle and a fast office
  test [stage …]  everything that must hold; stops at the first stage that fails
  test --kernel   the laws of a key on a Linux kernel of its own, with USB ports: real Chromium over them
  fuzz [target …] [--seconds N]
                  random octets for whatever reads what strangers send; 300 s a target unless told
  tidy            the rules of the house alone: who may import whom, sizes, names, live links
  bench issue|status|sm2|key|pieces [--quick] [figure …]
                  how fast the authority is beside its peers: a line a figure, per second of the server's CPU
  deb [--office FILE …]
                  the helper as a Debian package, for the computers of these offices (their /helper/office.json)
  docs            writes the generated pages of docs/ anew";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match obey(&Place::here(), &words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            if !message.is_empty() {
                println!("{message}");
            }
            ExitCode::FAILURE
        }
    }
}

fn obey(place: &Place, words: &[&str]) -> Result<(), String> {
    match words {
        ["run", options @ ..] => run::run(place, run_options(options)?),
        ["test", "--kernel"] => test::kernel::run(place),
        ["test", stages @ ..] => test::run(place, stages),
        ["bench", what @ ("issue" | "status" | "sm2" | "key" | "pieces"), words @ ..] => {
            bench::run(place, what, words)
        }
        ["tidy"] => tidy::run(&place.root),
        ["deb", words @ ..] => deb::run(place, words),
        ["docs"] => docs::run(place),
        ["fuzz", words @ ..] => fuzz::run(place, words),
        _ => Err(USAGE.to_owned()),
    }
}

fn run_options(words: &[&str]) -> Result<run::Options, String> {
    let mut options = run::Options::default();
    for word in words {
        match *word {
            "--check" => options.check = true,
            "--browser" => options.browser = true,
            "--release" => options.release = true,
            _ => return Err(format!("run does not know {word}\n\n{USAGE}")),
        }
    }
    Ok(options)
}
